import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";
import { type Applied, applyOperation, type Draft, type Operation, parseDocument } from "#format";

let world: WebWorld;
beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());

const as = (method: string, path: string, body?: unknown) => world.as("playbook_author", method, path, body);
const read = async (id: string) => (await as("GET", `/playbooks/${id}/draft`)).body;
const edit = (id: string, revision: number, operations: unknown[], batch?: string) => as("POST", `/playbooks/${id}/draft/operations`, { revision, operations, ...(batch ? { batch } : {}) });
const publish = (id: string, revision: number) => as("POST", `/playbooks/${id}/draft/publish`, { revision });
async function create(name: string = `Draft ${randomUUID().slice(0, 8)}`): Promise<string> {
  const { status, body } = await as("POST", "/playbooks/new", { name });
  expect(status).toBe(201);
  return body.slug;
}
/** Without a session of edits: straight to version 1. */
async function published(slug = `p-${randomUUID().slice(0, 8)}`): Promise<string> {
  expect((await as("POST", "/playbooks", { slug, document: document("One") })).status).toBe(201);
  return slug;
}
const document = (name: string) => ({ format: 1, name, nodes: [{ id: "a", type: "core.set", input: { x: { value: 1 } } }], edges: [{ id: "e1", from: "trigger", to: "a" }] });
const node = (id: string) => ({ op: "add-node", node: { id, type: "core.set" }, position: { x: 1, y: 2 } });
const rename = (name: string) => ({ op: "set-details", changes: { name } });
const actions = async (target: string) => (await world.as("auditor", "GET", "/audit?limit=200")).body.entries.filter((entry: { target: string }) => entry.target === target).map((entry: { action: string }) => entry.action);

describe("a new playbook", () => {
  it("has an empty draft, no version, and a slug made from its name", async () => {
    const { body } = await as("POST", "/playbooks/new", { name: "Isolate Höst (v2)!" });
    expect(body).toEqual({ id: expect.any(String), slug: "isolate-host-v2" });
    expect((await as("POST", "/playbooks/new", { name: "isolate host v2" })).body.slug).toBe("isolate-host-v2-2");
    expect(await read(body.id)).toMatchObject({ playbook_id: body.id, slug: "isolate-host-v2", revision: 0, base_version: null, published_version: null, differs: true, files: {}, layout: { positions: {} }, document: { name: "Isolate Höst (v2)!", nodes: [], edges: [] } });
    expect((await as("GET", "/playbooks/isolate-host-v2")).body).toMatchObject({ version: null, document: null, versions: [], draft: null });
    expect((await as("GET", "/playbooks")).body.map(({ slug }: { slug: string }) => slug)).toContain("isolate-host-v2");
    expect((await world.as("analyst", "POST", "/playbooks/isolate-host-v2/run", {})).status).toBe(409);
    expect(await actions(body.id)).toEqual(["playbook_created"]);
  });

  it("twice at once gets two slugs", async () => {
    const slugs = await Promise.all(Array.from({ length: 4 }, () => create("Raced")));
    expect(slugs.sort()).toEqual(["raced", "raced-2", "raced-3", "raced-4"]);
  });

  it("with a slug of one's own takes that one, or is refused", async () => {
    expect((await as("POST", "/playbooks/new", { name: "X", slug: "mine" })).body.slug).toBe("mine");
    expect((await as("POST", "/playbooks/new", { name: "X", slug: "mine" })).status).toBe(409);
    for (const slug of ["Mine", "", "../x", randomUUID()]) expect((await as("POST", "/playbooks/new", { name: "X", slug })).status, slug).toBe(422);
    for (const name of ["", "  ", "x".repeat(101)]) expect((await as("POST", "/playbooks/new", { name })).status, name).toBe(422);
    expect((await as("POST", "/playbooks/new", { name: "待處理" })).body.slug).toBe("playbook");
  });

  it("shows in lists the name that it has in the draft until it is published", async () => {
    const slug = await create();
    await edit(slug, 0, [rename("Better name")]);
    expect((await as("GET", `/playbooks/${slug}`)).body.name).toBe("Better name");
  });
});

