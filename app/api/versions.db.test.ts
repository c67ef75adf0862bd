import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";

let world: WebWorld;
let slug: string;
beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());
beforeEach(async () => {
  slug = `p-${randomUUID().slice(0, 8)}`;
  for (const name of ["One", "Two", "Three"]) await as("POST", "/playbooks", { slug, document: document(name) });
});

const as = (method: string, path: string, body?: unknown) => world.as("playbook_author", method, path, body);
const document = (name: string) => ({ format: 1, name, nodes: [{ id: "a", type: "core.set", input: { x: { value: name } } }], edges: [{ id: "e1", from: "trigger", to: "a" }] });
const restore = (number: number, body?: object) => as("POST", `/playbooks/${slug}/versions/${number}/restore`, body);
const rename = (revision: number, name: string) => as("POST", `/playbooks/${slug}/draft/operations`, { revision, operations: [{ op: "set-details", changes: { name } }] });

it("versions say who published them, when, and what changed", async () => {
  const { username } = await world.person("playbook_author");
  const { status, body } = await as("GET", `/playbooks/${slug}/versions?limit=2`);
  expect(status).toBe(200);
  expect(body.versions).toEqual([
    { id: expect.any(String), number: 3, content_hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: expect.any(String), published_by: username, is_published: true, changes: ["changed a (x)", "renamed to Three"] },
    expect.objectContaining({ number: 2, is_published: false, changes: ["changed a (x)", "renamed to Two"] }),
  ]);
  expect(body.next_before).toBe(2);
  expect((await as("GET", `/playbooks/${slug}/versions?limit=2&before=2`)).body).toMatchObject({ versions: [{ number: 1, changes: ["first version, with 1 node"] }], next_before: null });
});

it("an old version is read as it was", async () => {
  const { body } = await as("GET", `/playbooks/${slug}/versions/1`);
  expect(body).toMatchObject({ slug, number: 1, is_published: false, document: { name: "One" }, layout: { positions: {} }, files: {} });
  for (const [number, status] of [["4", 404], ["0", 422], ["x", 422], ["99999999999", 422]] as const) expect((await as("GET", `/playbooks/${slug}/versions/${number}`)).status, number).toBe(status);
});

it("a snapshot that a test executed is no version", async () => {
  await world.owner.query("INSERT INTO playbook_versions (id, tenant_id, playbook_id, number, document, layout, content_hash) SELECT gen_random_uuid(), tenant_id, playbook_id, NULL, '{}', '{}', 'x' FROM playbook_versions WHERE number = 1 AND playbook_id = (SELECT id FROM playbooks WHERE slug = $1)", [slug]);
  expect((await as("GET", `/playbooks/${slug}/versions`)).body.versions).toHaveLength(3);
  expect((await as("GET", `/playbooks/${slug}`)).body.versions).toHaveLength(3);
  expect((await as("POST", "/playbooks", { slug, document: document("Three") })).body).toMatchObject({ version: 3, unchanged: true });
});

it("a restored version is the draft, which publishing makes a new version", async () => {
  const { status, body } = await restore(1);
  expect([status, body]).toMatchObject([200, { revision: 3, base_version: 3, published_version: 3, differs: true, document: { name: "One" } }]);
  expect((await as("GET", `/playbooks/${slug}`)).body).toMatchObject({ version: 3, name: "Three", draft: { revision: 3 } });
  expect((await as("POST", `/playbooks/${slug}/draft/publish`, { revision: body.revision })).body.version).toBe(4);
  expect((await as("GET", `/playbooks/${slug}/versions/4`)).body.document).toEqual((await as("GET", `/playbooks/${slug}/versions/1`)).body.document);
  const { entries } = (await world.as("auditor", "GET", "/audit?action=playbook_restored")).body;
  expect(entries[0]).toMatchObject({ target: body.playbook_id, data: { version: 1 } });
});

it("what is not published is not given up unseen", async () => {
  const { body: edited } = await rename(2, "Mine");
  const refused = await restore(1);
  expect([refused.status, refused.body.draft.document.name]).toEqual([409, "Mine"]);
  expect((await restore(1, { revision: edited.revision - 1 })).status).toBe(409);
  expect((await restore(7, { revision: edited.revision })).status).toBe(404);
  expect((await restore(1, { revision: edited.revision })).body).toMatchObject({ revision: edited.revision + 1, document: { name: "One" } });
  // What was edited on the draft that is gone is stale.
  expect((await rename(edited.revision, "Mine again")).status).toBe(409);
});
