/** For tests: a document with a node per expression or file, compiled, and calls of it. */
import type { Json } from "#sdk";
import { compileVersion } from "../compile.ts";
import { documentSchema, type PlaybookDocument } from "#format";
import type { Bundle, CodeCall, CodeHost, CodeResult } from "../types.ts";

/** @param inputs node id → its input bindings. */
export function documentWith(inputs: Record<string, Record<string, { expr: string } | { file: string } | { value: Json }>>): PlaybookDocument {
  return documentSchema.parse({ format: 1, name: "test", nodes: Object.entries(inputs).map(([id, input]) => ({ id, type: "core.set", input })), edges: [] });
}

/** @param files name → source: `loop` becomes code/loop.ts, used by a node of its own. @throws Error with the problems. */
export async function bundleOf(files: Record<string, string>, expressions: Record<string, Record<string, string>> = {}): Promise<Bundle> {
  const inputs = {
    ...Object.fromEntries(Object.keys(files).map((name, index) => [`file${index}`, { value: { file: `code/${name}.ts` } }])),
    ...Object.fromEntries(Object.entries(expressions).map(([id, fields]) => [id, Object.fromEntries(Object.entries(fields).map(([field, expr]) => [field, { expr }]))])),
  };
  const result = await compileVersion({ document: documentWith(inputs), files: Object.fromEntries(Object.entries(files).map(([name, source]) => [`code/${name}.ts`, source])) });
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join("\n"));
  return result.bundle;
}

/** @param name a file's name, or `expr:<node>`. */
export function runner(host: CodeHost, bundle: Bundle, defaults: Partial<CodeCall> = {}): (name: string, more?: Partial<CodeCall>) => Promise<CodeResult> {
  return (name, more = {}) => host.call({ tenantId: "tenant", bundle, entry: name.startsWith("expr:") ? name : `file:code/${name}.ts`, scope: {}, timeoutMs: 1000, ...defaults, ...more });
}
