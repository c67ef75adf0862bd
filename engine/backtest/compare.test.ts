import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";
import type { IntendedWrite, RunSummary } from "./summary.ts";

const write = (node: string, input: IntendedWrite["input"] = {}, over: Partial<IntendedWrite> = {}): IntendedWrite => ({ node, item: "", type: "x.act", effect: "contain", input, hash: JSON.stringify(input), ...over });
const run = (over: Partial<RunSummary> = {}): RunSummary => ({ run_id: "r", status: "success", result: null, error: null, path: [], writes: [], unrecorded: [], ...over });
const failed = (message: string, node_id = "a"): Partial<RunSummary> => ({ status: "failed", error: { kind: "rejected", message, node_id } });
const step = (node: string, port: string | null = "out") => ({ node, item: "", status: "success", port });
const nodes = { draft: new Map([["a", "Look up"], ["b", "b"], ["new", "new"]]), published: new Map([["a", "Look up"], ["b", "b"], ["old", "old"]]) };
const compared = (draft: Partial<RunSummary>, published: Partial<RunSummary> = {}) => compare(run(draft), run(published), nodes);

describe("two versions on one alert", () => {
  it.each<[string, Partial<RunSummary>, Partial<RunSummary>, ReturnType<typeof compare>]>([
    ["nothing", {}, {}, { outcome: "same", differences: [] }],
    ["a step that only computes", { path: [step("a"), step("new")] }, { path: [step("a"), step("old")] }, { outcome: "same", differences: [] }],
    ["the same write by another node", { writes: [write("new", { host: 1 })] }, { writes: [write("old", { host: 1 })] }, { outcome: "same", differences: [] }],
    ["the failure", failed("no"), {}, { outcome: "new-failure", differences: ["fails at Look up: no; published, it succeeds"] }],
    ["the failure of the published one", {}, failed("no"), { outcome: "fixed", differences: ["succeeds; published, it fails at Look up: no"] }],
    ["where both fail", failed("no"), failed("never", "b"), { outcome: "different", differences: ["fails at Look up: no; published, it fails at b: never"] }],
    ["the result", { result: { n: 1 } }, { result: { n: 2 } }, { outcome: "different", differences: ['gives another result: {"n":1} in place of {"n":2}'] }],
    ["the input of a write", { writes: [write("b", { host: "x", why: 1 })] }, { writes: [write("b", { host: "y", why: 1 })] }, { outcome: "different", differences: ['would contain by b with another input: host "x" in place of "y"'] }],
    ["a write more, and its step", { writes: [write("b")], path: [step("a"), step("b")] }, { path: [step("a")] }, { outcome: "different", differences: ["would also contain by b"] }],
    ["a second write of the same", { writes: [write("b"), write("b", {}, { item: "each[1]" })] }, { writes: [write("b")] }, { outcome: "different", differences: ["would also contain by b in each[1]"] }],
    ["a decision", { path: [step("a", "true"), step("b")] }, { path: [step("a", "false")] }, { outcome: "different", differences: ["leaves Look up by true in place of false", "takes b"] }],
    ["a failure for want of a recording", { ...failed("nothing recorded"), unrecorded: ["a"] }, {}, { outcome: "unknown", differences: ["the draft failed after a read that nothing was recorded of: a"] }],
    ["a cancelled run", {}, { status: "cancelled" }, { outcome: "unknown", differences: ["the run of the published version was cancelled"] }],
  ])("differ by %s", (_what, draft, published, expected) => {
    expect(compared(draft, published)).toEqual(expected);
  });

  it("says what the only one there is would do", () => {
    expect(compare(run({ writes: [write("b")] }), null, nodes)).toEqual({ outcome: "different", differences: ["succeeds", "would contain by b", "nothing is published to compare with"] });
  });
});
