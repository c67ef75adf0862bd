import type { EditorStore } from "./store.ts";

/** A file with all of one's own work, whatever becomes of it on the server: `{document, layout, files}` as JSON. */
export function downloadDraft(store: EditorStore): void {
  const { draft, data } = store.getState();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(draft, null, 2)], { type: "application/json" }));
  link.download = `${data.playbook.slug}-draft.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
