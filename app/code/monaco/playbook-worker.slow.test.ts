import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declarations } from "#engine/code/check/index.ts";
import { code, sketch, type Sketch } from "#engine/code/check/testing.ts";
import { COMPILER_OPTIONS } from "./compiler-options.ts";
import { expressionFile, ROOT, WRAPPERS } from "./paths.ts";
import type { PlaybookWorker } from "./playbook-worker.ts";

const folder = mkdtempSync(join(tmpdir(), "playgraph-worker-"));
let Worker: typeof PlaybookWorker;
beforeAll(async () => {
  // As the browser gets it, loaded by Node itself: Vitest would take half a minute to transform Monaco's TypeScript.
  const outfile = join(folder, "worker.mjs");
  await build({ entryPoints: [join(import.meta.dirname, "playbook-worker.ts")], bundle: true, format: "esm", outfile, logLevel: "error" });
  ({ PlaybookWorker: Worker } = createRequire(import.meta.url)(outfile) as { PlaybookWorker: typeof PlaybookWorker });
  await (await open({ nodes, files })).errors(SCORE);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Monaco's side of the worker: models with versions, and what the server declares. */
async function open(draft: Sketch, expressions: Record<string, string> = {}) {
  const outcome = await declarations(sketch(draft));
  if (outcome.status !== "answered") throw new Error(outcome.status);
  const { files, nodes, scopes } = outcome.answer;
  const libraries = { ...Object.fromEntries(Object.entries(files).map(([path, text]) => [ROOT + path, text])), [WRAPPERS]: JSON.stringify({ nodes, scopes }) };
  const models = new Map<string, { text: string; version: number }>();
  const write = (file: string, text: string) => models.set(file, { text, version: (models.get(file)?.version ?? 0) + 1 });
  for (const [path, text] of Object.entries(draft.files ?? {})) write(ROOT + path, text);
  for (const [place, text] of Object.entries(expressions)) write(expressionFile(...(place.split(".") as [string, string])), text);
  const context = { host: {}, getMirrorModels: () => [...models].map(([file, { text, version }]) => ({ uri: { toString: () => file, path: file.slice("file://".length) }, version, getValue: () => text })) };
  const worker = new Worker(context as never, { compilerOptions: COMPILER_OPTIONS as never, extraLibs: Object.fromEntries(Object.entries(libraries).map(([path, content]) => [path, { content, version: 1 }])) });
  const text = (file: string) => models.get(file)!.text;
  return {
    worker, write,
    /** Where and why, as the author's text. */
    async errors(file: string) {
      const found = [...(await worker.getSyntacticDiagnostics(file)), ...(await worker.getSemanticDiagnostics(file))];
      return found.map(({ start = 0, length = 0, messageText }) => [text(file).slice(start, start + length), typeof messageText === "string" ? messageText : messageText.messageText]);
    },
  };
}

const nodes = { score: code("code/score.ts"), tell: { type: "alert.comment", input: { text: { value: "x" } } } };
const files = { "code/score.ts": 'import { half } from "./half.ts";\n\nexport default ({ alert }) => ({ risk: half(alert.tags.length), summary: alert.title });', "code/half.ts": "/** Half of it. */\nexport const half = (n: number) => n / 2;" };
const TELL = expressionFile("tell", "text");
const SCORE = `${ROOT}code/score.ts`;

describe("an expression", () => {
  it("is right or wrong by what is upstream and by what its field takes", async () => {
    const { errors, write } = await open({ nodes, files }, { "tell.text": "steps.score.summary" });
    expect(await errors(TELL)).toEqual([]);
    write(TELL, "steps.score.risk");
    expect(await errors(TELL)).toEqual([["steps.score.risk", "Type 'number' does not satisfy the expected type 'string'."]]);
    write(TELL, "alert.");
    expect((await errors(TELL))[0]).toEqual(["alert.", "Identifier expected."]);
    expect(await errors(TELL)).toHaveLength(1);
    write(TELL, "alert.title + steps.scor.x");
    expect(await errors(TELL)).toEqual([["scor", expect.stringContaining("'scor' does not exist")]]);
  });

  it("turns red when the code upstream changes what it gives, without asking anybody", async () => {
    const { errors, write } = await open({ nodes, files }, { "tell.text": "steps.score.summary.trim()" });
    expect(await errors(TELL)).toEqual([]);
    write(`${ROOT}code/score.ts`, "export default () => ({ summary: 7 });");
    expect(await errors(TELL)).toEqual([["trim", "Property 'trim' does not exist on type 'number'."]]);
  });

  it("completes what is upstream first, and nothing of what stands around it", async () => {
    const { worker } = await open({ nodes, files }, { "tell.text": "steps.score." });
    const members = await worker.getCompletionsAtPosition(TELL, "steps.score.".length);
    expect(members?.entries.map(({ name }) => name)).toEqual(["risk", "summary"]);
    const { entries = [] } = (await (await open({ nodes, files }, { "tell.text": "" })).worker.getCompletionsAtPosition(TELL, 0)) ?? {};
    const names = entries.filter(({ sortText }) => sortText === "0").map(({ name }) => name);
    expect(names.sort()).toEqual(["alert", "run", "steps", "trigger", "vars"]);
    expect(entries.map(({ name }) => name)).not.toContain("AlertView");
    expect(entries.map(({ name }) => name)).not.toContain("value");
  });

  it("explains a name where it stands", async () => {
    const { worker } = await open({ nodes, files }, { "tell.text": "alert.risk_score" });
    const info = await worker.getQuickInfoAtPosition(TELL, 8);
    expect(info?.textSpan).toEqual({ start: 6, length: 10 });
    expect(info?.documentation?.map(({ text }) => text).join("")).toContain("0 to 100");
  });

  it("leads to the code that gives a value", async () => {
    const { worker } = await open({ nodes, files }, { "tell.text": "steps.score.risk" });
    const [definition] = (await worker.getDefinitionAtPosition(TELL, 13)) ?? [];
    expect(definition?.fileName).toBe(`${ROOT}code/score.ts`);
    expect(files["code/score.ts"].slice(definition!.textSpan.start, definition!.textSpan.start + definition!.textSpan.length)).toBe("risk");
  });
});

describe("a file", () => {
  it("is called with what its node sees, without anybody having written that down", async () => {
    const { errors, write } = await open({ nodes, files });
    expect(await errors(SCORE)).toEqual([]);
    write(SCORE, "export default ({ alert, steps }) => alert.nothing + steps.tell;");
    expect(await errors(SCORE)).toEqual([["nothing", expect.stringContaining("does not exist")], ["tell", expect.stringContaining("does not exist")]]);
  });

  it("is edited in its own text: names, fixes and formatting change nothing else", async () => {
    const { worker, write } = await open({ nodes, files });
    const [rename] = (await worker.findRenameLocations(SCORE, files["code/score.ts"].indexOf("alert"), false, false, false)) ?? [];
    expect(rename?.textSpan).toEqual({ start: files["code/score.ts"].indexOf("alert"), length: 5 });
    write(SCORE, "export default ({ alert }) =>   ({   summary: alert.title });");
    const edits = await worker.getFormattingEditsForDocument(SCORE, { indentSize: 2, tabSize: 2 });
    const formatted = [...edits].sort((a, b) => b.span.start - a.span.start).reduce((text, { span, newText }) => text.slice(0, span.start) + newText + text.slice(span.start + span.length), "export default ({ alert }) =>   ({   summary: alert.title });");
    expect(formatted).toBe("export default ({ alert }) => ({ summary: alert.title });");
  });

  it("says what it gives", async () => {
    const { worker, write } = await open({ nodes, files });
    expect(await worker.getReturnType(SCORE)).toBe("{\n  risk: number;\n  summary: string;\n}");
    write(SCORE, "interface Score { risk: number }\nexport default async (): Promise<Score> => ({ risk: 1 });");
    expect(await worker.getReturnType(SCORE)).toBe("{\n  risk: number;\n}");
    write(SCORE, "export const nothing = 1;");
    expect(await worker.getReturnType(SCORE)).toBeUndefined();
  });

  it("only warns of what nobody typed", async () => {
    const { worker, write } = await open({ nodes, files });
    write(SCORE, "const twice = (x) => x * 2;\nexport default () => twice(2);");
    expect((await worker.getSemanticDiagnostics(SCORE)).map(({ category }) => category)).toEqual([0]);
  });
});
