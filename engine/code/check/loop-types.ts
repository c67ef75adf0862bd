/** What a loop means for types: the item that its body sees, where it is in its list, what an iteration comes to, and what ends its rounds. */
import type { PlaybookDocument, PlaybookNode } from "#format";
import { modulePath, type NodeModule, type StepTypes, WORLD } from "./node-module.ts";
import { UNTYPED } from "./schema-type.ts";

type TypesOf = (id: string) => StepTypes | undefined;

/** The loops that a node is in, the innermost first. */
export function loopsAround({ nodes }: PlaybookDocument, node: PlaybookNode): string[] {
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const around: string[] = [];
  for (let at = node.in; at !== undefined && !around.includes(at); at = byId.get(at)?.in) around.push(at);
  return around;
}

/** @param values field → type of its value */
export function loopLines(document: PlaybookDocument, node: PlaybookNode, types: StepTypes, values: ReadonlyMap<string, string>, typesOf: TypesOf): string[] {
  // A draft may put nodes into what is no container: the structural check says so, and they are typed as well as they can be.
  if (!types.container && !document.nodes.some((each) => each.in === node.id)) return [];
  return [
    `export type LoopItem = ${itemType(types, values)};`,
    "export interface LoopPlace { item: LoopItem; index: number; total: number }",
    `export type LoopResult = ${resultType(document, node, typesOf)};`,
  ];
}

function itemType({ container }: StepTypes, values: ReadonlyMap<string, string>): string {
  if (!container) return UNTYPED;
  if (container.items === undefined) return "number";
  const list = values.get(container.items);
  return list === undefined ? UNTYPED : `NonNullable<${list}> extends readonly (infer E)[] ? E : ${UNTYPED}`;
}

/** Of the only node that nothing follows in the body its output; of several, by their ids (engine/loops.ts). */
function resultType({ nodes, edges }: PlaybookDocument, container: PlaybookNode, typesOf: TypesOf): string {
  const body = nodes.filter((node) => node.in === container.id);
  const last = body.filter(({ id }) => !edges.some(({ from }) => from === id));
  // A failed item that is only listed has no result.
  const mayFail = container.config["onItemFailure"] === "continue";
  const of = ({ id }: PlaybookNode): string => {
    const ports = typesOf(id)?.ports ?? [];
    const output = ports.length === 0 ? UNTYPED : ports.map((port) => `import("./${id}.ts").Ports[${JSON.stringify(port)}]`).join(" | ");
    return mayFail || !isCertain(id, body, edges, typesOf) ? `${output} | null` : output;
  };
  if (last.length === 1) return of(last[0]!);
  return `{ ${last.map((node) => `${node.id}: ${of(node)}`).join("; ")} }`;
}

/** Whether every iteration comes to it: by ways that do not depend on anything. */
function isCertain(id: string, body: readonly PlaybookNode[], edges: PlaybookDocument["edges"], typesOf: TypesOf, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(id)) return false;
  const node = body.find((each) => each.id === id);
  const incoming = edges.filter(({ to }) => to === id);
  if (incoming.length === 0) return true;
  if (node?.join !== undefined && node.join !== "any" && incoming.length > 1) return false;
  return incoming.some(({ from }) => (typesOf(from)?.ports.length ?? 0) === 1 && isCertain(from, body, edges, typesOf, new Set([...seen, id])));
}

export const UNTIL = "until";

/** What ends the rounds is evaluated after each, and sees the steps of that round. */
export function untilModule(document: PlaybookDocument, node: PlaybookNode, typesOf: TypesOf, broken: ReadonlySet<string>): NodeModule | undefined {
  const { until } = node;
  if (until === undefined) return undefined;
  const lines = untilPrefix(document, node, typesOf);
  const first = lines.length;
  const path = modulePath(`${node.id}.until`);
  if ("file" in until) {
    lines.push(`import $file from "../${until.file}";`, "$file satisfies (scope: Scope) => unknown;", "export const $0 = (null! as Result<typeof $file>) satisfies boolean;");
    return { node: node.id, path, text: `${lines.join("\n")}\n`, spans: [{ field: UNTIL, first, last: lines.length - 1, file: until.file }] };
  }
  const source = "value" in until ? JSON.stringify(until.value) : broken.has(UNTIL) ? `undefined as ${UNTYPED}` : until.expr;
  const written = source.split("\n");
  lines.push("export const $0 = () => (", ...written, ") satisfies boolean;");
  return { node: node.id, path, text: `${lines.join("\n")}\n`, spans: [{ field: UNTIL, first, last: lines.length - 1, ..."expr" in until ? { lines: written.length } : {} }] };
}

/** The scope of a loop's end, as the beginning of a module. */
export function untilPrefix({ nodes, edges }: PlaybookDocument, { id }: PlaybookNode, typesOf: TypesOf): string[] {
  const body = nodes.filter((node) => node.in === id);
  const steps = body.map((node) => {
    const ports = typesOf(node.id)?.ports ?? [];
    const output = ports.map((port) => `import("../node/${node.id}.ts").Ports[${JSON.stringify(port)}]`).join(" | ") || UNTYPED;
    return `${node.id}: ${output}${isCertain(node.id, body, edges, typesOf) ? "" : " | undefined"}`;
  });
  return [
    WORLD,
    `import type { Scope as Around, LoopItem, LoopPlace } from "../node/${id}.ts";`,
    `export interface Scope extends Omit<Around, "steps" | "item"> { item: LoopItem; steps: Around["steps"] & { ${id}: LoopPlace; ${steps.join("; ")} } }`,
    ...["trigger", "alert", "steps", "vars", "run", "item"].map((part) => `declare const ${part}: Scope["${part}"];`),
  ];
}
