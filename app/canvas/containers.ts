/** Nodes that own a body (each, repeat): who is in what, at any depth. */
import type { Draft } from "#format";

/** The nodes, and everything in those of them that are containers. */
export function withBodies({ document }: Pick<Draft, "document">, ids: readonly string[]): Set<string> {
  const all = new Set(ids);
  for (const id of all) for (const node of document.nodes) if (node.in === id) all.add(node.id);
  return all;
}

/** How many containers a node is in. */
export function depth(draft: Pick<Draft, "document">, id: string): number {
  const container = draft.document.nodes.find((node) => node.id === id)?.in;
  return container === undefined ? 0 : 1 + depth(draft, container);
}

/** Container id → ids of all that is in it. */
export function bodies({ document }: Pick<Draft, "document">): Map<string, string[]> {
  const owners = [...new Set(document.nodes.flatMap((node) => (node.in === undefined ? [] : [node.in])))];
  return new Map(owners.map((id) => [id, [...withBodies({ document }, [id])].filter((member) => member !== id)]));
}
