import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PASSWORD, WebWorld } from "#app/server/testing.ts";
import { main } from "../playbooks.ts";

const SHIPPED = path.resolve(import.meta.dirname, "../../playbooks");
let world: WebWorld;
let root: string;
let env: Record<string, string>;
let lines: string[] = [];

beforeAll(async () => {
  world = await WebWorld.create();
  env = { PLAYGRAPH_URL: "http://soc.test:3000/", PLAYGRAPH_TOKEN: (await world.person("playbook_author")).token };
});
afterAll(() => world.close());
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "playgraph-playbooks-"));
  for (const slug of ["first-look", "bench-triage"]) cpSync(path.join(SHIPPED, slug), path.join(root, slug), { recursive: true });
  return () => rmSync(root, { recursive: true });
});

/** The application without a socket. */
const fetchWorld: typeof fetch = async (url, init) => {
  const { pathname } = new URL(String(url));
  const answer = await world.request(init?.method ?? "GET", pathname.replace("/api/v1", ""), { headers: init?.headers as Record<string, string>, body: init?.body ?? undefined });
  return new Response(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body), { status: answer.status });
};

function run(args: string[], overrides: Record<string, string> = {}): Promise<number> {
  lines = [];
  return main([...args, "--folder", root], { env: { ...env, ...overrides }, print: (line) => void lines.push(line), fetch: fetchWorld });
}

/** Every file below, by path. */
const snapshot = () => Object.fromEntries(readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => [path.join(entry.parentPath, entry.name), readFileSync(path.join(entry.parentPath, entry.name), "utf8")]));
const edit = (name: string, change: (text: string) => string) => writeFileSync(path.join(root, name), change(readFileSync(path.join(root, name), "utf8")));

test("push publishes, and pull right after it changes nothing", async () => {
  edit("first-look/playbook.json", (text) => JSON.stringify(JSON.parse(text))); // formatted by somebody else
  const before = snapshot();
  expect(await run(["push"])).toBe(0);
  expect(lines).toEqual(["bench-triage: version 1, published", "first-look: version 1, published"]);
  expect(await run(["pull"])).toBe(0);
  expect(lines.sort()).toEqual(["bench-triage: version 1, nothing changed", "first-look: version 1, nothing changed"]);
  expect(snapshot()).toEqual(before);
  expect(await run(["push", "first-look"])).toBe(0);
  expect(lines).toEqual(["first-look: version 1, nothing changed"]);
});

test("a playbook that is not there yet is pulled as it was shipped", async () => {
  await run(["push"]);
  const { [path.join(root, "first-look/README.md")]: _readme, [path.join(root, "first-look/tests/assess.test.ts")]: _test, ...shipped } = snapshot();
  rmSync(path.join(root, "first-look"), { recursive: true });
  await run(["pull"]);
  expect(snapshot()).toEqual(shipped);
});

test("pull brings what changed elsewhere, and removes the files that are gone", async () => {
  await run(["push"]);
  const original = snapshot();
  edit("bench-triage/playbook.json", (text) => text.replace("How bad?", "How bad is it?"));
  edit("bench-triage/code/score.ts", (text) => `// changed\n${text}`);
  writeFileSync(path.join(root, "bench-triage/code/more.ts"), "export const more = 1;\n");
  await run(["pull", "bench-triage"]);
  expect(lines).toEqual(["bench-triage: version 1, playbook.json, code/score.ts, code/more.ts removed"]);
  expect(snapshot()).toEqual(original);
});

test("what publishing refuses is said, and the rest is published", async () => {
  edit("bench-triage/code/score.ts", (text) => text.replace("score: number; reasons", "points: number; reasons").replace("return { score:", "return { points:"));
  expect(await run(["push"])).toBe(1);
  expect(lines[0]).toMatch(/^bench-triage: refused: nodes\.by_score\.input\.value: Property 'score' does not exist/);
  expect(lines.at(-1)).toMatch(/^first-look: version 1/);
});

