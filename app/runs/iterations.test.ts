import { describe, expect, it } from "vitest";
import type { StepWire } from "#app/models/wire.ts";
import { byUrgency, itemWords, levelsOf, loopsOf, pathWords, picksOf, stepsAround, stepsOfPicks } from "./iterations.ts";
import { frameNotes, loopNotes } from "./loop-notes.ts";

const step = (node_id: string, item: string, over: Partial<StepWire> = {}): StepWire => ({
  id: `${node_id}@${item}`, node_id, node_type: "core.set", item, status: "success", effect: "none", port: "out", attempt: 1, attempts: [], input: null, output: null, error: null,
  ambiguous: false, pinned: false, waiting_on: null, logs: [], started_at: "2026-01-01T00:00:00.000Z", finished_at: "2026-01-01T00:00:01.000Z", duration_ms: 1000, ...over,
});
const failed = { status: "failed", port: null } as const;
const under = { status: "running", port: null, finished_at: null } as const;

/** hosts has three items, of which the second failed in its inner loop; the third is under way. */
const steps = [
  step("hosts", "", { node_type: "core.each", ...under, input: { items: [{ name: "web-01" }, { name: "web-02" }, "x", "y"] } }),
  step("look", "hosts[0]"), step("ports", "hosts[0]", { node_type: "core.each", input: { items: [22] }, output: { items: [{ index: 0, status: "success" }] } }), step("scan", "hosts[0]/ports[0]"),
  step("look", "hosts[1]"), step("ports", "hosts[1]", { node_type: "core.each", ...failed, input: { items: [22, 80] }, error: { kind: "rejected", message: "item 2 of 2 failed (closed)" } }),
  step("scan", "hosts[1]/ports[0]"), step("scan", "hosts[1]/ports[1]", { ...failed, error: { kind: "rejected", message: "closed" } }),
  step("look", "hosts[2]", under),
  step("end", "", { status: "skipped", port: null }),
];
const loops = loopsOf(steps);

describe("the loops of a run", () => {
  it("are read from the items of its steps", () => {
    expect(levelsOf("hosts[1]/ports[0]")).toEqual([{ container: "hosts", index: 1, outer: "" }, { container: "ports", index: 0, outer: "hosts[1]" }]);
    expect(levelsOf("")).toEqual([]);
    expect([...loops.keys()]).toEqual([">hosts", "hosts[0]>ports", "hosts[1]>ports"]);
    expect(loops.get(">hosts")).toMatchObject({ total: 4, iterations: [
      { index: 0, path: "hosts[0]", status: "success", label: "web-01", stepId: "look@hosts[0]" },
      { index: 1, status: "failed", label: "web-02", stepId: "scan@hosts[1]/ports[1]" },
      { index: 2, status: "running", label: "x", stepId: "look@hosts[2]" },
    ] });
    expect(pathWords("hosts[1]/ports[0]", new Map([["hosts", "Each host"]]))).toBe("Each host 2 › ports 1");
  });

  it("are listed with what failed first", () => {
    expect(byUrgency(loops.get(">hosts")!.iterations).map(({ index }) => index)).toEqual([1, 2, 0]);
  });

  it("show one iteration of each: the one picked, else the one that needs to be seen", () => {
    const ids = (picks: ReturnType<typeof picksOf>) => stepsOfPicks(steps, loops, picks).map(({ id }) => id);
    expect(ids(new Map())).toEqual(["hosts@", "look@hosts[1]", "ports@hosts[1]", "scan@hosts[1]/ports[1]", "end@"]);
    expect(ids(picksOf("hosts[0]/ports[0]"))).toEqual(["hosts@", "look@hosts[0]", "ports@hosts[0]", "scan@hosts[0]/ports[0]", "end@"]);
  });

  it("narrow the picture to the iteration one looks at, and leave other loops whole", () => {
    expect(stepsAround(steps, "hosts[1]").map(({ id }) => id)).toEqual(["hosts@", "look@hosts[1]", "ports@hosts[1]", "scan@hosts[1]/ports[0]", "scan@hosts[1]/ports[1]", "end@"]);
    expect(stepsAround(steps, "")).toBe(steps);
  });

  it("count", () => {
    expect(Object.fromEntries(loopNotes(steps, loops))).toEqual({ hosts: "2 of 4, 1 failed", ports: "3 items, 1 failed", look: "3 times", scan: "3 times, 1 failed" });
    const rounds = [step("poll", "", { node_type: "core.repeat" }), step("ask", "poll[0]"), step("ask", "poll[1]")];
    expect(loopNotes(rounds, loopsOf(rounds)).get("poll")).toBe("2 rounds");
  });

  it("take ten thousand steps at once", () => {
    const many = [step("all", "", { node_type: "core.each", input: { items: Array.from({ length: 10_000 }, (_, at) => at) } }), ...Array.from({ length: 10_000 }, (_, at) => step("one", `all[${at}]`))];
    const before = performance.now();
    expect(loopsOf(many).get(">all")!.iterations).toHaveLength(10_000);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

it.each([["203.0.113.9", "203.0.113.9"], [{ id: 7, name: "web-01" }, "web-01"], [{ a: [1] }, '{"a":[1]}'], [null, "null"], ["x".repeat(90), `${"x".repeat(47)}…`]])("%j in a few words", (item, words) => {
  expect(itemWords(item)).toBe(words);
});

describe("the frame of a loop", () => {
  it("says which iteration is shown, and how many where all are", () => {
    expect(Object.fromEntries(frameNotes(loops, "hosts[1]/ports[1]"))).toEqual({ hosts: "item 2 of 4: web-02", ports: "item 2 of 2: 80" });
    expect(Object.fromEntries(frameNotes(loops, "hosts[0]"))).toEqual({ hosts: "item 1 of 4: web-01", ports: "1 item" });
    expect(Object.fromEntries(frameNotes(loops, ""))).toEqual({ hosts: "all 3 items", ports: "all 3 items" });
  });
});
