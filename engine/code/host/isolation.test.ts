/** What one call leaves behind for the next: nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeHost } from "../types.ts";
import { createCodeHost } from "./index.ts";
import { bundleOf, runner } from "./testing.ts";

let host: CodeHost;
beforeAll(() => { host = createCodeHost({ processes: 1 }); });
afterAll(async () => host.close());

/** Twice in the same isolate. */
async function twice(source: string): Promise<unknown[]> {
  const run = runner(host, await bundleOf({ main: source }));
  const values: unknown[] = [];
  for (let n = 0; n < 2; n++) {
    const result = await run("main");
    values.push(result.ok ? result.value : result.failure.message);
  }
  return values;
}

describe("between calls", () => {
  it.each([
    ["module variables", "let n = 0;\nexport default () => ++n;"],
    ["the global object", "export default () => { (globalThis as any).n = ((globalThis as any).n ?? 0) + 1; return (globalThis as any).n; };"],
    ["sloppy this", "export default () => { const self: any = Function.prototype.call.call(function (this: any) { return this; }, undefined) ?? globalThis; try { self.n = (self.n ?? 0) + 1; } catch {} return self.n ?? 1; };"],
    ["the global symbol of a class", "export default () => { const held: any = URL; try { held.n = 1; } catch {} const seen = held.n ?? 0; return seen + 1; };"],
    ["regular expression statics", "export default () => { const seen = (RegExp as any).$1 === undefined && (RegExp as any).lastMatch === undefined; /(secret)/.test('secret'); return seen ? 1 : 0; };"],
    ["responses", "export default async () => { const held: any = await fetch('https://a.b').catch((error) => Object.getPrototypeOf(error)); try { held.n = 1; } catch {} return held.n === undefined ? 1 : 0; };"],
  ])("%s", async (_, source) => {
    expect(await twice(source)).toEqual([1, 1]);
  });

  it.each([
    ["Object.prototype", "(Object.prototype as any).polluted = 1"],
    ["Object.prototype through __proto__", "({} as any).__proto__.polluted = 1"],
    ["Object.prototype through a merge of hostile JSON", `const merge = (to: any, from: any) => { for (const key of Object.keys(from)) { if (typeof from[key] === "object") merge(to[key] ??= {}, from[key]); else to[key] = from[key]; } }; merge({}, JSON.parse('{"__proto__":{"polluted":1}}'))`],
    ["Array.prototype", "(Array.prototype as any).map = () => 'x'"],
    ["JSON", "JSON.stringify = () => 'x'"],
    ["Promise", "(Promise as any).prototype.then = () => 'x'"],
    ["Promise.resolve", "(Promise as any).resolve = () => 'x'"],
    ["Array iterators", "Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })"],
    ["generators", "Object.getPrototypeOf(function* () {}).prototype.next = () => 1"],
    ["Error.prepareStackTrace", "(Error as any).prepareStackTrace = () => 'x'"],
    ["Object.defineProperty on a prototype", "Object.defineProperty(String.prototype, 'trim', { value: () => 'x' })"],
    ["Reflect.set", "if (!Reflect.set(Map.prototype, 'get', 1)) throw new TypeError('refused')"],
    ["Object.setPrototypeOf", "Object.setPrototypeOf(Object.prototype, { polluted: 1 })"],
    ["URL.prototype", "(URL as any).prototype.toString = () => 'x'"],
    ["console", "(console as any).constructor.prototype.log = 1"],
  ])("%s cannot be changed", async (_, statement) => {
    const bundle = await bundleOf({ attack: `export default () => { ${statement}; return 'done'; };`, check: "export default () => [({} as any).polluted === undefined, [1].map((x) => x + 1)[0], JSON.stringify([1]), ' a '.trim(), [...[1, 2]].length, String(new URL('https://a.b/'))];" });
    const run = runner(host, bundle);
    expect(await run("attack")).toMatchObject({ ok: false, failure: { reason: "throw", message: expect.stringContaining("TypeError") as string } });
    expect(await run("check")).toMatchObject({ ok: true, value: [true, 2, "[1]", "a", 2, "https://a.b/"] });
  });

  it("what is patched for oneself stays with oneself", async () => {
    expect(await twice("export default async () => { const before = typeof (globalThis as any).mine; (globalThis as any).mine = 1; (globalThis as any).fetch = async () => 7; return [before, await (globalThis as any).fetch()]; };")).toEqual([["undefined", 7], ["undefined", 7]]);
  });
  it("shadowing what prototypes hold works as usual", async () => {
    expect(await twice(`export default () => {
      class Mine extends Error {} ; const error = new Mine("a"); error.name = "Mine"; error.message = "b";
      const object: any = {}; object.toString = () => "own"; object.constructor = 1; object.hasOwnProperty = 2;
      function Old(this: any) {} ; Old.prototype.toString = () => "old"; Old.prototype.constructor = Old;
      return [String(error), String(object), Object.keys(object), String(new (Old as any)()), error instanceof Mine];
    };`)).toEqual(Array(2).fill(["Mine: b", "own", ["toString", "constructor", "hasOwnProperty"], "old", true]));
  });
  it("timers and promises left behind do nothing", async () => {
    const bundle = await bundleOf({ leave: "export default () => { setInterval(() => console.log('ghost'), 1); void new Promise((done) => setTimeout(done, 5)).then(() => console.log('ghost')); return 1; };", after: "export default async () => { await new Promise((done) => setTimeout(done, 30)); return 2; };" });
    const run = runner(host, bundle);
    expect(await run("leave")).toEqual({ ok: true, value: 1, logs: [] });
    expect(await run("after")).toEqual({ ok: true, value: 2, logs: [] });
  });
  it("expressions share nothing either", async () => {
    const bundle = await bundleOf({}, { n: { a: "(() => { const held: any = arguments; try { held[0].n = 1 } catch {} try { held[1].n = 1 } catch {} return [typeof item, held.length] })()", b: "(() => { try { (globalThis as any).n = ((globalThis as any).n ?? 0) + 1 } catch { return 'refused' } return (globalThis as any).n })()" } });
    const run = runner(host, bundle);
    const first = await run("expr:n");
    expect(first).toMatchObject({ ok: true, value: { b: "refused" } });
    expect(await run("expr:n")).toEqual(first);
  });
  it("tenants with the same code have isolates of their own", async () => {
    const bundle = await bundleOf({ main: "export default ({ vars }: any) => vars.secret ?? null;" });
    const run = runner(host, bundle);
    expect(await run("main", { tenantId: "a", scope: { vars: { secret: 1 } } })).toMatchObject({ value: 1 });
    expect(await run("main", { tenantId: "b", scope: { vars: {} } })).toMatchObject({ value: null });
  });
});
