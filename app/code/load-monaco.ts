/** Monaco comes when somebody opens an editor, once, and stays. Its parts are files of their own (bin/monaco-plugin.ts). */
import { COMPILER_OPTIONS } from "./monaco/compiler-options.ts";
import type * as Parts from "./monaco/editor.ts";
import { chooseTheme } from "./theme.ts";

export type Monaco = typeof Parts;

let loading: Promise<Monaco> | undefined;
let loaded: Monaco | undefined;

/** What is there already, for an editor that should not blink. */
export const loadedMonaco = (): Monaco | undefined => loaded;

/** @throws when a file cannot be had; the next call tries again. */
export function loadMonaco(): Promise<Monaco> {
  return (loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  }));
}

async function load(): Promise<Monaco> {
  const { editor, styles, editorWorker, typescriptWorker } = await import("virtual:monaco");
  Object.assign(globalThis, {
    MonacoEnvironment: { getWorker: (_: string, label: string) => new Worker(label === "typescript" ? typescriptWorker : editorWorker, { type: "module", name: `monaco ${label}` }) },
  });
  const [monaco] = await Promise.all([import(/* @vite-ignore */ editor) as Promise<Monaco>, addStyles(styles)]);
  configure(monaco);
  loaded = monaco;
  return monaco;
}

function addStyles(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: () => resolve(), onerror: () => reject(new Error(`${href} cannot be had`)) });
    document.head.append(link);
  });
}

function configure(monaco: Monaco): void {
  const { typescriptDefaults } = monaco.typescript;
  typescriptDefaults.setCompilerOptions(COMPILER_OPTIONS);
  typescriptDefaults.setDiagnosticsOptions({ onlyVisible: true });
  typescriptDefaults.setEagerModelSync(true);
  chooseTheme(monaco);
}
