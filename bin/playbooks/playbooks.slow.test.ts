import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "../playbooks.ts";

const SHIPPED = path.resolve(import.meta.dirname, "../../playbooks");
const SLUG = "triage-high-severity";
let root: string;
let lines: string[];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "playgraph-playbooks-"));
  cpSync(path.join(SHIPPED, SLUG), path.join(root, SLUG), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

async function run(...args: string[]): Promise<number> {
  lines = [];
  return main(args, { env: {}, print: (line) => void lines.push(line), fetch: () => Promise.reject(new Error("no server here")) });
}
const edit = (name: string, change: (text: string) => string) => {
  const file = path.join(root, SLUG, name);
  writeFileSync(file, change(readFileSync(file, "utf8")));
};
/** Without the folder, which is another one each time. */
const found = () => lines.map((line) => line.replace(/^.*?triage-high-severity\//, ""));

test("every shipped playbook passes", { timeout: 60_000 }, async () => {
  expect(await run("check")).toBe(0);
  expect(lines).toEqual([expect.stringMatching(/^\d+ playbooks checked$/)]);
});

test("a change of a code file's return type is reported at the lines of playbook.json that read it", async () => {
  edit("code/score.ts", (text) => text.replaceAll("risk_score", "risk"));
  expect(await run("check", SLUG, "--folder", root)).toBe(1);
  const at = readFileSync(path.join(root, SLUG, "playbook.json"), "utf8").split("\n").findIndex((line) => line.includes("steps.score.risk_score")) + 1;
  expect(found()[0]).toMatch(new RegExp(`^playbook\\.json:${at}: error: by_risk\\.value: Property 'risk_score' does not exist`));
  expect(found().at(-1)).toBe("5 errors");
});

test("a mistake in a code file is reported at its line", async () => {
  edit("code/has-public-source.ts", (text) => text.replace("alert.source_ip)", "alert.sourceIp)"));
  expect(await run("check", "--folder", root)).toBe(1);
  expect(found()[0]).toMatch(/^code\/has-public-source\.ts:5: error: public_source\.test: Property 'sourceIp' does not exist/);
});

test("a condition on a field that alerts do not have is a warning, which --strict refuses (R105)", async () => {
  edit("playbook.json", (text) => text.replace('"severity": ["high"', '"sevrity": ["high"'));
  const line = readFileSync(path.join(root, SLUG, "playbook.json"), "utf8").split("\n").findIndex((text) => text.includes('"trigger":')) + 1;
  expect(await run("check", "--folder", root)).toBe(0);
  expect(found()[0]).toMatch(new RegExp(`^playbook\\.json:${line}: warning: trigger\\.conditions: Alerts have no field “sevrity”`));
  expect(await run("check", "--strict", "--folder", root)).toBe(1);
  expect(found().at(-1)).toBe("1 warning, which --strict refuses");
});

test.each([
  ["structure", (text: string) => text.replace('"to": "done"', '"to": "nowhere"'), /^playbook\.json:\d+: error: edge "e14" leads to "nowhere"/],
  ["syntax of an expression", (text: string) => text.replace("steps.score.tags", "steps.score."), /^playbook\.json:\d+: error: escalate\.add_tags: /],
  ["shape", (text: string) => text.replace('"nodes"', '"knots"'), /^playbook\.json:1: error: /],
  ["JSON", (text: string) => text.replace('"format": 1,', '"format": 1'), /^playbook\.json:\d+: error: /],
])("wrong %s is reported in playbook.json", async (_, change, line) => {
  edit("playbook.json", change);
  expect(await run("check", "--folder", root)).toBe(1);
  expect(found()[0]).toMatch(line);
});

test.each([
  [[], "npm run playbooks"], [["dance"], "npm run playbooks"], [["check", "--nope"], "--nope"], [["check", "nowhere"], "There is no playbook in"],
  [["push", "../x"], "Set PLAYGRAPH_TOKEN"], [["check", "--folder", "/nowhere"], "There is no folder"],
])("%j ends with a sentence", async (args, text) => {
  expect(await run(...args)).toBe(2);
  expect(lines.join("\n")).toContain(text);
});
