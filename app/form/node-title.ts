import type { EditorState } from "#app/canvas/store.ts";
import { typeOf } from "#app/canvas/shapes.ts";

/** What people call a node: its title, else its type's. */
export function titleOf({ draft, types }: Pick<EditorState, "draft" | "types">, id: string): string {
  if (id === "trigger") return "Trigger";
  const node = draft.document.nodes.find((each) => each.id === id);
  return node === undefined ? id : (node.title ?? typeOf(types, node)?.ui.title ?? id);
}
