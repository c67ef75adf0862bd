import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Operation } from "#format";
import type { SaveAnswer, StoredDraft } from "./draft-client.ts";
import { SaveQueue, type SaveState } from "./save-queue.ts";

const rename = (name: string): Operation => ({ op: "set-details", changes: { name } });

/** A server that answers as told, one promise per request. */
function world() {
  const requests: { revision: number; operations: readonly Operation[]; batch: string; answer(answer: SaveAnswer): void }[] = [];
  const states: SaveState["is"][] = [];
  const queue = new SaveQueue({
    client: { save: (revision, operations, batch) => new Promise((answer) => requests.push({ revision, operations, batch, answer })) },
    revision: 3,
    savedAt: null,
    onState: ({ is }) => states.push(is),
  });
  return { queue, requests, states };
}

const saved = (revision: number): SaveAnswer => ({ is: "saved", revision, updated_at: "2026-11-21T00:00:00.000Z" });

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test("edits are sent together after a pause, one request at a time, each on the revision before it", async () => {
  const { queue, requests, states } = world();
  queue.add([rename("a")]);
  await vi.advanceTimersByTimeAsync(300);
  queue.add([rename("b")]);
  expect(requests).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(400);
  expect(requests).toMatchObject([{ revision: 3, operations: [rename("a"), rename("b")] }]);
  queue.add([rename("c")]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(requests).toHaveLength(1);
  requests[0]!.answer(saved(4));
  await vi.advanceTimersByTimeAsync(400);
  expect(requests[1]).toMatchObject({ revision: 4, operations: [rename("c")] });
  requests[1]!.answer(saved(5));
  await vi.advanceTimersByTimeAsync(0);
  expect(states.at(-1)).toBe("saved");
  expect(queue).toMatchObject({ revision: 5, unsaved: [] });
});

test("somebody who never pauses is saved every two seconds all the same", async () => {
  const { queue, requests } = world();
  for (let at = 0; at < 2100; at += 100) {
    queue.add([rename(String(at))]);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(requests).toHaveLength(1);
});

test("a server that is gone gets the same batch again, later and later, and nothing is lost", async () => {
  const { queue, requests, states } = world();
  queue.add([rename("a")]);
  await vi.advanceTimersByTimeAsync(400);
  requests[0]!.answer({ is: "unreachable", message: "gone" });
  await vi.advanceTimersByTimeAsync(0);
  expect(states.at(-1)).toBe("offline");
  queue.add([rename("b")]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(requests[1]).toMatchObject({ operations: [rename("a")], batch: requests[0]!.batch });
  requests[1]!.answer({ is: "unreachable", message: "gone" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(requests).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  requests[2]!.answer(saved(4));
  await vi.advanceTimersByTimeAsync(400);
  expect(requests[3]).toMatchObject({ revision: 4, operations: [rename("b")] });
});

test("after a stale save nothing is sent until a person has chosen; both choices go on from the newer draft", async () => {
  const { queue, requests, states } = world();
  queue.add([rename("a")]);
  await vi.advanceTimersByTimeAsync(400);
  requests[0]!.answer({ is: "stale", draft: { revision: 9 } as StoredDraft });
  await vi.advanceTimersByTimeAsync(0);
  queue.add([rename("b")]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(states.at(-1)).toBe("stale");
  expect(requests).toHaveLength(1);
  expect(queue.unsaved).toEqual([rename("a"), rename("b")]);
  expect(await queue.flush()).toBe(false);
  queue.rebase(9, null, queue.unsaved);
  await vi.advanceTimersByTimeAsync(400);
  expect(requests[1]).toMatchObject({ revision: 9, operations: [rename("a"), rename("b")] });
  expect(requests[1]!.batch).not.toBe(requests[0]!.batch);
});

test("flush waits for what is on its way and sends the rest at once", async () => {
  const { queue, requests } = world();
  queue.add([rename("a")]);
  await vi.advanceTimersByTimeAsync(400);
  queue.add([rename("b")]);
  const flushed = queue.flush();
  requests[0]!.answer(saved(4));
  await vi.advanceTimersByTimeAsync(0);
  requests[1]!.answer(saved(5));
  expect(await flushed).toBe(true);
});

test("flush says so when the server cannot be reached", async () => {
  const { queue, requests } = world();
  queue.add([rename("a")]);
  const flushed = queue.flush();
  requests[0]!.answer({ is: "unreachable", message: "gone" });
  expect(await flushed).toBe(false);
});