test("signs in with a password; says when it may not", async () => {
  const { username } = await world.person("playbook_author");
  expect(await run(["pull", "first-look"], { PLAYGRAPH_TOKEN: "", PLAYGRAPH_USER: username, PLAYGRAPH_PASSWORD: PASSWORD })).toBe(0);
  expect(await run(["pull"], { PLAYGRAPH_TOKEN: "", PLAYGRAPH_USER: username, PLAYGRAPH_PASSWORD: "wrong" })).toBe(2);
  expect(lines).toEqual(["The user name or the password is wrong."]);
  expect(await run(["push", "first-look"], { PLAYGRAPH_TOKEN: (await world.person("viewer")).token })).toBe(2);
  expect(lines[0]).toContain("may not do that");
  expect(await run(["pull", "nowhere"])).toBe(2);
  expect(lines).toEqual(['There is no published playbook "nowhere".']);
});

test("a draft is pulled and pushed by itself: nothing is published, and a pull right after a push changes no byte", async () => {
  await run(["push"]);
  edit("first-look/playbook.json", (text) => text.replace('"name": "First look"', '"name": "Second look"'));
  edit("first-look/layout.json", (text) => JSON.stringify(JSON.parse(text), null, 4)); // formatted by somebody else
  const before = snapshot();
  expect(await run(["push", "--draft", "first-look"])).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^first-look: draft at revision \d+, replaced$/)]);
  expect(await run(["pull", "--draft", "first-look"])).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^first-look: draft at revision \d+, nothing changed$/)]);
  expect(snapshot()).toEqual(before);
  expect(await run(["push", "--draft", "first-look"])).toBe(0);
  expect(lines[0]).toContain("nothing changed");
  expect((await world.as("viewer", "GET", "/playbooks/first-look")).body).toMatchObject({ name: "First look", draft: { differs: true } });
  await run(["pull", "first-look"]);
  expect(lines).toEqual(["first-look: version 1, playbook.json"]);
});

test("a draft that somebody else edited is not replaced unseen", async () => {
  await run(["push", "bench-triage"]);
  const { body: draft } = await world.as("admin", "GET", "/playbooks/bench-triage/draft");
  const { body: edited } = await world.as("admin", "POST", "/playbooks/bench-triage/draft/operations", { revision: draft.revision, operations: [{ op: "set-details", changes: { name: "Theirs" } }] });
  edit("bench-triage/playbook.json", (text) => text.replace("How bad?", "How bad is it?"));
  expect(await run(["push", "--draft", "bench-triage"])).toBe(1);
  expect(lines[0]).toContain(`push --draft --revision ${edited.revision} bench-triage`);
  expect(await run(["push", "--draft", "--revision", String(edited.revision - 1), "bench-triage"])).toBe(1);
  expect(lines[0]).toContain(`the draft is at revision ${edited.revision}`);
  expect(await run(["push", "--draft", "--revision", String(edited.revision), "bench-triage"])).toBe(0);
  expect(lines).toEqual([`bench-triage: draft at revision ${edited.revision + 1}, replaced`]);
  expect(await run(["push", "--draft", "--revision", "1"])).toBe(2);
});

test("a folder that is no playbook yet becomes a draft without a version", async () => {
  cpSync(path.join(root, "first-look"), path.join(root, "brand-new"), { recursive: true });
  expect(await run(["push", "--draft", "brand-new"])).toBe(0);
  expect((await world.as("viewer", "GET", "/playbooks/brand-new")).body).toMatchObject({ version: null, name: "First look", has_draft: true });
  edit("brand-new/playbook.json", (text) => text.replace(/"to": "[a-z_]+"/i, '"to": "nowhere"'));
  expect(await run(["push", "--draft", "--revision", "1", "brand-new"])).toBe(1);
  expect(lines[0]).toMatch(/^brand-new: refused: edges\..*nowhere/);
});
