/** What publishing lets pass and tells: names that nothing has (yet). */
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

let world: WebWorld;
beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());

const publish = (slug: string, over: object, body: object = {}) => world.as("admin", "POST", "/playbooks", { slug, document: { format: 1, name: slug, nodes: [], edges: [], ...over }, ...body });
const codes = (body: { warnings: { code: string; message: string }[] }) => body.warnings.map(({ code, message }) => [code, message.split(":")[0]]);

it("warns of a field that alerts do not have; strictly, it is refused (R105)", async () => {
  const trigger = { conditions: { all: [{ match: { severity: "high" } }, { field: "sevrity", op: "==", value: "high" }] } };
  expect(codes((await publish("unknown-field", { trigger })).body)).toEqual([["unknown-field", "Alerts have no field “sevrity”"]]);
  const refused = await publish("unknown-field-strictly", { trigger }, { strict: true });
  expect([refused.status, refused.body.detail]).toEqual([422, [{ loc: ["trigger", "conditions"], msg: expect.stringContaining("sevrity") }]]);
  expect((await world.as("viewer", "GET", "/playbooks/unknown-field-strictly")).status).toBe(404);
  expect((await publish("strictly-fine", { trigger: { conditions: { match: { severity: "high" } } } }, { strict: true })).status).toBe(201);
});

it("warns of playbooks that are named for failures and not there, in the editor too", async () => {
  const over = { trigger: { on: "run-failed", playbooks: ["strictly-fine", "nobody"] }, onRunFailed: "no-handler" };
  const expected = [["missing-playbook", 'there is no playbook "nobody"'], ["missing-playbook", 'there is no playbook "no-handler", which is to start when a run fails']];
  expect(codes((await publish("names-others", over)).body)).toEqual(expected);
  const { body } = await world.as("admin", "POST", "/playbooks/names-others/draft/check", {});
  expect(codes({ warnings: body.problems })).toEqual(expected);
});

it("refuses a schedule that has no times, and a form that cannot be filled in", async () => {
  expect((await publish("no-times", { trigger: { on: "schedule", schedule: { cron: "0 25 * * *" } } })).body.detail).toEqual([{ loc: ["trigger", "schedule", "cron"], msg: expect.stringContaining("hour: 25") }]);
  expect((await publish("no-choice", { trigger: { on: "manual", form: [{ name: "a", type: "choice" }] } })).body.detail).toEqual([{ loc: ["trigger", "form", "0", "choices"], msg: expect.any(String) }]);
});

it("a form is filled in by whoever runs the playbook, and refused field by field", async () => {
  await publish("asks", { trigger: { on: "manual", form: [{ name: "host", type: "text", required: true }, { name: "hours", type: "number", default: 24 }] } });
  const run = (body: object, role: "analyst" | "viewer" = "analyst") => world.as(role, "POST", "/playbooks/asks/run", body);
  expect(await run({ input: { hours: "1", more: 1 } })).toMatchObject({ status: 422, body: { detail: [
    { loc: ["body", "input", "host"], msg: "this is needed" }, { loc: ["body", "input", "hours"], msg: "give a number" }, { loc: ["body", "input", "more"], msg: "the form has no such field" },
  ] } });
  expect((await run({})).status).toBe(422);
  expect((await run({ input: { host: "web-1" } }, "viewer")).status).toBe(403);
  const { status, body } = await run({ input: { host: "web-1" } });
  expect(status).toBe(202);
  const { rows } = await world.owner.query("SELECT input, origin->>'kind' AS kind FROM runs WHERE id = $1", [body.run_id]);
  expect(rows).toEqual([{ input: { host: "web-1", hours: 24 }, kind: "manual" }]);
  expect((await world.as("viewer", "GET", `/runs/${body.run_id}`)).body.origin).toEqual({ kind: "manual", by: expect.stringMatching(/^analyst/), of: null });
});
