/** Each of these fails its own step, with a message that names the place, while calls of its own bundle and of another tenant go on. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Bundle, CodeFailure, CodeHost, CodeResult } from "../types.ts";
import { createCodeHost } from "./index.ts";
import { bundleOf, runner } from "./testing.ts";

// The neighbours are starved of processor time on purpose: they must be served, not be quick.
vi.setConfig({ testTimeout: 30_000 });

let host: CodeHost;
let innocent: Bundle;

beforeAll(async () => {
  host = createCodeHost({ processes: 1, rssMb: 512 });
  innocent = await bundleOf({ plain: "export default ({ item }: any) => item * 2;", slow: "export default async ({ item }: any) => { await new Promise((done) => setTimeout(done, 20)); return item * 2; };" }, { n: { twice: "item * 2" } });
  await runner(host, innocent)("plain", { scope: { item: 1 } });
});
afterAll(async () => host.close());

const INNOCENT = "export default async ({ item }: any) => { await new Promise((done) => setTimeout(done, 5)); return item * 2; };";

/** Runs the file, with neighbours in its isolate, its process, and another tenant, all of whom must be served. */
async function attack(source: string, { timeoutMs = 300, attackers = 1 } = {}): Promise<CodeResult> {
  const bundle = await bundleOf({ hostile: source, innocent: INNOCENT });
  const mine = runner(host, bundle);
  const other = runner(host, innocent, { tenantId: "other" });
  let isOver = false;
  const neighbours: Promise<void>[] = (["innocent", "plain", "slow", "expr:n"] as const).map(async (name) => {
    for (let item = 0; !isOver || item < 3; item++) {
      const result = name === "innocent" ? await mine(name, { scope: { item } }) : await other(name, { scope: { item } });
      expect(result).toMatchObject({ ok: true, value: name === "expr:n" ? { twice: item * 2 } : item * 2 });
    }
  });
  const results = await Promise.all(Array.from({ length: attackers }, () => mine("hostile", { timeoutMs })));
  isOver = true;
  await Promise.all(neighbours);
  return results[0]!;
}

const failing = (failure: Partial<CodeFailure>) => ({ ok: false, failure: { file: "code/hostile.ts", ...failure } });
const saying = (text: string) => expect.stringContaining(text) as string;

describe("time", () => {
  it("an endless loop", async () => {
    expect(await attack("export default () => {\n  let n = 0;\n  for (;;) n++;\n};")).toMatchObject(failing({ reason: "timeout", line: 3, message: saying("code/hostile.ts line 3") }));
  });
  it("many endless loops at once", async () => {
    expect(await attack("export default () => {\n  for (;;);\n};", { attackers: 6 })).toMatchObject(failing({ reason: "timeout", line: 2 }));
  });
  it("an endless loop of promises", async () => {
    expect(await attack("export default async () => {\n  await null;\n  for (;;) await null;\n};")).toMatchObject(failing({ reason: "timeout" }));
  });
  it("an endless loop that nobody awaits", async () => {
    expect(await attack("export default () => {\n  void (async () => { for (;;) await null; })();\n  return 1;\n};")).toMatchObject(failing({ reason: "timeout" }));
  });
  it("an endless loop in a timer", async () => {
    expect(await attack("export default () => new Promise(() => {\n  setTimeout(() => { for (;;); }, 1);\n});")).toMatchObject(failing({ reason: "timeout", line: 2 }));
  });
  it("an endless loop at the top of the file", async () => {
    expect(await attack("for (;;);\nexport default () => 1;")).toMatchObject(failing({ reason: "timeout", line: 1 }));
  });
  it("a promise that never settles", async () => {
    expect(await attack("\nexport default () => new Promise(() => {});")).toMatchObject(failing({ reason: "timeout", line: 2, message: saying("had not settled after 300 ms") }));
  });
  it("a thenable that never calls back", async () => {
    expect(await attack("export default () => ({ then() {} });")).toMatchObject(failing({ reason: "timeout" }));
  });
  it("a loop that V8 cannot interrupt", async () => {
    expect(await attack("export default () => {\n  for (;;) new Array(1000).fill(0);\n};")).toMatchObject(failing({ reason: "timeout" }));
  });
  it("a regular expression that backtracks for ever", async () => {
    expect(await attack("export default () => /(a+)+$/.test('a'.repeat(40) + 'b');")).toMatchObject(failing({ reason: "timeout" }));
  });
});

describe("memory", () => {
  it("a bomb in the heap", async () => {
    expect(await attack("export default () => {\n  const all: unknown[] = [];\n  for (let i = 0; ; i++) all.push({ i });\n};", { timeoutMs: 10_000 })).toMatchObject(failing({ reason: "memory" }));
  });
  it("a bomb in buffers", async () => {
    expect(await attack("export default () => {\n  const all: unknown[] = [];\n  for (;;) all.push(new Uint8Array(1e6).fill(1));\n};", { timeoutMs: 5000 })).toMatchObject(failing({ reason: "throw", line: 3, message: saying("Array buffer allocation failed") }));
  });
  it("a bomb that outruns the isolate's limit takes the process, and it alone is blamed", async () => {
    expect(await attack("export default () => {\n  const all: unknown[] = [];\n  for (;;) all.push(new Array(1000).fill(all.length));\n};", { timeoutMs: 25_000 })).toMatchObject(failing({ reason: "memory", line: 1 }));
  });
  it("deep recursion", async () => {
    expect(await attack("const down = (n: number): number => down(n + 1) + 1;\nexport default () => down(0);")).toMatchObject(failing({ reason: "throw", line: 1, message: saying("RangeError") }));
  });
});

