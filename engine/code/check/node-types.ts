/** What the Node profile offers besides, as far as a check without Node's own types can tell: the names. */
import type { PlaybookDocument } from "#format";
import { allowedBuiltins } from "../node-builtins.ts";
import { profileOf } from "../profile.ts";

/** Node's own declarations (of some 2 MB) would contradict the isolate's globals, and a browser would have to load them. */
const GLOBALS = ["Buffer", "process", "setImmediate", "clearImmediate", "WebAssembly", "AbortController", "AbortSignal", "Request", "ReadableStream", "performance"];

/** @returns the text of a declaration file, or undefined where no node asks for the Node profile. */
export function nodeTypes({ nodes }: PlaybookDocument): string | undefined {
  if (!nodes.some((node) => profileOf(node) === "node")) return undefined;
  const modules = allowedBuiltins.flatMap((name) => [name, `node:${name}`]).map((name) => `declare module ${JSON.stringify(name)};`);
  return [...modules, ...GLOBALS.map((name) => `declare const ${name}: any;\ntype ${name} = any;`), "declare function require(name: string): any;", ""].join("\n");
}
