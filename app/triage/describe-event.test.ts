import { expect, it } from "vitest";
import type { AlertEventWire } from "#app/models/wire.ts";
import { actorName, commentOf, describeEvent } from "./describe-event.ts";

const event = (over: Partial<AlertEventWire>): AlertEventWire => ({
  id: "1", at: "2026-01-01T00:00:00Z", action: "updated", actor: { kind: "user", id: "u", name: "mara" }, run_id: null, step_id: null, playbook_name: null, node_id: null, detail: null, data: null, ...over,
});

it.each<[Partial<AlertEventWire>, string]>([
  [{ action: "status_change", data: { field: "status", old: "new", new: "in_progress" } }, "changed status from new to in progress"],
  [{ action: "determination_set", data: { field: "determination", new: "benign" } }, "set determination to benign"],
  [{ action: "updated", data: { field: "tags", old: ["a"], new: [] } }, "removed tags a"],
  [{ action: "updated", data: { field: "tags", old: ["a"], new: ["a", "b"] } }, "added tags b"],
  [{ action: "created" }, "received this alert"],
  [{ action: "something_else" }, "something else"],
])("reads %o", (over, expected) => expect(describeEvent(event(over))).toBe(expected));

it("names the playbook of a step, and the text of a comment", () => {
  expect(actorName(event({ actor: { kind: "step", id: "s", name: null }, playbook_name: "Triage" }))).toBe("Triage");
  expect(commentOf(event({ action: "comment", detail: "looks real" }))).toBe("looks real");
  expect(commentOf(event({ detail: "not one" }))).toBeNull();
});
