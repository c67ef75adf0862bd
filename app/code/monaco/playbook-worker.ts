/** Monaco's TypeScript, which reads through lenses: every offset that comes in is turned inward, every one that goes out outward. */
import { typescript } from "monaco-editor/languages/features/typescript/lib/typescriptServices.js";
import { type Diagnostic, TypeScriptWorker } from "monaco-editor/languages/features/typescript/tsWorker.js";
import type ts from "typescript";
import { insertInto } from "#format/code-file.ts";
import { insertionsFor, Lens, type Span, type Wrappers } from "./lenses.ts";
import { EXPRESSIONS, ROOT, WRAPPERS } from "./paths.ts";

const NOTHING: Wrappers = { nodes: {}, scopes: {} };
const WHOLE = new Lens([]);
const SCOPE = new Set(["steps", "alert", "trigger", "vars", "run", "item"]);
/** What the text around an expression brings along. */
const BROUGHT = new Set(["value", "AlertView", "Result", "Run", "Scope", "StepFailure", "Untyped"]);

/** As the server's check: a type that nobody said is worth knowing, and nothing is wrong yet (engine/code/check/problems.ts). */
function softened(diagnostic: Diagnostic): Diagnostic {
  const namesMissing = typeof diagnostic.messageText !== "string" && diagnostic.messageText.next?.[0]?.code === 2339;
  return diagnostic.code >= 7000 && diagnostic.code < 8000 && !namesMissing && diagnostic.category === typescript.DiagnosticCategory.Error ? { ...diagnostic, category: typescript.DiagnosticCategory.Warning } : diagnostic;
}

export class PlaybookWorker extends TypeScriptWorker {
  #wrappers: { version: number; content: Wrappers } = { version: -1, content: NOTHING };
  readonly #read = new Map<string, { key: string; text: string; lens: Lens }>();

  // --- what TypeScript reads

  /** Of the language service's host; asked while the base class is being made. */
  useCaseSensitiveFileNames(): boolean {
    return true;
  }

  override getScriptFileNames(): string[] {
    return super.getScriptFileNames().filter((file) => file.endsWith(".ts"));
  }

  override getScriptVersion(file: string): string {
    const own = super.getScriptVersion(file);
    return file.startsWith(ROOT) && this._getModel(file) ? `${own}.${this.#currentWrappers().version}` : own;
  }

  override _getScriptText(file: string): string | undefined {
    return this.#through(file)?.text ?? super._getScriptText(file);
  }

