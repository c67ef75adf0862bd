import { useEffect, useRef, useState } from "react";
import { useEditorStore } from "#app/canvas/editor-context.tsx";
import type { EditorStore } from "#app/canvas/store.ts";
import type { Draft } from "#format";
import type { ScopeField } from "./scope.ts";

export type Scope = { is: "loading"; fields: readonly ScopeField[] } | { is: "ready"; fields: readonly ScopeField[] } | { is: "failed"; message: string; fields: readonly ScopeField[] };

const EMPTY: Scope = { is: "loading", fields: [] };
/** Milliseconds after the last edit upstream. */
const PAUSE = 400;

/**
 * What the node may read, asked of the server while somebody looks, and again when anything but the node itself has changed.
 * The fields that are known stay until the answer comes.
 * @param wanted false: nothing is asked.
 */
export function useScope(node: string, wanted: boolean): { scope: Scope; retry(): void } {
  const store = useEditorStore();
  const [scope, setScope] = useState<Scope>(EMPTY);
  const [attempt, setAttempt] = useState(0);
  const [version, setVersion] = useState(0);
  const seen = useRef<readonly unknown[]>([]);

  useEffect(() => {
    if (!wanted) return;
    const note = () => {
      const next = upstreamOf(store.getState().draft, node);
      if (next.length === seen.current.length && next.every((part, index) => part === seen.current[index])) return;
      seen.current = next;
      setVersion((before) => before + 1);
    };
    note();
    return store.subscribe(note);
  }, [store, node, wanted]);

  useEffect(() => {
    if (!wanted || version === 0) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await askScope(store, node, abort.signal);
      if (!abort.signal.aborted) setScope((before) => (answer.is === "failed" ? { ...answer, fields: before.fields } : answer));
    }, version === 1 || attempt > 0 ? 0 : PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [store, node, wanted, version, attempt]);

  return { scope, retry: () => setAttempt((before) => before + 1) };
}

/** Everything that the types at a node may depend on. The node's own fields are not among it: typing into them asks nothing. */
function upstreamOf({ document: { nodes, edges, vars, trigger }, files }: Draft, node: string): readonly unknown[] {
  return [edges, vars, trigger, files, nodes.find(({ id }) => id === node)?.in, ...nodes.filter(({ id }) => id !== node)];
}

async function askScope(store: EditorStore, node: string, signal: AbortSignal): Promise<Scope> {
  const { draft: { document, files }, data: { playbook } } = store.getState();
  try {
    const response = await fetch(`/api/v1/playbooks/${encodeURIComponent(playbook.slug)}/draft/scope`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ document, files, node }), signal });
    const answer = (await response.json()) as { fields?: ScopeField[]; detail?: unknown };
    if (response.ok && answer.fields) return { is: "ready", fields: answer.fields };
    return { is: "failed", message: typeof answer.detail === "string" ? answer.detail : `The server answered ${response.status}`, fields: [] };
  } catch {
    return { is: "failed", message: "The server cannot be reached", fields: [] };
  }
}
