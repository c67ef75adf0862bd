/**
 * A playbook among Monaco's models: every code file, the expressions that are open, and around them what the server declares (the
 * world, a module per node, packages' types). Files are live: a change in one is seen in all at once. What comes from the document
 * follows the server's answer.
 */
import type { editor } from "monaco-editor";
import type { Declarations } from "#engine/code/check/index.ts";
import type { Draft } from "#format";
import type { Monaco } from "./load-monaco.ts";
import { expressionFile, ROOT, WRAPPERS } from "./monaco/paths.ts";
import type { PlaybookWorker } from "./monaco/playbook-worker.ts";
import { replaceText } from "./replace-text.ts";

export type CodeDraft = Pick<Draft, "document" | "files">;

/** Milliseconds after the last change of what the declarations are made of. */
const PAUSE = 400;

export class CodeProject {
  readonly monaco: Monaco;
  readonly #url: string;
  #draft: CodeDraft | undefined;
  /** What the declarations were last asked for. */
  #asked: { document: CodeDraft["document"]; imports: string } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  readonly #libraries = new Map<string, { text: string; remove(): void }>();

  constructor(monaco: Monaco, slug: string) {
    this.monaco = monaco;
    this.#url = `/api/v1/playbooks/${encodeURIComponent(slug)}/draft/declarations`;
  }

  /** Takes the draft as it is now. Texts that an editor shows are that editor's business. */
  update(draft: CodeDraft): void {
    if (draft.document === this.#draft?.document && draft.files === this.#draft.files) return;
    this.#draft = draft;
    let isNew = false;
    for (const [path, text] of Object.entries(draft.files)) {
      const model = this.#model(ROOT + path);
      if (!model) {
        this.monaco.editor.createModel(text, "typescript", this.monaco.Uri.parse(ROOT + path));
        isNew = true;
      } else if (!model.isAttachedToEditor()) replaceText(model, text);
    }
    for (const model of this.monaco.editor.getModels()) {
      const path = model.uri.toString();
      if (path.startsWith(`${ROOT}code/`) && !(path.slice(ROOT.length) in draft.files)) model.dispose();
    }
    if (isNew) void this.#sync();
    const imports = JSON.stringify(Object.entries(draft.files).map(([path, text]) => [path, importsOf(text)]));
    if (this.#asked?.document === draft.document && this.#asked.imports === imports) return;
    const isFirst = this.#asked === undefined;
    this.#asked = { document: draft.document, imports };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#declare(), isFirst ? 0 : PAUSE);
  }

  file(path: string): editor.ITextModel | null {
    return this.#model(ROOT + path);
  }

  /** The model of one field's expression, for as long as an editor shows it. */
  expression(node: string, field: string, text: string): editor.ITextModel {
    const uri = expressionFile(node, field);
    const model = this.#model(uri) ?? this.monaco.editor.createModel(text, "typescript", this.monaco.Uri.parse(uri));
    void this.#sync();
    return model;
  }

  /** The type of what a file's default export gives; undefined where it is no function. */
  async returnType(path: string): Promise<string | undefined> {
    const worker = (await this.#sync()) as PlaybookWorker | undefined;
    return worker?.getReturnType(ROOT + path);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    for (const { remove } of this.#libraries.values()) remove();
    for (const model of this.monaco.editor.getModels()) if (model.uri.toString().startsWith(ROOT)) model.dispose();
  }

  #model(uri: string): editor.ITextModel | null {
    return this.monaco.editor.getModel(this.monaco.Uri.parse(uri));
  }

  /** Tells the worker of every model: by itself it hears only of those that it is asked about. */
  async #sync(): Promise<object | undefined> {
    try {
      const worker = await this.monaco.typescript.getTypeScriptWorker();
      return await worker(...this.monaco.editor.getModels().map(({ uri }) => uri));
    } catch {
      // Before its first model is there, TypeScript is not set up; then that model brings all others along (eager sync).
      return undefined;
    }
  }

  async #declare(): Promise<void> {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    try {
      const response = await fetch(this.#url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ document: this.#draft!.document, files: this.#draft!.files }), signal: request.signal });
      if (response.ok) this.#take((await response.json()) as Declarations);
      // The next change asks again; until then what is known stays.
      else this.#asked = undefined;
    } catch {
      if (!request.signal.aborted) this.#asked = undefined;
    }
  }

  #take({ files, nodes, scopes }: Declarations): void {
    const { typescriptDefaults } = this.monaco.typescript;
    const texts = new Map([...Object.entries(files).map(([path, text]) => [ROOT + path, text] as const), [WRAPPERS, JSON.stringify({ nodes, scopes })] as const]);
    for (const [path, { remove }] of [...this.#libraries]) {
      if (texts.has(path)) continue;
      remove();
      this.#libraries.delete(path);
    }
    for (const [path, text] of texts) {
      if (this.#libraries.get(path)?.text === text) continue;
      const { dispose } = typescriptDefaults.addExtraLib(text, path);
      this.#libraries.set(path, { text, remove: dispose });
      // Made by looking at a definition; it would hide the newer text.
      this.#model(path)?.dispose();
    }
  }
}

/** The packages that a file imports, roughly: what may change which types are needed. */
const importsOf = (text: string): string[] => [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^."'][^"']*)["']/g)].map(([, name]) => name!);
