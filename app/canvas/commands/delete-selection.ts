import type { Draft, Operation, PlaybookEdge } from "#format";
import { depth, withBodies } from "../containers.ts";
import { edgeId } from "../node-ids.ts";
import { NAME_IN_CODE } from "../references.ts";
import { titleOf } from "../shapes.ts";
import type { Selection } from "../store.ts";
import type { Command } from "./command.ts";

/**
 * Nodes go with their connections, the bodies of containers and the code files that only they used. A removed piece of the graph
 * with one way in and one way out is healed: what came before it leads on to what came after it.
 */
export function deleteSelection(draft: Draft, selection: Selection): Operation[] {
  const { nodes, edges } = draft.document;
  const doomed = withBodies(draft, selection.nodes.filter((id) => nodes.some((node) => node.id === id)));
  const cut = edges.filter(({ id, from, to }) => selection.edges.includes(id) || doomed.has(from) || doomed.has(to));
  const taken = new Set<string>();
  const healed: Operation[] = pieces(doomed, edges).flatMap((piece) => {
    const into = cut.filter(({ from, to }) => !doomed.has(from) && piece.has(to));
    const outOf = cut.filter(({ from, to }) => piece.has(from) && !doomed.has(to));
    const [before, following] = [into[0], outOf[0]];
    if (!before || !following || into.length > 1 || outOf.length > 1 || [before, following].some(({ id }) => selection.edges.includes(id))) return [];
    const ends = { from: before.from, port: before.port, to: following.to };
    const exists = edges.some((edge) => !cut.includes(edge) && edge.from === ends.from && edge.port === ends.port && edge.to === ends.to);
    const outside = (id: string) => nodes.find((node) => node.id === id)?.in;
    if (exists || outside(ends.from) !== outside(ends.to)) return [];
    const id = edgeId(draft, ends, taken);
    taken.add(id);
    return [{ op: "add-edge", edge: { id, ...ends } }];
  });
  // Bodies before their containers: each removal leaves a whole document.
  const inner = nodes.filter(({ id }) => doomed.has(id)).sort((a, b) => depth(draft, b.id) - depth(draft, a.id));
  return [
    ...cut.map(({ id }): Operation => ({ op: "remove-edge", id })),
    ...inner.map(({ id }): Operation => ({ op: "remove-node", id })),
    ...healed,
    ...orphans(draft, doomed).map((path): Operation => ({ op: "write-file", path })),
  ];
}

/** The removed nodes, grouped by what hangs together. */
function pieces(doomed: ReadonlySet<string>, edges: readonly PlaybookEdge[]): Set<string>[] {
  const found: Set<string>[] = [];
  for (const id of doomed) {
    if (found.some((piece) => piece.has(id))) continue;
    const piece = new Set([id]);
    for (const at of piece) {
      for (const { from, to } of edges) {
        if (from === at && doomed.has(to)) piece.add(to);
        if (to === at && doomed.has(from)) piece.add(from);
      }
    }
    found.push(piece);
  }
  return found;
}

/** Files that only the removed nodes were bound to, and that no other file imports. */
function orphans({ document, files }: Draft, doomed: ReadonlySet<string>): string[] {
  const bound = (keep: boolean) => new Set(document.nodes.filter(({ id }) => doomed.has(id) !== keep).flatMap(({ input }) => Object.values(input).flatMap((binding) => ("file" in binding ? [binding.file] : []))));
  const kept = bound(true);
  return [...bound(false)].filter((path) => !kept.has(path) && Object.hasOwn(files, path) && !Object.entries(files).some(([other, text]) => other !== path && NAME_IN_CODE(path).test(text)));
}

export const deleteCommand: Command = {
  id: "delete",
  label: "Delete",
  group: "Edit",
  keys: ["Delete", "Backspace"],
  menus: ["card", "edge"],
  changes: true,
  applies: ({ selection }) => selection.edges.length > 0 || selection.nodes.some((id) => id !== "trigger"),
  run({ store }) {
    const { draft, types, selection } = store.getState();
    const nodes = draft.document.nodes.filter(({ id }) => selection.nodes.includes(id));
    const label = nodes.length === 1 ? `Delete “${titleOf(types, nodes[0]!)}”` : nodes.length > 1 ? `Delete ${nodes.length} nodes` : selection.edges.length === 1 ? "Delete a connection" : `Delete ${selection.edges.length} connections`;
    store.actions.edit(label, deleteSelection(draft, selection));
  },
};
