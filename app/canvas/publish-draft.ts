/** The draft becomes a version: saved first, published at that revision, and edited on from there with its history of undo. */
import type { StoredDraft } from "./draft-client.ts";
import type { EditorStore } from "./store.ts";

export type PublishAnswer = { ok: true; version: number } | { ok: false; message: string };

const json = { "content-type": "application/json" };

export async function publishDraft(store: EditorStore, enabled: boolean): Promise<PublishAnswer> {
  if (!(await store.actions.flush())) return { ok: false, message: "The draft is not saved, so it cannot be published yet" };
  const { data, draft, revision, enabled: wasEnabled } = store.getState();
  const base = `/api/v1/playbooks/${encodeURIComponent(data.playbook.slug)}`;
  const response = await fetch(`${base}/draft/publish`, { method: "POST", headers: json, body: JSON.stringify({ revision }) }).catch(() => null);
  if (!response) return { ok: false, message: "The server cannot be reached" };
  const answer = (await response.json().catch(() => null)) as { version?: number; detail?: unknown } | null;
  if (response.status === 409) {
    await store.actions.refresh();
    return { ok: false, message: "Somebody else has just changed this draft. Look at what is there now, and publish again." };
  }
  if (!response.ok || answer?.version === undefined) return { ok: false, message: words(answer?.detail) ?? `The server answered ${response.status}` };
  store.actions.set({ published: { version: answer.version, draft } });
  const stored = (await fetch(`${base}/draft`).then((read) => (read.ok ? read.json() : null), () => null)) as StoredDraft | null;
  if (stored) store.actions.continueAt(stored.revision);
  if (enabled !== wasEnabled) {
    const switched = await fetch(base, { method: "PATCH", headers: json, body: JSON.stringify({ enabled }) }).catch(() => null);
    if (!switched?.ok) return { ok: false, message: `Version ${answer.version} is published, but could not be switched ${enabled ? "on" : "off"}` };
    store.actions.set({ enabled });
  }
  return { ok: true, version: answer.version };
}

function words(detail: unknown): string | undefined {
  if (typeof detail === "string") return detail;
  return Array.isArray(detail) ? detail.map(({ msg }: { msg?: string }) => msg ?? "").join("; ") : undefined;
}
