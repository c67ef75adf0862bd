/** The editor's requests for a draft, by the same API that scripts use. Every answer is a value; nothing throws. */
import type { Draft, Operation, Problem } from "#format";

/** A draft as the server keeps it. */
export interface StoredDraft extends Draft {
  revision: number;
  updated_by: string | null;
  updated_at: string | null;
}

export type SaveAnswer =
  | { is: "saved"; revision: number; updated_at: string }
  /** Somebody else saved first: theirs. */
  | { is: "stale"; draft: StoredDraft }
  /** It will not be taken, now or later; in words for people. */
  | { is: "refused"; message: string }
  /** Not answered, or not now: worth another try. */
  | { is: "unreachable"; message: string };

export interface DraftClient {
  /** @param batch names this list of operations: one that was stored though its answer got lost is not stored twice. */
  save(revision: number, operations: readonly Operation[], batch: string): Promise<SaveAnswer>;
  read(): Promise<StoredDraft | null>;
  check(draft: Draft): Promise<Problem[] | null>;
}

export function draftClient(slug: string): DraftClient {
  const base = `/api/v1/playbooks/${encodeURIComponent(slug)}/draft`;
  return {
    async save(revision, operations, batch) {
      const body = JSON.stringify({ revision, operations, batch });
      // What is sent while the page closes has to outlive it; browsers allow that up to 64 KiB.
      const response = await post(`${base}/operations`, body, body.length < 60_000);
      if (response === null) return { is: "unreachable", message: "the server cannot be reached" };
      const answer = await json(response);
      if (response.ok) return { is: "saved", ...(answer as { revision: number; updated_at: string }) };
      if (response.status === 409) return { is: "stale", draft: (answer as { draft: StoredDraft }).draft };
      const message = messageOf(answer) ?? `the server answered ${response.status}`;
      return response.status >= 500 || response.status === 429 || response.status === 408 ? { is: "unreachable", message } : { is: "refused", message };
    },
    async read() {
      const response = await fetch(base).catch(() => null);
      return response?.ok ? ((await json(response)) as StoredDraft | null) : null;
    },
    async check({ document, files }) {
      const response = await post(`${base}/check`, JSON.stringify({ document, files }), false);
      return response?.ok ? (((await json(response)) as { problems: Problem[] } | null)?.problems ?? null) : null;
    },
  };
}

const post = (url: string, body: string, keepalive: boolean): Promise<Response | null> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body, keepalive }).catch(() => null);

const json = (response: Response): Promise<unknown> => response.json().catch(() => null);

function messageOf(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null || !("detail" in answer)) return undefined;
  const { detail } = answer;
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail)) return undefined;
  return detail.map((entry: { loc?: unknown[]; msg?: string }) => `${entry.loc?.join(".") ?? ""}: ${entry.msg ?? ""}`).join("; ");
}
