/** How far the draft is from what runs, in a number and in words. */
import { type Comparison, compareDrafts } from "#format/compare.ts";
import type { EditorState } from "./store.ts";

const count = ({ nodes, edges, trigger, details, vars, files, moved }: Comparison): number =>
  nodes.added.length + nodes.removed.length + nodes.changed.length + edges.added.length + edges.removed.length + (trigger.length > 0 ? 1 : 0) + details.length + vars.length +
  files.added.length + files.removed.length + files.changed.length + (moved.length > 0 ? 1 : 0);

/** "v4", "Draft · 3 changes since v4", "Draft · never published". */
export function draftWords({ draft, published }: Pick<EditorState, "draft" | "published">): string {
  if (published === null) return "Draft · never published";
  const changes = draft === published.draft ? 0 : count(compareDrafts(published.draft, draft));
  return changes === 0 ? `v${published.version} published` : `Draft · ${changes} ${changes === 1 ? "change" : "changes"} since v${published.version}`;
}