  /** @returns undefined for what is read as it is. */
  #through(file: string): { text: string; lens: Lens } | undefined {
    const model = file.startsWith(ROOT) ? this._getModel(file) : null;
    if (!model) return undefined;
    const { version, content } = this.#currentWrappers();
    const key = `${model.version}.${version}`;
    let read = this.#read.get(file);
    if (read?.key !== key) {
      const written = model.getValue();
      const insertions = insertionsFor(typescript, file, written, content) ?? [];
      read = { key, text: insertInto(written, insertions), lens: new Lens(insertions) };
      this.#read.set(file, read);
    }
    return read;
  }

  #currentWrappers() {
    const library = this._extraLibs[WRAPPERS];
    if (library && library.version !== this.#wrappers.version) this.#wrappers = { version: library.version, content: JSON.parse(library.content) as Wrappers };
    return this.#wrappers;
  }

  #lens = (file: string): Lens => this.#through(file)?.lens ?? WHOLE;
  #in = (file: string, offset: number): number => this.#lens(file).inward(offset);
  #out = (file: string, span: Span): Span | undefined => this.#lens(file).outward(span);

  /** Entries whose spans the author wrote, with the spans turned outward. */
  #written<T extends { fileName: string; textSpan: ts.TextSpan }>(entries: readonly T[] | undefined): T[] | undefined {
    return entries?.flatMap((entry) => {
      const textSpan = this.#out(entry.fileName, entry.textSpan);
      return textSpan ? [{ ...entry, textSpan, contextSpan: undefined }] : [];
    });
  }

  #changes(file: string, changes: readonly ts.TextChange[]): ts.TextChange[] {
    return changes.flatMap((change) => {
      const span = this.#out(file, change.span);
      return span ? [{ ...change, span }] : [];
    });
  }

  // --- what the page asks

  override getSyntacticDiagnostics = async (file: string): Promise<Diagnostic[]> => this.#diagnostics(file, this._languageService.getSyntacticDiagnostics(file));
  override getSemanticDiagnostics = async (file: string): Promise<Diagnostic[]> => this.#diagnostics(file, this._languageService.getSemanticDiagnostics(file));
  override getSuggestionDiagnostics = async (file: string): Promise<Diagnostic[]> => this.#diagnostics(file, this._languageService.getSuggestionDiagnostics(file));

  #diagnostics(file: string, found: readonly ts.Diagnostic[]): Diagnostic[] {
    const { lens } = this.#through(file) ?? {};
    const diagnostics = TypeScriptWorker.clearFiles(found).map(softened).map((diagnostic) => {
      const related = diagnostic.relatedInformation?.flatMap((info) => {
        const span = info.file && info.start !== undefined ? this.#out(info.file.fileName, { start: info.start, length: info.length ?? 0 }) : undefined;
        return span ? [{ ...info, ...span }] : [];
      });
      return { ...diagnostic, ...(related ? { relatedInformation: related } : {}) };
    });
    if (!lens) return diagnostics;
    const written = diagnostics.flatMap((diagnostic) => {
      const span = lens.outward({ start: diagnostic.start ?? 0, length: diagnostic.length ?? 0 });
      return span ? [{ ...diagnostic, ...span }] : [];
    });
    if (written.length > 0 || !file.startsWith(EXPRESSIONS)) return written;
    // Behind an expression stands what its field wants: the whole of it is meant, unless something in it explains that already.
    const behind = diagnostics.filter(({ category, start = 0 }) => category === typescript.DiagnosticCategory.Error && start > lens.inward(0));
    return behind.slice(0, 1).map((diagnostic) => ({ ...diagnostic, start: 0, length: this._getModel(file)?.getValue().length ?? 0 }));
  }

  override async getCompletionsAtPosition(file: string, offset: number): Promise<ts.CompletionInfo | undefined> {
    const info = await super.getCompletionsAtPosition(file, this.#in(file, offset));
    if (!info) return undefined;
    const isExpression = file.startsWith(EXPRESSIONS);
    const entries = info.entries.filter(({ name }) => !isExpression || info.isMemberCompletion || !BROUGHT.has(name)).map((entry) => {
      const replacementSpan = entry.replacementSpan && this.#out(file, entry.replacementSpan);
      return { ...entry, ...(replacementSpan ? { replacementSpan } : {}), ...(isExpression && SCOPE.has(entry.name) ? { sortText: "0" } : {}) };
    });
    return { ...info, entries };
  }

  override getCompletionEntryDetails = (file: string, offset: number, entry: string) => super.getCompletionEntryDetails(file, this.#in(file, offset), entry);

  override async getSignatureHelpItems(file: string, offset: number, options: ts.SignatureHelpItemsOptions | undefined) {
    return super.getSignatureHelpItems(file, this.#in(file, offset), options);
  }

  override async getQuickInfoAtPosition(file: string, offset: number) {
    const info = await super.getQuickInfoAtPosition(file, this.#in(file, offset));
    const textSpan = info && this.#out(file, info.textSpan);
    return info && textSpan ? { ...info, textSpan } : undefined;
  }

  override async getDocumentHighlights(file: string, offset: number, files: string[]) {
    const found = await super.getDocumentHighlights(file, this.#in(file, offset), files);
    return found?.map((each) => ({ ...each, highlightSpans: each.highlightSpans.flatMap((highlight) => {
      const textSpan = this.#out(each.fileName, highlight.textSpan);
      return textSpan ? [{ ...highlight, textSpan }] : [];
    }) }));
  }

  override getDefinitionAtPosition = async (file: string, offset: number) => this.#written(await super.getDefinitionAtPosition(file, this.#in(file, offset)));
  override getReferencesAtPosition = async (file: string, offset: number) => this.#written(await super.getReferencesAtPosition(file, this.#in(file, offset)));

  override async getNavigationTree(file: string): Promise<ts.NavigationTree | undefined> {
    if (file.startsWith(EXPRESSIONS)) return undefined;
    const tree = await super.getNavigationTree(file);
    return tree && this.#tree(file, tree);
  }

  #tree(file: string, tree: ts.NavigationTree): ts.NavigationTree {
    return {
      ...tree,
      spans: tree.spans.flatMap((span) => this.#out(file, span) ?? []),
      ...(tree.childItems ? { childItems: tree.childItems.map((child) => this.#tree(file, child)) } : {}),
    };
  }

  // The formatter would indent an expression by the lines around it.
  override getFormattingEditsForDocument = async (file: string, options: ts.FormatCodeSettings) => (file.startsWith(EXPRESSIONS) ? [] : this.#changes(file, await super.getFormattingEditsForDocument(file, options)));
  override getFormattingEditsForRange = async (file: string, start: number, end: number, options: ts.FormatCodeSettings) =>
    (file.startsWith(EXPRESSIONS) ? [] : this.#changes(file, await super.getFormattingEditsForRange(file, this.#in(file, start), this.#in(file, end), options)));
  override getFormattingEditsAfterKeystroke = async (file: string, offset: number, key: string, options: ts.FormatCodeSettings) =>
    (file.startsWith(EXPRESSIONS) ? [] : this.#changes(file, await super.getFormattingEditsAfterKeystroke(file, this.#in(file, offset), key, options)));

  /** Expressions that are not open exist only inside of declarations, which nobody can edit: names are changed in files. */
  override async findRenameLocations(file: string, offset: number, inStrings: boolean, inComments: boolean, withAffixes: boolean) {
    const found = this.#written(await super.findRenameLocations(file, this.#in(file, offset), inStrings, inComments, withAffixes));
    return found?.filter(({ fileName }) => this._getModel(fileName) !== null);
  }

  override async getRenameInfo(file: string, offset: number, options: ts.UserPreferences): Promise<ts.RenameInfo> {
    const info = await super.getRenameInfo(file, this.#in(file, offset), options);
    if (!info.canRename) return info;
    const triggerSpan = this.#out(file, info.triggerSpan);
    return triggerSpan ? { ...info, triggerSpan } : { canRename: false, localizedErrorMessage: "This name cannot be changed here" };
  }

  override async getCodeFixesAtPosition(file: string, start: number, end: number, codes: number[], options: ts.FormatCodeSettings) {
    const fixes = await super.getCodeFixesAtPosition(file, this.#in(file, start), this.#in(file, end), codes, options);
    return fixes.map((fix) => ({ ...fix, changes: fix.changes.filter(({ fileName }) => this._getModel(fileName) !== null).map((change) => ({ ...change, textChanges: this.#changes(change.fileName, change.textChanges) })) }));
  }

  override provideInlayHints = async (): Promise<readonly ts.InlayHint[]> => [];

  /** What a file's default export gives, awaited, as text; undefined where it is no function. */
  async getReturnType(file: string): Promise<string | undefined> {
    const program = this._languageService.getProgram();
    const source = program?.getSourceFile(file);
    if (!program || !source) return undefined;
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(source);
    const exported = module && checker.getExportsOfModule(module).find(({ name }) => name === "default");
    const target = exported && (exported.flags & typescript.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported);
    const signature = target && checker.getTypeOfSymbolAtLocation(target, source).getCallSignatures()[0];
    if (!signature) return undefined;
    const type = checker.getAwaitedType(signature.getReturnType()) ?? signature.getReturnType();
    const print = (each: ts.Type): string => checker.typeToString(each, source, typescript.TypeFormatFlags.NoTruncation);
    // A named type says nothing to who does not have it before them.
    const fields = type.flags & typescript.TypeFlags.Object && !checker.isArrayLikeType(type) && type.getCallSignatures().length === 0 ? checker.getPropertiesOfType(type) : [];
    if (fields.length === 0) return print(type);
    return `{\n${fields.map((field) => `  ${field.name}${field.flags & typescript.SymbolFlags.Optional ? "?" : ""}: ${print(checker.getTypeOfSymbolAtLocation(field, source))};`).join("\n")}\n}`;
  }
}
