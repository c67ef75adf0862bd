/** Attacks on time, memory, and what a call may say and return. */
import { type Attack, absent, body, both, thrown } from "./attack.ts";

const timeout = (line?: number, says = "ms") => both({ reason: "timeout", says, ...(line === undefined ? {} : { line }) });

export const time: Attack[] = [
  { name: "an endless loop", source: body("let n = 0;", "for (;;) n++;"), ends: timeout(3, "still running after 300 ms") },
  { name: "an endless loop in a function of another line", source: `const spin = () => {\n  while (true) {}\n};\n${body("spin();")}`, ends: timeout(2) },
  { name: "an endless asynchronous loop", source: body("for (;;) await null;"), ends: { isolate: { reason: "timeout" }, node: { reason: "timeout", line: 2 } } },
  { name: "an endless loop that nobody awaits", source: "export default () => {\n  void (async () => { for (;;) await null; })();\n  return 1;\n};", ends: { isolate: { reason: "timeout" }, node: { value: 1 } } },
  { name: "an endless loop in a timer", source: "export default () => new Promise(() => {\n  setTimeout(() => { for (;;); }, 1);\n});", ends: timeout(2) },
  { name: "an endless loop at the top of the file", source: "for (;;);\nexport default () => 1;", ends: timeout(1) },
  { name: "a promise that never settles", source: "\nexport default () => new Promise(() => {});", ends: timeout(2, "its promise had not settled after 300 ms") },
  { name: "a promise that waits for a timer far away", source: "export default () => new Promise((done) => { setTimeout(done, 1e8); });", ends: timeout(1, "had not settled") },
  { name: "a thenable that never calls back", source: "export default () => ({ then() {} });", ends: timeout(1, "had not settled") },
  { name: "a loop that V8 hardly interrupts", source: "export default () => {\n  for (;;) new Array(1000).fill(0);\n};", ends: both({ reason: "timeout" }) },
  { name: "a regular expression that backtracks for ever", source: "export default () => /(a+)+$/.test('a'.repeat(40) + 'b');", ends: timeout(1) },
  { name: "a thread put to sleep", source: body("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"), ends: absent("Atomics", { reason: "timeout", line: 2 }) },
];

export const memory: Attack[] = [
  { name: "a bomb in the heap", source: "export default () => {\n  const all: unknown[] = [];\n  for (let i = 0; ; i++) all.push({ i });\n};", ends: { isolate: { reason: "memory", says: "64 MB", line: 1 }, node: { reason: "memory", says: "256 MB", line: 3 } } },
  { name: "a bomb in buffers", source: "export default () => {\n  const all: unknown[] = [];\n  for (;;) all.push(new Uint8Array(1e6).fill(1));\n};", ends: { isolate: thrown("Array buffer allocation failed", 3), node: { reason: "memory", says: "256 MB" } } },
  { name: "a bomb in Node's Buffers", source: body("const all: unknown[] = [];", "for (;;) all.push(Buffer.alloc(4e6, 1));"), ends: absent("Buffer", { reason: "memory", says: "256 MB" }, 3) },
  { name: "an array so large that V8 itself crashes", source: body("return 'x'.repeat(2 ** 28).split('').length;"), ends: both({ reason: ["killed", "memory"], line: 1 }) },
  { name: "a buffer of a terabyte", source: body("return new ArrayBuffer(2 ** 40);"), ends: { isolate: thrown("RangeError: Array buffer allocation failed", 2), node: { reason: ["throw", "memory"] } } },
  { name: "a string without end", source: body("let text = 'x';", "for (;;) text += text;"), ends: both(thrown("RangeError: Invalid string length", 3)) },
  { name: "deep recursion", source: "const down = (n: number): number => down(n + 1) + 1;\nexport default () => down(0);", ends: both(thrown("RangeError", 1)) },
];

/** Takes the whole process of isolates with it: run by itself. */
export const memoryOfTheProcess: Attack[] = [
  { name: "a bomb that outruns the isolate's limit", source: "export default () => {\n  const all: unknown[] = [];\n  for (;;) all.push(new Array(1000).fill(all.length));\n};", timeoutMs: 25_000, ends: both({ reason: "memory", line: 1 }) },
];

const notJson = (says: string) => both({ reason: "not-json", says, line: 1 });

