/** Where a setting lists a node's ports, its connections follow: one that is renamed keeps what leaves by it, one that goes takes it along. Pure. */
import type { Operation, PlaybookEdge } from "#format";
import type { Json } from "./bindings.ts";

/** @param name of the field of an entry that names its port. */
export const portNames = (list: Json | undefined, name: string): string[] =>
  Array.isArray(list) ? list.flatMap((entry) => (typeof entry === "object" && entry !== null && !Array.isArray(entry) && typeof entry[name] === "string" ? [entry[name]] : [])) : [];

export function followPorts(edges: readonly PlaybookEdge[], node: string, before: readonly string[], after: readonly string[]): Operation[] {
  const gone = before.filter((port) => !after.includes(port));
  const fresh = after.filter((port) => !before.includes(port));
  const isRenamed = gone.length === 1 && fresh.length === 1 && before.length === after.length;
  return edges.flatMap((edge, at): Operation[] => {
    if (edge.from !== node || !gone.includes(edge.port)) return [];
    const removed: Operation = { op: "remove-edge", id: edge.id };
    return isRenamed ? [removed, { op: "add-edge", edge: { ...edge, port: fresh[0]! }, at }] : [removed];
  });
}
