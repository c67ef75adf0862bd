/** esbuild's whole world: the playbook's files, one module per expression, and the administrator's packages folder. Nothing else resolves. */
import { readFile, realpath } from "node:fs/promises";
import { extname, join, posix, relative, sep } from "node:path";
import type { Loader, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { builtinName, isRefused } from "../node-builtins.ts";
import type { Profile } from "../profile.ts";
import { type Expression, expressionModule } from "./expressions.ts";

/** Module → who imported it first, and as what. Filled while esbuild resolves. */
export type ModuleGraph = Map<string, { importer: string; specifier: string }>;

export interface ModuleSources {
  profile: Profile;
  entry: string;
  expressions: readonly Expression[];
  files: Readonly<Record<string, string>>;
  /** Folder in which an administrator ran `npm install`; undefined where there is none. */
  packagesDir: string | undefined;
  graph: ModuleGraph;
}

/** The reasons a module cannot be had; carried as esbuild's error detail, so that nothing has to read a message. */
export interface ImportFault {
  code: "missing-file" | "missing-package" | "needs-node" | "forbidden-import";
}

const LOADERS: Record<string, Loader> = { ".ts": "ts", ".mts": "ts", ".js": "js", ".mjs": "js", ".cjs": "js", ".json": "json" };
export const ENTRY = "entry";

const refuse = (code: ImportFault["code"], text: string): OnResolveResult => ({ errors: [{ text, detail: { code } satisfies ImportFault }] });

export function playbookModules(sources: ModuleSources): Plugin {
  const expressions = new Map(sources.expressions.map((expression) => [expression.path, expression.source]));
  return {
    name: "playbook",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind === "entry-point") return { path: ENTRY, namespace: "entry" };
        if (args.pluginData === INSIDE_PACKAGES) return undefined; // our own build.resolve below: esbuild's resolver answers
        if (args.namespace === "entry") {
          return args.path.startsWith("expr:") ? { path: args.path, namespace: "expression" } : { path: args.path, namespace: "playbook" };
        }
        if (args.namespace === "expression") return refuse("forbidden-import", "an expression cannot import: move it to a code file");
        const isFile = args.namespace === "playbook" && args.path.startsWith(".");
        const resolved = isFile ? resolveFile(sources.files, args.importer, args.path) : await resolvePackage(build, sources, args.path, args.namespace === "package" ? args.importer : undefined, args.kind);
        if (resolved.path !== undefined && !sources.graph.has(resolved.path)) sources.graph.set(resolved.path, { importer: args.importer, specifier: args.path });
        return resolved;
      });
      build.onLoad({ filter: /.*/, namespace: "entry" }, () => ({ contents: sources.entry, loader: "js" }));
      build.onLoad({ filter: /.*/, namespace: "expression" }, ({ path }) => ({ contents: expressionModule(expressions.get(path)!), loader: "ts" }));
      build.onLoad({ filter: /.*/, namespace: "playbook" }, ({ path }) => ({ contents: sources.files[path]!, loader: "ts" }));
      build.onLoad({ filter: /.*/, namespace: "package" }, async ({ path }) => {
        const loader = LOADERS[extname(path)];
        if (!loader) return { errors: [{ text: `${path} is neither JavaScript nor JSON`, detail: { code: "needs-node" } satisfies ImportFault }] };
        return { contents: await readFile(join(sources.packagesDir!, path), "utf8"), loader };
      });
      build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "", loader: "js" }));
    },
  };
}

/** `./score`, `./score.ts` and `./score.js` all mean code/score.ts. */
function resolveFile(files: Readonly<Record<string, string>>, importer: string, path: string): OnResolveResult {
  const target = posix.join(posix.dirname(importer), path);
  const found = [target, `${target}.ts`, target.replace(/\.js$/, ".ts")].find((each) => Object.hasOwn(files, each));
  return found === undefined ? refuse("missing-file", `the file ${target} does not exist`) : { path: found, namespace: "playbook" };
}

const INSIDE_PACKAGES = Symbol("inside the packages folder");
const URL_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/** @param importer the package's module that asks; undefined where the author's file does. */
async function resolvePackage(build: PluginBuild, { profile, packagesDir }: ModuleSources, path: string, importer: string | undefined, kind: string): Promise<OnResolveResult> {
  const name = importer !== undefined && path.startsWith(".") ? path : packageName(path);
  const builtin = builtinName(path);
  const needsNode = () => refuse("needs-node", `${importer === undefined ? "" : `the package ${packageOf(importer)} needs Node: `}"${path}" exists only in the Node profile: let a Code node run this file, with its setting "Runs in" at "node"`);
  if (builtin !== undefined && profile === "node") {
    // A package may only try to load it; what it then gets is an error that it can catch.
    if (importer === undefined && isRefused(builtin)) return refuse("forbidden-import", `"${path}" is not available to code, in the Node profile either`);
    return { path: `node:${builtin}`, external: true };
  }
  if (path.startsWith("node:")) return needsNode();
  if (path.startsWith("/") || URL_SCHEME.test(path)) return refuse("forbidden-import", `"${path}" cannot be imported: only files of the playbook and installed packages can`);
  if (packagesDir !== undefined) {
    const root = await realpath(packagesDir);
    const resolved = await build.resolve(path, {
      resolveDir: importer === undefined ? root : join(root, posix.dirname(importer)),
      kind: kind === "require-call" || kind === "dynamic-import" || kind === "require-resolve" ? kind : "import-statement",
      pluginData: INSIDE_PACKAGES,
    });
    // esbuild climbs to every node_modules above the folder: what lies outside is not the administrator's choice.
    if (resolved.errors.length === 0 && resolved.path.startsWith(root + sep)) {
      const inside = relative(root, resolved.path).split(sep).join("/");
      if (resolved.namespace === "file") return { path: inside, namespace: "package", sideEffects: resolved.sideEffects };
      // A package says `"fs": false` for browsers: an empty module in its place.
      return { path: inside, namespace: "empty" };
    }
  }
  if (builtin !== undefined) return needsNode();
  return refuse("missing-package", `the package "${name}" is not installed${packagesDir === undefined ? " (no packages folder is set up)" : ""}`);
}

const packageName = (path: string): string => path.split("/", path.startsWith("@") ? 2 : 1).join("/");

const packageOf = (path: string): string => packageName(path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