describe("editing", () => {
  it("begins at the published version and counts its revisions", async () => {
    const slug = await published();
    expect(await read(slug)).toMatchObject({ revision: 0, base_version: 1, published_version: 1, differs: false, document: { name: "One" } });
    const { status, body } = await edit(slug, 0, [node("b"), { op: "add-edge", edge: { id: "e2", from: "a", to: "b" } }, { op: "write-file", path: "code/x.ts", text: "export default () => 1;" }]);
    expect([status, body]).toEqual([200, { revision: 1, updated_at: expect.any(String) }]);
    const { username } = await world.person("playbook_author");
    expect(await read(slug)).toMatchObject({ revision: 1, base_version: 1, differs: true, updated_by: username, updated_at: body.updated_at, layout: { positions: { b: { x: 1, y: 2 } } }, files: { "code/x.ts": "export default () => 1;" } });
    const detail = (await as("GET", `/playbooks/${slug}`)).body;
    expect(detail).toMatchObject({ version: 1, document: { nodes: [{ id: "a" }] }, draft: { revision: 1, updated_by: username, differs: true } });
    // Edited back: the draft is there and says nothing else than the version.
    await edit(slug, 1, [{ op: "remove-edge", id: "e2" }, { op: "remove-node", id: "b" }, { op: "write-file", path: "code/x.ts" }]);
    expect(await read(slug)).toMatchObject({ revision: 2, differs: false });
  });

  it("of a revision that is gone is refused with the draft that is stored", async () => {
    const slug = await published();
    await edit(slug, 0, [rename("Theirs")]);
    const { status, body } = await edit(slug, 0, [rename("Mine")]);
    expect([status, body.detail]).toEqual([409, expect.stringContaining("revision 1")]);
    expect(body.draft).toEqual(await read(slug));
    expect(body.draft.document.name).toBe("Theirs");
    expect((await edit(slug, 7, [rename("Mine")])).status).toBe(409);
  });

  it("sent again because its answer got lost is not applied twice", async () => {
    const slug = await published();
    const first = await edit(slug, 0, [node("b")], "batch-1");
    expect((await edit(slug, 0, [node("b")], "batch-1")).body).toEqual(first.body);
    expect((await edit(slug, 0, [node("b")], "batch-2")).status).toBe(409);
    await edit(slug, 1, [node("c")], "batch-3");
    expect((await edit(slug, 0, [node("b")], "batch-1")).status).toBe(409);
  });

  it.each<[string, unknown[], (string | number)[]]>([
    ["does not apply", [node("b"), { op: "remove-node", id: "nowhere" }], ["body", "operations", 1]],
    ["is none", [{ op: "explode" }], ["body", "operations", 0, "op"]],
    ["has a field too many", [{ ...rename("x"), and: 1 }], ["body", "operations", 0]],
    ["would make a circle", [node("b"), { op: "add-edge", edge: { id: "e2", from: "a", to: "b" } }, { op: "add-edge", edge: { id: "e3", from: "b", to: "a" } }], ["body", "operations", 2]],
    ["writes elsewhere", [{ op: "write-file", path: "../x.ts", text: "" }], ["body", "operations", 0, "path"]],
    ["holds a file that is too long", [{ op: "write-file", path: "code/x.ts", text: "x".repeat(200_001) }], ["body", "operations", 0, "text"]],
  ])("with an operation that %s stores nothing and says which", async (_name, operations, loc) => {
    const slug = await published();
    const { status, body } = await edit(slug, 0, operations);
    expect([status, body.detail[0].loc]).toEqual([422, loc]);
    expect(await read(slug)).toMatchObject({ revision: 0, differs: false });
  });

  it("ends where a playbook is too large, saying so", async () => {
    const slug = await published();
    const file = (index: number) => ({ op: "write-file", path: `code/f${index}.ts`, text: `//${"x".repeat(199_998)}` });
    expect((await edit(slug, 0, [0, 1, 2, 3, 4].map(file))).status).toBe(200);
    const more = await edit(slug, 1, [file(5)]);
    expect([more.status, more.body.detail]).toEqual([422, expect.stringContaining("1,000,000 characters")]);
    const long = Array.from({ length: 2 }, (_, index) => ({ op: "set-config", id: "a", field: `f${index}`, value: "y".repeat(1_100_000) }));
    const document = await edit(slug, 1, long);
    expect([document.status, document.body.detail]).toEqual([422, expect.stringContaining("document")]);
    expect((await edit(slug, 1, [])).status).toBe(422);
    // What no request may carry is told before anybody reads it.
    const body = await edit(slug, 1, Array.from({ length: 27 }, (_, index) => file(index)));
    expect([body.status, body.body.detail]).toEqual([413, "The body is larger than 5 MB"]);
    expect((await publish(slug, 1)).status).toBe(201);
  });

  it("the largest playbook there may be takes seconds, not minutes", async () => {
    const slug = await create();
    const nodes = Array.from({ length: 2000 }, (_, index) => node(`n${index}`));
    const edges = Array.from({ length: 8000 }, (_, index) => ({ op: "add-edge", edge: { id: `e${index}`, from: `n${index % 1000}`, port: `p${Math.floor(index / 1000)}`, to: `n${1000 + (index % 1000)}` } }));
    const from = performance.now();
    expect((await edit(slug, 0, [...nodes, ...edges])).body).toMatchObject({ revision: 1 });
    expect(performance.now() - from).toBeLessThan(10_000);
  });
});

