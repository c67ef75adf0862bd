/**
 * Monaco beside the pages' bundle: esbuild makes each of its three parts in a second, where Rollup takes minutes, and each is a file of
 * its own that nothing loads before an editor is opened. `virtual:monaco` says where they lie.
 */
import path from "node:path";
import { build } from "esbuild";
import type { Plugin } from "vite";

const ID = "virtual:monaco";
const FOLDER = path.resolve(import.meta.dirname, "../app/code/monaco");

/** Exports of `virtual:monaco` and what they are made of. */
const PARTS = { editor: "editor.ts", editorWorker: "editor-worker.ts", typescriptWorker: "typescript-worker.ts" };

export function monaco(): Plugin {
  let isServer = false;
  return {
    name: "playgraph:monaco",
    apply: "build",
    configResolved(config) {
      isServer = Boolean(config.build.ssr);
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    async load(id) {
      if (id !== `\0${ID}`) return undefined;
      const names = [...Object.keys(PARTS), "styles"];
      // No server renders an editor.
      if (isServer) return names.map((name) => `export const ${name} = "";`).join("\n");
      const made = await Promise.all(Object.entries(PARTS).map(async ([name, file]) => ({ name, outputs: await bundle(path.join(FOLDER, file)) })));
      const urls = made.flatMap(({ name, outputs }) => outputs.map(({ path: out, contents }) => {
        const isStyles = out.endsWith(".css");
        const asset = this.emitFile({ type: "asset", name: `monaco-${isStyles ? "styles.css" : `${name}.js`}`, source: contents });
        return `export const ${isStyles ? "styles" : name} = import.meta.ROLLUP_FILE_URL_${asset};`;
      }));
      return urls.join("\n");
    },
  };
}

async function bundle(entry: string) {
  const { outputFiles } = await build({
    entryPoints: [entry], bundle: true, write: false, outdir: "out", format: "esm", target: "es2022", minify: true, legalComments: "none", logLevel: "warning",
    loader: { ".ttf": "dataurl" },
  });
  return outputFiles;
}
