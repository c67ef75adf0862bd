import { expect, test } from "vitest";
import { parseDocument } from "./index.ts";
import { startInput } from "./start-input.ts";

const now = new Date("2027-01-01T00:00:00Z");
const start = (trigger: Record<string, unknown>, input: unknown) => startInput(parseDocument({ format: 1, name: "p", trigger, nodes: [], edges: [] }).trigger, input, now);
const failure = { run_id: "r", playbook: { id: "p", slug: "s", name: "S", version: 2 }, error: { kind: "rejected", message: "no" }, alert_id: null };

test.each<[string, Record<string, unknown>, unknown, unknown]>([
  ["anything goes where nothing is asked for", { on: "manual" }, [1], [1]],
  ["nothing is null", { on: "manual" }, undefined, null],
  ["a form is filled in", { on: "manual", form: [{ name: "n", type: "number", default: 1 }] }, {}, { n: 1 }],
  ["a schedule is due now", { on: "schedule" }, { scheduled_for: "x" }, { scheduled_for: "2027-01-01T00:00:00.000Z", fired_at: "2027-01-01T00:00:00.000Z" }],
  ["a webhook's body", { on: "webhook" }, "text", "text"],
  ["an alert's playbook, without one", { on: "alert" }, { a: 1 }, { a: 1 }],
  ["a failure", { on: "run-failed" }, failure, failure],
])("%s", (_, trigger, input, expected) => expect(start(trigger, input)).toEqual({ ok: true, input: expected }));

test("what a form or a handler cannot take is refused", () => {
  expect(start({ on: "manual", form: [{ name: "n", type: "number", required: true }] }, {})).toEqual({ ok: false, wrong: [{ field: "n", message: "this is needed" }] });
  for (const input of [undefined, {}, { ...failure, error: "x" }]) expect(start({ on: "run-failed" }, input)).toMatchObject({ ok: false, wrong: [{ field: "" }] });
});