describe("results", () => {
  it.each([
    ["of 6 MB", "export default () => 'x'.repeat(6 * 1024 * 1024);", "too-large", "larger than 5 MB"],
    ["of 6 MB in pieces", "export default () => Array.from({ length: 600 }, (_, i) => String(i).padEnd(10_500));", "too-large", "larger than 5 MB"],
    ["of 100 MB", "export default () => 'x'.repeat(100 * 1024 * 1024);", "too-large", "larger than 5 MB"],
    ["with a cycle", "export default () => { const a: any = {}; a.a = a; return a; };", "not-json", "circular"],
    ["with a BigInt", "export default () => ({ a: 1n });", "not-json", "BigInt"],
    ["with a getter that throws", "export default () => ({ get a() { throw new Error('boom'); } });", "not-json", "boom"],
    ["with toJSON that throws", "export default () => ({ toJSON() { throw 1; } });", "not-json", "1"],
    ["that is a function", "export default () => () => 1;", "not-json", "function"],
    ["that is a symbol", "export default () => Symbol('x');", "not-json", "symbol"],
    ["that is a Proxy which throws", "export default () => new Proxy({}, { ownKeys() { throw new TypeError('trap'); } });", "not-json", "trap"],
    ["nested without end", "export default () => new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: (_, key) => key === 'a' ? new Proxy({}, {}) : undefined });", null, ""],
    ["nested too deep", "export default () => { let a: any = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; };", "not-json", "nested deeper than 500 levels"],
    ["with brackets in strings", "export default () => Array.from({ length: 2000 }, () => '[{\\\\\"[');", null, ""],
  ])("%s", async (_, source, reason, text) => {
    const result = await attack(source, { timeoutMs: 3000 });
    if (reason === null) expect(result.ok).toBe(true);
    else expect(result).toMatchObject(failing({ reason: reason as "throw", message: saying(text) }));
  });
  it("a Proxy of an endless object", async () => {
    const source = "const endless = (): any => new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: (_, key) => (key === 'a' ? endless() : undefined) });\nexport default endless;";
    expect(await attack(source)).toMatchObject({ ok: false });
  });
});

describe("errors", () => {
  it.each([
    ["a string", "throw 'plain';", "plain"],
    ["null", "throw null;", "null"],
    ["an object", "throw { code: 7 };", '{"code":7}'],
    ["an object that cannot be shown", "throw new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; }, getPrototypeOf() { throw 3; } });", "cannot be shown"],
    ["an error whose message throws", "throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } });", "cannot be shown"],
    ["a symbol", "throw Symbol('s');", "Symbol(s)"],
    ["an error of 10 MB", "throw new Error('x'.repeat(10_000_000));", "xxx"],
  ])("%s", async (_, statement, text) => {
    const result = await attack(`export default () => {\n  ${statement}\n};`);
    expect(result).toMatchObject(failing({ reason: "throw", message: saying(text) }));
    expect(result.ok ? "" : result.failure.message.length).toBeLessThan(5000);
  });
  it("in a timer", async () => {
    expect(await attack("export default () => new Promise(() => {\n  setTimeout(() => {\n    throw new Error('late');\n  }, 1);\n});")).toMatchObject(failing({ reason: "throw", line: 3, message: saying("late") }));
  });
  it("in a promise that nobody awaits", async () => {
    expect(await attack("export default () => {\n  void Promise.reject(new Error('floating'));\n  return 1;\n};")).toMatchObject(failing({ reason: "throw", message: saying("floating") }));
  });
  it("whose stack is a lie", async () => {
    expect(await attack("export default () => {\n  const error = new Error('x');\n  error.stack = '    at playgraph:bundle:999999:1\\n    at playgraph:bundle:NaN:1';\n  throw error;\n};")).toMatchObject(failing({ reason: "throw", message: saying("Error: x") }));
  });
});

describe("floods", () => {
  it.each([
    ["logs", "for (;;) console.log('x'.repeat(10_000));", "timeout"],
    ["timers", "for (;;) setTimeout(() => {}, 1e9);", "throw"],
    ["timers set and cleared", "for (;;) clearTimeout(setTimeout(() => {}, 1));", "throw"],
    ["requests", "for (;;) void fetch('https://example.com').catch(() => {});", "timeout"],
    ["digests", "for (;;) void crypto.subtle.digest('SHA-256', new Uint8Array(1e5)).catch(() => {});", null],
    ["random bytes", "for (;;) crypto.getRandomValues(new Uint8Array(65_536));", "timeout"],
  ])("of %s", async (_, statement, reason) => {
    expect(await attack(`export default () => {\n  ${statement}\n};`)).toMatchObject(reason === null ? { ok: false } : failing({ reason: reason as "throw" }));
  });
});
