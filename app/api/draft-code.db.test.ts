import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL_ROLES, WebWorld } from "#app/server/testing.ts";
import type { Problem } from "#format";

let world: WebWorld;
let id: string;
beforeAll(async () => {
  world = await WebWorld.create();
  const { body } = await world.as("playbook_author", "POST", "/playbooks", { slug: "scored", document: document(), files: FILES });
  id = body.playbook_id;
});
afterAll(() => world.close());

const FILES = { "code/score.ts": "export default ({ alert }) => ({ risk: alert.tags.length, summary: alert.title });" };
const score = { id: "score", type: "core.code", input: { result: { file: "code/score.ts" } } };
const tell = (expr = "steps.score.summary") => ({ id: "tell", type: "alert.comment", input: { text: { expr } } });
const document = (nodes: object[] = [score, tell()], edges: object[] = [{ id: "e1", from: "trigger", to: "score" }, { id: "e2", from: "score", to: "tell" }]) => ({ format: 1, name: "Scored", nodes, edges });

const ask = (question: string, body: object = {}, playbook = id) => world.as("viewer", "POST", `/playbooks/${playbook}/draft/${question}`, body);
const check = async (body: object = {}): Promise<Problem[]> => (await ask("check", body)).body.problems;

describe("checking", () => {
  it("takes the stored draft, with and without a body, by id and by slug", async () => {
    expect(await check()).toEqual([]);
    expect((await ask("check", {}, "scored")).body).toEqual({ problems: [] });
    const { token } = await world.person("viewer");
    expect((await world.request("POST", `/playbooks/${id}/draft/check`, { token })).body).toEqual({ problems: [] });
  });

  it("sees an edit that is not saved: a changed return type turns the field red that reads it", async () => {
    const files = { "code/score.ts": FILES["code/score.ts"].replace("alert.title", "7") };
    expect(await check({ files })).toMatchObject([{ severity: "error", code: "type", node: "tell", field: "text", line: 1, message: expect.stringContaining("'number' does not satisfy the expected type 'string'") }]);
    expect(await check()).toEqual([]);
  });

  it("tells structure, compilation and types together, each with its place", async () => {
    const nodes = [{ ...score, config: { nonsense: true } }, tell("steps.score.sumary"), { id: "lost", type: "no.such", input: {} }, { id: "empty", type: "alert.comment", input: {} }];
    const files = { "code/score.ts": `import "left-pad";\n${FILES["code/score.ts"]}` };
    const problems = await check({ document: document(nodes), files });
    expect(problems.map(({ code, node }) => [code, node])).toEqual([["wrong-config", "score"], ["unknown-type", "lost"], ["missing-input", "empty"], ["missing-package", "score"], ["type", "tell"]]);
    expect(problems[4]).toMatchObject({ field: "text", line: 1, column: 13, endLine: 1, endColumn: 19 });
  });

  it("keeps the types of a draft with a circle", async () => {
    const edges = [{ id: "e1", from: "trigger", to: "score" }, { id: "e2", from: "score", to: "tell" }, { id: "e3", from: "tell", to: "score" }];
    const codes = (await check({ document: document([score, tell("steps.score.sumary")], edges) })).map(({ code }) => code);
    expect(codes).toContain("cycle");
    expect(codes).toContain("type");
  });
});

describe("the scope of a node", () => {
  it("is a tree of typed fields", async () => {
    const { status, body } = await ask("scope", { node: "tell" });
    expect(status).toBe(200);
    expect(body.fields.find(({ name }: { name: string }) => name === "steps").children).toEqual([
      { path: "steps.score", name: "score", type: "object", optional: false, children: [
        { path: "steps.score.risk", name: "risk", type: "number", optional: false },
        { path: "steps.score.summary", name: "summary", type: "string", optional: false },
      ] },
    ]);
    expect(body.declaration).toContain("summary: string;");
    expect((await ask("scope", { node: "score" })).body.gives).toMatchObject([{ name: "out", path: "steps.score" }]);
  });

  it("is that of a node in the unsaved document, and of no other", async () => {
    expect((await ask("scope", { node: "fresh" })).status).toBe(404);
    expect((await ask("scope", { node: "fresh", document: document([score, { id: "fresh", type: "core.set", input: {} }]) })).status).toBe(200);
    expect((await ask("scope", {})).status).toBe(422);
  });
});

describe("declarations", () => {
  it("hold the world, a module per node, and what stands around an expression", async () => {
    const { body } = await ask("declarations");
    expect(Object.keys(body.files)).toEqual(["world.d.ts", "globals.d.ts", "vars.ts", "node/score.ts", "node/tell.ts"]);
    expect(body.nodes.tell).toEqual({ prefix: expect.stringContaining('import type { Scope } from "../node/tell.ts";'), suffixes: { text: "\n) satisfies string;\n", "*": "\n);\n", alert_id: expect.any(String) } });
    expect(body.scopes).toEqual({ "code/score.ts": 'import("../node/score.ts").Scope' });
  });
});

describe("who may ask, and what", () => {
  const questions = [["check", {}], ["scope", { node: "tell" }], ["declarations", {}]] as const;

  it.each(questions)("%s: whoever may read the playbook, of their own tenant only", async (question, body) => {
    for (const role of ALL_ROLES) expect([role, (await world.as(role, "POST", `/playbooks/${id}/draft/${question}`, body)).status]).toEqual([role, 200]);
    const { token } = await world.person("admin", world.otherTenantId);
    for (const playbook of [id, "scored"]) expect((await world.request("POST", `/playbooks/${playbook}/draft/${question}`, { token, body })).status).toBe(404);
    expect((await world.request("POST", `/playbooks/${id}/draft/${question}`, { body })).status).toBe(401);
    expect((await ask(question, body, randomUUID())).status).toBe(404);
  });

  it.each(questions)("%s: refuses what is no playbook, in words", async (question, body) => {
    const refused = async (changes: object) => {
      const { status, body: answer } = await ask(question, { ...body, ...changes });
      expect([changes, status]).toEqual([changes, 422]);
      return JSON.stringify(answer.detail);
    };
    expect(await refused({ document: { format: 1, name: "x", nodes: [{ id: "A" }], edges: [] } })).toContain("nodes");
    expect(await refused({ document: { format: 99 } })).toContain("format");
    expect(await refused({ document: "text" })).not.toContain("Internal");
    expect(await refused({ document: null })).not.toContain("Internal");
    expect(await refused({ files: { "../etc/passwd": "x" } })).toContain("code/<kebab-case>.ts");
    expect(await refused({ files: { "code/a.ts": 7 } })).toContain("string");
    expect(await refused({ files: { "code/a.ts": "x".repeat(1_000_001) } })).toContain("1,000,000");
    expect(await refused({ nonsense: 1 })).toContain("nonsense");
  });

  it("only the newest of one person's questions about one playbook is answered", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask("check")));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(statuses).toContain(200);
  });
});