describe("several editors", () => {
  it("at once on one revision: exactly one is stored each time, and no edit is lost", async () => {
    const slug = await create();
    for (let revision = 0; revision < 6; revision++) {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, editor) => edit(slug, revision, [node(`r${revision}e${editor}`)])));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
      const winner = answers.findIndex(({ status }) => status === 200);
      for (const { status, body } of answers) if (status === 409) expect(body.draft.document.nodes.map(({ id }: { id: string }) => id)).toContain(`r${revision}e${winner}`);
    }
    const { revision, document } = await read(slug);
    expect([revision, document.nodes.length]).toEqual([6, 6]);
  });

  it("publishing at the same time takes the draft of its revision or refuses", async () => {
    const slug = await published();
    await edit(slug, 0, [rename("Two")]);
    const [one, other] = await Promise.all([publish(slug, 1), edit(slug, 1, [rename("Three")])]);
    const draft = await read(slug);
    if (other.status === 200) expect(draft.document.name).toBe("Three");
    if (one.status === 201) expect((await as("GET", `/playbooks/${slug}`)).body).toMatchObject({ version: 2, name: "Two" });
    expect([one.status, other.status].some((status) => status < 300)).toBe(true);
  });
});

it("operations through the API give what they give in the browser", async () => {
  const id = fc.constantFrom("a", "b", "c", "constructor");
  const operation = fc.oneof(
    fc.record({ op: fc.constant("add-node"), node: fc.record({ id, type: fc.constant("core.set") }), position: fc.record({ x: fc.double({ noNaN: true, min: -1e6, max: 1e6 }), y: fc.integer() }) }),
    fc.record({ op: fc.constant("remove-node"), id }),
    fc.record({ op: fc.constant("rename-node"), id, to: id }),
    fc.record({ op: fc.constant("set-input"), id, field: fc.constantFrom("x", "constructor"), binding: fc.oneof(fc.record({ value: fc.jsonValue() }), fc.constant({ expr: "alert.title" })) }),
    fc.record({ op: fc.constant("add-edge"), edge: fc.record({ id: fc.constantFrom("e1", "e2", "e3"), from: fc.oneof(id, fc.constant("trigger")), port: fc.constant("out"), to: id }) }),
    fc.record({ op: fc.constant("remove-edge"), id: fc.constantFrom("e1", "e2", "e3") }),
    fc.record({ op: fc.constant("write-file"), path: fc.constantFrom("code/a.ts", "code/b.ts"), text: fc.string({ unit: "grapheme" }) }),
  ) as fc.Arbitrary<Operation>;
  /** What PostgreSQL cannot hold is refused on the way (app/api/json-guard.ts). */
  const isHeld = (value: unknown): boolean => !JSON.stringify(value).includes("\\u0000") && !/\\ud[89a-f]/i.test(JSON.stringify(value)) && !JSON.stringify(value).includes("__proto__");

  await fc.assert(fc.asyncProperty(fc.array(fc.array(operation.filter(isHeld), { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (batches) => {
    const slug = await create("Same");
    let local: Draft = { document: parseDocument({ format: 1, name: "Same", nodes: [], edges: [] }), layout: { positions: {} }, files: {} };
    let revision = 0;
    for (const operations of batches) {
      // As they arrive: without what JSON cannot say.
      const sent = JSON.parse(JSON.stringify(operations)) as Operation[];
      let next: Draft | undefined = local;
      for (const one of sent) {
        const applied: Applied | undefined = next && applyOperation(next, normal(one));
        next = applied?.ok ? applied.draft : undefined;
      }
      const { status } = await edit(slug, revision, sent);
      expect(status).toBe(next ? 200 : 422);
      if (next) {
        local = next;
        revision++;
      }
    }
    const { document, layout, files, revision: stored } = await read(slug);
    expect({ document, layout, files, revision: stored }).toEqual({ ...local, revision });
  }), { numRuns: 25 });
}, 60_000);

/** With the defaults that the schema gives. */
const normal = (one: Operation): Operation => (one.op === "add-node" ? { ...one, node: parseDocument({ format: 1, name: "x", nodes: [one.node], edges: [] }).nodes[0]! } : one);

describe("publishing a draft", () => {
  it("makes the next version; afterwards there is no draft", async () => {
    const slug = await published();
    await edit(slug, 0, [rename("Two")]);
    const { status, body } = await publish(slug, 1);
    expect([status, body]).toMatchObject([201, { slug, version: 2, unchanged: false, warnings: [] }]);
    expect(await read(slug)).toMatchObject({ revision: 1, base_version: 2, published_version: 2, differs: false });
    expect((await as("GET", `/playbooks/${slug}`)).body).toMatchObject({ name: "Two", version: 2, draft: null });
    // The editor that published goes on from what it has.
    expect((await edit(slug, 1, [rename("Three")])).status).toBe(200);
    expect((await publish(slug, 2)).body).toMatchObject({ version: 3 });
    expect((await publish(slug, 2)).body).toMatchObject({ version: 3, unchanged: true });
    expect(await actions(body.playbook_id)).toEqual(["playbook_published", "playbook_published", "playbook_published"]);
  });

  it("is refused for another revision, and for what does not fit", async () => {
    const slug = await published();
    await edit(slug, 0, [rename("Two")]);
    const stale = await publish(slug, 0);
    expect([stale.status, stale.body.draft.document.name]).toEqual([409, "Two"]);
    await edit(slug, 1, [{ op: "set-input", id: "a", field: "x", binding: { expr: "steps.nobody.x" } }]);
    const wrong = await publish(slug, 2);
    expect([wrong.status, wrong.body.detail[0].loc]).toEqual([422, ["nodes", "a", "input", "x"]]);
    expect(await read(slug)).toMatchObject({ revision: 2, published_version: 1 });
  });

  it("a version from elsewhere leaves the draft alone, which says that its base is no longer published", async () => {
    const slug = await published();
    await edit(slug, 0, [rename("Mine")]);
    expect((await as("POST", "/playbooks", { slug, document: document("Theirs") })).body.version).toBe(2);
    expect(await read(slug)).toMatchObject({ revision: 1, base_version: 1, published_version: 2, differs: true, document: { name: "Mine" } });
    expect((await publish(slug, 1)).body.version).toBe(3);
  });

  it("a version from elsewhere makes stale what is open in an editor without a draft", async () => {
    const slug = await published();
    const { revision } = await read(slug);
    await as("POST", "/playbooks", { slug, document: document("Theirs") });
    const { status, body } = await edit(slug, revision, [rename("Mine")]);
    expect([status, body.draft.document.name]).toEqual([409, "Theirs"]);
  });
});

describe("discarding", () => {
  it("goes back to the published version, and what was made on the draft is stale", async () => {
    const slug = await published();
    await edit(slug, 0, [rename("Mine")]);
    expect((await as("DELETE", `/playbooks/${slug}/draft?revision=0`)).status).toBe(409);
    const { status, body } = await as("DELETE", `/playbooks/${slug}/draft?revision=1`);
    expect([status, body]).toMatchObject([200, { revision: 2, differs: false, document: { name: "One" } }]);
    expect((await edit(slug, 1, [rename("Mine")])).status).toBe(409);
    expect((await as("DELETE", `/playbooks/${slug}/draft`)).body).toEqual(body);
    expect((await actions(body.playbook_id))[0]).toBe("draft_discarded");
  });
});

describe("replacing", () => {
  const put = (id: string, body: object) => as("PUT", `/playbooks/${id}/draft`, body);

  it("takes a whole document, as long as nothing unpublished is lost unseen", async () => {
    const slug = await published();
    expect((await put(slug, { document: document("Two"), files: { "code/x.ts": "" } })).body).toMatchObject({ revision: 1, differs: true, document: { name: "Two" }, files: { "code/x.ts": "" } });
    expect((await put(slug, { document: document("Three") })).status).toBe(409);
    expect((await put(slug, { document: document("Three"), revision: 0 })).body.draft.document.name).toBe("Two");
    expect((await put(slug, { document: document("Three"), revision: 1 })).body).toMatchObject({ revision: 2, base_version: 1, files: {} });
    expect((await actions((await read(slug)).playbook_id)).slice(0, 2)).toEqual(["draft_replaced", "draft_replaced"]);
  });

  it("refuses what no operation would make, and takes what is merely unfinished", async () => {
    const slug = await create();
    const inside = (id: string, container: string) => ({ id, type: "core.set", in: container });
    for (const broken of [
      { edges: [{ id: "e1", from: "trigger", to: "nowhere" }] },
      { nodes: [{ id: "a", type: "core.set" }, { id: "a", type: "core.set" }], edges: [] },
      { nodes: [inside("a", "b"), inside("b", "a")], edges: [] },
      { edges: [{ id: "e1", from: "a", to: "a" }] },
      { format: 99 },
    ]) expect((await put(slug, { document: { ...document("X"), ...broken } })).status, JSON.stringify(broken)).toBe(422);
    expect((await put(slug, { document: document("X"), files: { "../x.ts": "" } })).status).toBe(422);
    expect((await put(slug, { document: { ...document("X"), nodes: [{ id: "a", type: "not.installed" }] } })).status).toBe(200);
  });
});

it("what is no playbook has no draft; what another tenant has neither", async () => {
  const slug = await published();
  const { token } = await world.person("admin", world.otherTenantId);
  for (const [method, path, body] of [["GET", "draft"], ["DELETE", "draft"], ["POST", "draft/operations", { revision: 0, operations: [rename("x")] }], ["POST", "draft/publish", { revision: 0 }]] as const) {
    expect((await world.request(method, `/playbooks/${slug}/${path}`, { token, body })).status).toBe(404);
    expect((await as(method, `/playbooks/${randomUUID()}/${path}`, body)).status).toBe(404);
  }
});
