/** Monaco's modules that come without types, and the addresses of what bin/monaco-plugin.ts makes. */

declare module "virtual:monaco" {
  /** Addresses. */
  export const editor: string;
  export const styles: string;
  export const editorWorker: string;
  export const typescriptWorker: string;
}

declare module "monaco-editor/editor/editor.api.js" {
  export * from "monaco-editor";
}
declare module "monaco-editor/editor/editor.worker.js";
declare module "monaco-editor/features/register.all.js";
declare module "monaco-editor/languages/definitions/typescript/register.js";

declare module "monaco-editor/internal/common/initialize.js" {
  export function initialize<T>(create: (context: import("monaco-editor").worker.IWorkerContext, data: T) => object): void;
}

declare module "monaco-editor/languages/features/typescript/tsWorker.js" {
  import type ts from "typescript";

  export interface CreateData {
    compilerOptions: ts.CompilerOptions;
    extraLibs: Record<string, { content: string; version: number }>;
  }

  /** The host of a language service and what answers the page. Offsets are those of the models' texts. */
  export class TypeScriptWorker {
    constructor(context: import("monaco-editor").worker.IWorkerContext, data: CreateData);
    _extraLibs: CreateData["extraLibs"];
    _languageService: ts.LanguageService;
    _getModel(file: string): { version: number; getValue(): string } | null;
    _getScriptText(file: string): string | undefined;
    getScriptFileNames(): string[];
    getScriptVersion(file: string): string;
    static clearFiles(diagnostics: readonly ts.Diagnostic[]): Diagnostic[];
    getSyntacticDiagnostics(file: string): Promise<Diagnostic[]>;
    getSemanticDiagnostics(file: string): Promise<Diagnostic[]>;
    getSuggestionDiagnostics(file: string): Promise<Diagnostic[]>;
    getCompletionsAtPosition(file: string, offset: number): Promise<ts.CompletionInfo | undefined>;
    getCompletionEntryDetails(file: string, offset: number, entry: string): Promise<ts.CompletionEntryDetails | undefined>;
    getSignatureHelpItems(file: string, offset: number, options: ts.SignatureHelpItemsOptions | undefined): Promise<ts.SignatureHelpItems | undefined>;
    getQuickInfoAtPosition(file: string, offset: number): Promise<ts.QuickInfo | undefined>;
    getDocumentHighlights(file: string, offset: number, files: string[]): Promise<readonly ts.DocumentHighlights[] | undefined>;
    getDefinitionAtPosition(file: string, offset: number): Promise<readonly ts.DefinitionInfo[] | undefined>;
    getReferencesAtPosition(file: string, offset: number): Promise<readonly ts.ReferenceEntry[] | undefined>;
    getNavigationTree(file: string): Promise<ts.NavigationTree | undefined>;
    getFormattingEditsForDocument(file: string, options: ts.FormatCodeSettings): Promise<readonly ts.TextChange[]>;
    getFormattingEditsForRange(file: string, start: number, end: number, options: ts.FormatCodeSettings): Promise<readonly ts.TextChange[]>;
    getFormattingEditsAfterKeystroke(file: string, offset: number, key: string, options: ts.FormatCodeSettings): Promise<readonly ts.TextChange[]>;
    findRenameLocations(file: string, offset: number, inStrings: boolean, inComments: boolean, withAffixes: boolean): Promise<readonly ts.RenameLocation[] | undefined>;
    getRenameInfo(file: string, offset: number, options: ts.UserPreferences): Promise<ts.RenameInfo>;
    getCodeFixesAtPosition(file: string, start: number, end: number, codes: number[], options: ts.FormatCodeSettings): Promise<readonly ts.CodeFixAction[]>;
    provideInlayHints(file: string, start: number, end: number): Promise<readonly ts.InlayHint[]>;
  }

  /** A diagnostic that can cross to the page. */
  export interface Diagnostic extends Omit<ts.Diagnostic, "file" | "relatedInformation"> {
    file: { fileName: string } | undefined;
    relatedInformation?: (Omit<ts.DiagnosticRelatedInformation, "file"> & { file: { fileName: string } | undefined })[];
  }
}

declare module "monaco-editor/languages/features/typescript/lib/typescriptServices.js" {
  /** Monaco's own copy. */
  export const typescript: typeof import("typescript");
}
