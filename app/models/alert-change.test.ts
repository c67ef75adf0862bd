import { describe, expect, it } from "vitest";
import { type AlertState, decideChange } from "./alert-change.ts";
import { isRefusal } from "./refusal.ts";

const now = new Date("2026-01-01T00:00:00Z");
const fresh: AlertState = { id: "a", status: "new", severity: "high", determination: "unknown", partner: null, tags: ["x"], assigned_to: null, assigned_username: null, resolve_reason: null };

function refusalOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  return undefined;
}

describe("a person's change of an alert", () => {
  it("writes one history entry per field that really changes", () => {
    const { set, events } = decideChange(fresh, { severity: "high", partner: "acme", tags: ["x", "y", "y"] }, now);
    expect(set).toEqual({ partner: "acme", tags: ["x", "y"] });
    expect(events).toEqual([
      { action: "updated", data: { field: "partner", old: null, new: "acme" } },
      { action: "updated", data: { field: "tags", old: ["x"], new: ["x", "y"] } },
    ]);
  });

  it("resolves with a determination and stamps the time", () => {
    const { set, events } = decideChange(fresh, { status: "resolved", determination: "benign", resolve_reason: "backup job" }, now);
    expect(set).toEqual({ status: "resolved", determination: "benign", resolved_at: now, resolve_reason: "backup job" });
    expect(events.map((event) => event.action)).toEqual(["status_change", "determination_set", "updated"]);
  });

  it("clears the time when somebody takes it up again", () => {
    expect(decideChange({ ...fresh, status: "resolved", determination: "benign" }, { status: "in_progress" }, now).set).toEqual({ status: "in_progress", resolved_at: null });
  });

  it("refuses to resolve without a determination, naming it (R69)", () => {
    const refusal = refusalOf(() => decideChange(fresh, { status: "resolved" }, now));
    expect(refusal?.kind).toBe("invalid");
    expect(refusal?.message).toContain("determination");
  });

  it("refuses a status that cannot follow (R71)", () => {
    expect(refusalOf(() => decideChange({ ...fresh, status: "closed" }, { status: "escalated" }, now))?.kind).toBe("conflict");
  });

  it("names whom it is given to and taken from", () => {
    const given = decideChange(fresh, { assigned_to: "u1", assignee: { id: "u1", username: "ann" } }, now);
    expect(given.set).toEqual({ assigned_to: "u1", assigned_username: "ann" });
    const taken = decideChange({ ...fresh, assigned_to: "u1", assigned_username: "ann" }, { assigned_to: null }, now);
    expect(taken.events).toEqual([{ action: "assigned", data: { field: "assigned_to", old: "ann", new: null } }]);
  });
});