export const results: Attack[] = [
  { name: "a result of 6 MB", source: "export default () => 'x'.repeat(6 * 1024 * 1024);", ends: both({ reason: "too-large", says: "larger than 5 MB", line: 1 }) },
  { name: "a result of 6 MB in pieces", source: "export default () => Array.from({ length: 600 }, (_, i) => String(i).padEnd(10_500));", ends: both({ reason: "too-large", says: "larger than 5 MB" }) },
  { name: "a result of 100 MB", source: "export default () => 'x'.repeat(100 * 1024 * 1024);", ends: both({ reason: "too-large", says: "larger than 5 MB", line: 1 }) },
  { name: "a result with a cycle", source: "export default () => { const a: any = {}; a.a = a; return a; };", ends: notJson("circular") },
  { name: "a result with a BigInt", source: "export default () => ({ a: 1n });", ends: notJson("BigInt") },
  { name: "a result with a getter that answers", source: "export default () => ({ get a() { return 1; } });", ends: both({ value: { a: 1 } }) },
  { name: "a result with a getter that throws", source: "export default () => ({ get a() { throw new Error('boom'); } });", ends: notJson("boom") },
  { name: "a result with a getter that never returns", source: body("return { get a() {", "  for (;;);", "} };"), ends: timeout(3) },
  { name: "a result with toJSON that throws", source: "export default () => ({ toJSON() { throw 1; } });", ends: notJson("1") },
  { name: "a function as the result", source: "export default () => () => 1;", ends: notJson("function") },
  { name: "a symbol as the result", source: "export default () => Symbol('x');", ends: notJson("symbol") },
  { name: "a Proxy that throws", source: "export default () => new Proxy({}, { ownKeys() { throw new TypeError('trap'); } });", ends: notJson("trap") },
  { name: "a Proxy that answers", source: "export default () => new Proxy({ a: 1 }, {});", ends: both({ value: { a: 1 } }) },
  { name: "a Proxy of an endless object", source: "const endless = (): any => new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: (_, key) => (key === 'a' ? endless() : undefined) });\nexport default endless;", timeoutMs: 3000, ends: both({ reason: ["not-json", "too-large", "timeout", "memory"] }) },
  { name: "a result nested too deep", source: "export default () => { let a: any = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; };", ends: both({ reason: "not-json" }) },
  { name: "a result with brackets in strings", source: "export default () => Array.from({ length: 2000 }, () => '[{\\\\\"[').length;", ends: both({ value: 2000 }) },
];

export const errors: Attack[] = [
  { name: "a string thrown", source: body("throw 'plain';"), ends: both(thrown("thrown value that is not an Error: plain")) },
  { name: "null thrown", source: body("throw null;"), ends: both(thrown("null")) },
  { name: "an object thrown", source: body("throw { code: 7 };"), ends: both(thrown('{"code":7}')) },
  { name: "an object thrown that cannot be shown", source: body("throw new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; }, getPrototypeOf() { throw 3; } });"), ends: both(thrown("cannot be shown")) },
  { name: "an error whose message throws", source: body("throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } });"), ends: both(thrown("cannot be shown")) },
  { name: "a symbol thrown", source: body("throw Symbol('s');"), ends: both(thrown("Symbol(s)")) },
  { name: "an error of 10 MB", source: body("throw new Error('x'.repeat(10_000_000));"), ends: both(thrown("xxx")) },
  { name: "an error in a timer", source: "export default () => new Promise(() => {\n  setTimeout(() => {\n    throw new Error('late');\n  }, 1);\n});", ends: both(thrown("late", 3)) },
  { name: "an error in a promise that nobody awaits", source: "export default async () => {\n  void Promise.reject(new Error('floating'));\n  await new Promise((done) => setTimeout(done, 50));\n};", ends: both(thrown("floating", 2)) },
  { name: "an error whose stack is a lie", source: body("const error = new Error('x');", "error.stack = '    at playgraph:bundle:999999:1\\n    at playgraph:bundle:NaN:1';", "throw error;"), ends: both(thrown("Error: x")) },
];

export const floods: Attack[] = [
  { name: "a flood of logs", source: body("for (;;) console.log('x'.repeat(10_000));"), ends: timeout() },
  { name: "a line of 50 MB", source: body("console.log('x'.repeat(50e6));", "return 1;"), ends: both({ value: 1 }) },
  { name: "50 MB of standard output", source: body("process.stdout.write('x'.repeat(50e6));", "await new Promise((done) => setTimeout(done, 100));", "return 1;"), ends: absent("process", { value: 1 }) },
  { name: "a flood of timers", source: body("for (;;) setTimeout(() => {}, 1e9);"), ends: { isolate: { reason: "throw" }, node: { reason: ["timeout", "memory"] } } },
  { name: "a flood of requests", source: body("for (;;) void fetch('https://example.com').catch(() => {});"), ends: both({ reason: ["timeout", "memory"] }) },
  { name: "a flood of digests", source: body("for (;;) void crypto.subtle.digest('SHA-256', new Uint8Array(1e5)).catch(() => {});"), timeoutMs: 2000, ends: both({ reason: ["timeout", "memory", "throw"] }) },
  { name: "a flood of random bytes", source: body("for (;;) crypto.getRandomValues(new Uint8Array(65_536));"), ends: timeout() },
];
