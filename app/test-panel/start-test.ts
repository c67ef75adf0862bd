/** Starting a test of the draft: everything unsaved is saved first, so that what runs is what is on the screen. */
import type { EditorStore, TestTarget } from "#app/canvas/store.ts";

/** Nothing: the whole playbook. `upto`: this node and what leads to it. `only`: this node, on what the last test gave it. */
export type TestScope = { only: string } | { upto: string } | Record<string, never>;

const slot = (slug: string): string => `playgraph:test-target:${slug}`;

export function rememberedTarget(slug: string): TestTarget | null {
  try {
    return JSON.parse(localStorage.getItem(slot(slug)) ?? "null") as TestTarget | null;
  } catch {
    return null;
  }
}

export function chooseTarget(store: EditorStore, target: TestTarget | null): void {
  const { slug } = store.getState().data.playbook;
  store.actions.set({ target });
  try {
    localStorage.setItem(slot(slug), JSON.stringify(target));
  } catch {
    // A payload larger than the browser keeps: it is chosen all the same, for as long as the page is open.
  }
}

/** Opens the panel in any case: there one chooses the alert, or reads why it did not start. @returns whether a run has started */
export async function startTest(store: EditorStore, scope: TestScope = {}): Promise<boolean> {
  const { actions } = store;
  actions.set({ panel: "test" });
  const { data, draft, target, test } = store.getState();
  if (target === null && draft.document.trigger.on === "alert") {
    actions.say("Choose what to test on first");
    return false;
  }
  if (!(await actions.flush())) {
    actions.say("The draft is not saved, so it cannot be tested yet");
    return false;
  }
  const body = { ...targetBody(target), ...scope, ...("only" in scope && test ? { from_run: test.runId } : {}) };
  const response = await fetch(`/api/v1/playbooks/${data.playbook.slug}/draft/test`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
  if (!response) {
    actions.say("The test did not start: the server cannot be reached");
    return false;
  }
  const answer = (await response.json().catch(() => null)) as { run_id?: string; detail?: unknown } | null;
  if (!response.ok || answer?.run_id === undefined) {
    actions.say(`The test did not start: ${reasonOf(answer?.detail) ?? `the server answered ${response.status}`}`);
    return false;
  }
  actions.set({ test: { runId: answer.run_id, status: "pending", steps: [] } });
  return true;
}

function targetBody(target: TestTarget | null): object {
  if (target === null) return {};
  if ("alert" in target) return { alert_id: target.alert.id };
  return { payload: target.payload, ...(target.source === undefined ? {} : { source: target.source }) };
}

function reasonOf(detail: unknown): string | undefined {
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail)) return undefined;
  return detail.slice(0, 3).map((entry: { loc?: unknown[]; msg?: string }) => [entry.loc?.slice(1).join("."), entry.msg].filter(Boolean).join(": ")).join("; ");
}
