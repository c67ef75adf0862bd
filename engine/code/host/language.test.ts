/** What code finds inside the isolate, and what it does not. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeCall, CodeHost, FetchRequest } from "../types.ts";
import { createCodeHost } from "./index.ts";
import { bundleOf, runner } from "./testing.ts";

let host: CodeHost;
beforeAll(() => { host = createCodeHost({ processes: 1 }); });
afterAll(async () => host.close());

/** @param body statements of the default export. */
async function run(body: string, more: Partial<CodeCall> = {}) {
  return runner(host, await bundleOf({ main: `export default async ({ trigger, alert, steps, item, vars, run }: any): Promise<any> => {\n${body}\n}` }))("main", more);
}
const value = async (body: string, more?: Partial<CodeCall>): Promise<unknown> => {
  const result = await run(body, more);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe("entries", () => {
  it("evaluate all expressions of a node at once", async () => {
    const bundle = await bundleOf({}, { n: { sum: "steps.a.x + alert.y", gone: "undefined", nothing: "null", list: "[...(steps.b ?? [])].map((x: number) => x * 2)", later: "Promise.resolve(7)", __proto__x: "1" } });
    const result = await runner(host, bundle)("expr:n", { scope: { steps: { a: { x: 1 }, b: [1, 2], c: "unused" }, alert: { y: 2 } } });
    expect(result).toEqual({ ok: true, value: { sum: 3, nothing: null, list: [2, 4], later: 7, __proto__x: 1 }, logs: [] });
  });
  it("call a file with one object", async () => {
    expect(await value("return { trigger, alert, steps, item, vars, run }", { scope: { trigger: 1, alert: { a: [null] }, steps: { x: "y" }, item: false, vars: { v: 1 }, run: { id: "r" } } }))
      .toEqual({ trigger: 1, alert: { a: [null] }, item: false, vars: { v: 1 }, run: { id: "r" }, steps: { x: "y" } });
  });
  it("give undefined for a step that did not run", async () => {
    expect(await value("return [steps.x === undefined, typeof item]")).toEqual([true, "undefined"]);
  });
  it("that do not exist are refused", async () => {
    expect(await host.call({ tenantId: "t", bundle: await bundleOf({}, { n: { a: "1" } }), entry: "expr:other", scope: {}, timeoutMs: 100 })).toMatchObject({ ok: false, failure: { reason: "load" } });
  });
  it("name field and line of an expression that throws", async () => {
    const bundle = await bundleOf({}, { n: { good: "1", bad: "alert\n  .a\n  .b\n  .c" } });
    expect(await runner(host, bundle)("expr:n", { scope: { alert: {} } })).toMatchObject({ ok: false, failure: { reason: "throw", field: "bad", line: 3, message: expect.stringContaining('"bad" line 3') as string } });
  });
  it("name file and line, also of an imported file and of a promise", async () => {
    const bundle = await bundleOf({ main: 'import { inner } from "./inner";\nexport default async () => {\n  await null;\n  return inner();\n}', inner: "interface Unused {\n  a: string;\n}\nexport const inner = () => {\n  throw new TypeError('no');\n};\nexport default inner;" });
    expect(await runner(host, bundle)("main")).toMatchObject({ ok: false, failure: { reason: "throw", file: "code/inner.ts", line: 5, message: "TypeError: no (code/inner.ts line 5)" } });
  });
});

describe("the library", () => {
  it("has URL and URLSearchParams", async () => {
    expect(await value(`
      const url = new URL("../c?x=1&y=%20a+b#h", "https://u:p@example.com:8443/a/b");
      url.searchParams.append("z", "ä&");
      url.hash = "";
      const bad = [];
      try { new URL("nonsense") } catch (error) { bad.push(error instanceof TypeError) }
      return [String(url), url.host, url.username, url.searchParams.get("y"), [...new URLSearchParams({ a: "1", b: "x y" })], URL.canParse("x:"), JSON.stringify({ url }), bad];
    `)).toEqual(["https://u:p@example.com:8443/c?x=1&y=+a+b&z=%C3%A4%26", "example.com:8443", "u", " a b", [["a", "1"], ["b", "x y"]], true, '{"url":"https://u:p@example.com:8443/c?x=1&y=+a+b&z=%C3%A4%26"}', [true]]);
  });
  it("encodes and decodes text", async () => {
    const text = "aé€😀\ud800z";
    expect(await value(`
      const text = ${JSON.stringify(text)};
      const bytes = new TextEncoder().encode(text);
      return [[...bytes], new TextDecoder().decode(bytes), new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xc0, 0x80])), atob(btoa("\\x00\\xffab")), btoa("any carnal pleas"), atob(" YWJj\\n")];
    `)).toEqual([[...new TextEncoder().encode(text)], new TextDecoder().decode(new TextEncoder().encode(text)), "a\ufffd\ufffd\ufffd", "\x00\xffab", btoa("any carnal pleas"), "abc"]);
  });
  it("has the keyless part of web crypto", async () => {
    const [digest, uuid, other, random] = await value(`
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc"));
      return [Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join(""), crypto.randomUUID(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(16))]];
    `) as [string, string, string, number[]];
    expect(digest).toBe(createHash("sha256").update("abc").digest("hex"));
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(other).not.toBe(uuid);
    expect(new Set(random).size).toBeGreaterThan(4);
  });
  it("has timers", async () => {
    expect(await value(`
      const order = [];
      const cleared = setTimeout(() => order.push("never"), 1);
      clearTimeout(cleared);
      await new Promise((resolve) => { let n = 0; const id = setInterval((step) => { order.push(n += step); if (n === 3) { clearInterval(id); resolve(0); } }, 2, 1); });
      await new Promise((resolve) => queueMicrotask(() => resolve(0)));
      return order;
    `)).toEqual([1, 2, 3]);
  });
  it("clones", async () => {
    expect(await value(`
      const a = { d: new Date(0), m: new Map([[1, { x: 1 }]]), s: new Set([1]), b: new Uint8Array([1, 2]) }; a.self = a;
      const c = structuredClone(a);
      let refused; try { structuredClone(() => 1) } catch (error) { refused = error.name }
      return [c !== a, c.self === c, c.d.getTime(), c.m.get(1).x, [...c.s], [...c.b], refused];
    `)).toEqual([true, true, 0, 1, [1], [1, 2], "TypeError"]);
  });
  it("captures the console, within limits", async () => {
    const result = await run('console.log("a", { b: 1 }, 2n); console.warn(new Error("w").message); console.error(undefined); console.debug(() => 1); return 1');
    expect(result.logs).toEqual([{ level: "info", text: 'a {"b":1} 2' }, { level: "warn", text: "w" }, { level: "error", text: "undefined" }, { level: "debug", text: "() => 1" }]);
    const flood = await run('for (let i = 0; i < 100_000; i++) console.log("x".repeat(1000)); return 1');
    expect(flood.ok).toBe(true);
    expect(flood.logs.length).toBeLessThanOrEqual(201);
    expect(flood.logs.reduce((sum, line) => sum + line.text.length, 0)).toBeLessThan(70_000);
    expect(flood.logs.at(-1)!.text).toContain("dropped");
  });
});

describe("fetch", () => {
  it("goes to the caller", async () => {
    const asked: FetchRequest[] = [];
    const fetch = async (request: FetchRequest) => {
      asked.push(request);
      return { status: 201, headers: { "content-type": "application/json" }, body: '{"a":1}' };
    };
    expect(await value(`
      const response = await fetch(new URL("https://example.com/x"), { method: "post", headers: { "X-A": "1" }, body: new URLSearchParams({ q: "ä" }) });
      return [response.ok, response.status, response.headers.get("Content-Type"), await response.json(), (await (await fetch("https://example.com")).text()).length];
    `, { fetch })).toEqual([true, 201, "application/json", { a: 1 }, 7]);
    expect(asked).toEqual([
      { url: "https://example.com/x", method: "POST", headers: { "x-a": "1", "content-type": "application/x-www-form-urlencoded;charset=UTF-8" }, body: "q=%C3%A4" },
      { url: "https://example.com/", method: "GET", headers: {} },
    ]);
  });
  it("is refused where the caller gives none, and rejects where it fails", async () => {
    expect(await run('return fetch("https://example.com")')).toMatchObject({ ok: false, failure: { reason: "throw", message: expect.stringContaining("not allowed") as string } });
    expect(await run('try { await fetch("https://example.com") } catch (error) { return error.message }', { fetch: () => Promise.reject(new Error("blocked by policy")) })).toMatchObject({ ok: true, value: "fetch failed: blocked by policy" });
  });
});

describe("not there", () => {
  it.each(["process", "Buffer", "WebAssembly", "SharedArrayBuffer", "Atomics", "global.process", "globalThis.process", "module", "Deno", "FinalizationRegistry"])("%s", async (name) => {
    expect(await value(`return typeof ${name}`)).toBe("undefined");
  });
  it.each(['eval("1")', '(0, eval)("1")', 'new Function("return 1")()', '(() => {}).constructor("return 1")()', '(async () => {}).constructor("return 1")()', '(function* () {}).constructor("yield 1")()', '(async function* () {}).constructor("yield 1")()', 'Reflect.construct(Function, ["return 1"])()'])("%s", async (code) => {
    expect(await run(`return ${code}`)).toMatchObject({ ok: false, failure: { message: expect.stringContaining("EvalError") as string } });
  });
  it("a way to import at run time", async () => {
    expect((await run('const name = "fs"; return Object.keys(await import(name))')).ok).toBe(false);
    expect((await run('const name = "fs"; return Object.keys(require(name))')).ok).toBe(false);
  });
});
