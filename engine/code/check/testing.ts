/** Playbooks in few words, for tests of the checker. */
import { parseDocument } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import type { TypeCheckInput } from "./index.ts";

type Input = Record<string, { expr: string } | { file: string } | { value: unknown }>;

export interface Sketch extends Partial<Pick<TypeCheckInput, "packagesDir" | "timeoutMs" | "turn" | "replaces">> {
  /** Nodes are core.set unless they say. */
  nodes: Record<string, { type?: string; input?: Input; config?: object; onFailure?: unknown; join?: unknown; in?: string }>;
  /** "a.port -> b"; absent: one after the other. */
  edges?: string[];
  files?: Record<string, string>;
  vars?: object;
  on?: string;
  /** Of a manual start. */
  form?: object[];
}

export function sketch({ nodes, edges, files = {}, vars = {}, on = "alert", form, ...options }: Sketch): TypeCheckInput {
  const ids = Object.keys(nodes);
  const texts = edges ?? ids.map((id, index) => `${ids[index - 1] ?? "trigger"} -> ${id}`);
  const document = parseDocument({
    format: 1, name: "x", vars, trigger: { on, ...(form && { form }) },
    nodes: Object.entries(nodes).map(([id, node]) => ({ id, type: "core.set", ...node })),
    edges: texts.map((text, index) => {
      const [from, to] = text.split(" -> ") as [string, string];
      const [id, port = "out"] = from.split(".");
      return { id: `e${index}`, from: id, port, to };
    }),
  });
  return { document, files, shapeOf, ...options };
}

export const code = (file: string): Sketch["nodes"][string] => ({ type: "core.code", input: { result: { file } } });

/** Types that keep TypeScript busy for half a minute. */
export const ENDLESS_TYPES = `type Cross<A, B> = A extends unknown ? (B extends unknown ? [A, B] : never) : never;
type D = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Grow<T, N extends unknown[] = []> = N["length"] extends 900 ? T : Grow<T extends [infer A] ? [A | N["length"]] : [T], [...N, D]>;
${Array.from({ length: 4000 }, (_, index) => `export const v${index} = (null! as Grow<${index}>) satisfies Cross<Grow<D & ${index % 10}>, ${index}>;`).join("\n")}
export default () => 1;`;
