/** Attacks that reach for what is not theirs: the process, the machine, the next call, the protocol. */
import { type Attack, absent, body, thrown, withModules } from "./attack.ts";

const denied = (line?: number) => thrown("ERR_ACCESS_DENIED", line);
const restricted = (line = 3) => thrown("Access to this API has been restricted", line);
const gone = (name: string, line = 2) => thrown(`${name} is not a function`, line);

/** Awaits an "error" event. */
const failure = (made: string) => [`await new Promise((done, fail) => { ${made}.on("error", fail); });`];

export const process: Attack[] = [
  { name: "process.exit", source: body("process.exit(0);"), ends: absent("process", thrown("process.exit(0) is not available to code", 2)) },
  { name: "process.abort", source: body("process.abort();"), ends: absent("process", thrown("process.abort() is not available to code", 2)) },
  { name: "process.reallyExit", source: body("(process as any).reallyExit(0);"), ends: absent("process", thrown("is not available to code", 2)) },
  { name: "a signal to the parent", source: body("process.kill(process.ppid, 9);"), ends: absent("process", gone("process.kill")) },
  { name: "a raw signal to the parent", source: body("(process as any)._kill(process.ppid, 9);"), ends: absent("process", gone("process._kill")) },
  { name: "the parent's inspector", source: body("(process as any)._debugProcess(process.ppid);"), ends: absent("process", gone("process._debugProcess")) },
  withModules("a signal through the handle of a child that never was", "child_process", ["const child: any = new child_process.ChildProcess();", "return child._handle.kill(0) < 0;"], { value: true }),
  withModules("the parent's priority", "os", ["os.setPriority(process.ppid, 19);"], gone("os.setPriority", 3)),
  { name: "process.binding", source: body("(process as any).binding('process_wrap');"), ends: absent("process", gone("process.binding")) },
  { name: "process._linkedBinding", source: body("(process as any)._linkedBinding('fs');"), ends: absent("process", gone("process._linkedBinding")) },
  { name: "a native add-on", source: body("(process as any).dlopen({ exports: {} }, '/usr/lib/x.node');"), ends: absent("process", gone("process.dlopen")) },
  { name: "another program in place of this one", source: body("(process as any).execve('/bin/sh', ['sh']);"), ends: absent("process", gone("process.execve")) },
  { name: "flags of V8", source: body("const v8 = (process as any).getBuiltinModule('v8');", "v8.setFlagsFromString('--allow-natives-syntax');"), ends: absent("process", gone("v8.setFlagsFromString", 3)) },
  ...["vm", "module", "inspector", "sqlite", "repl", "cluster", "wasi"].map((name) => withModules(`the module ${name}`, name, [], thrown(`"${name}" is not available to code`, 2))),
  { name: "require of its own", source: body("return [typeof require, typeof module, typeof (globalThis as any).require];"), ends: { isolate: { value: ["function", "undefined", "undefined"] }, node: { value: ["function", "undefined", "undefined"] } } },
  { name: "a module from disk", source: body("return require(`${'/etc'}/passwd`);"), ends: { isolate: { reason: "throw", line: 2 }, node: thrown("is not available to code", 2) } },
  { name: "import() of a built-in module", source: body("return (0, eval)('import(\"node:child_process\")');"), ends: { isolate: thrown("EvalError", 2), node: thrown("dynamic import callback") } },
  { name: "code from text", source: body("return new Function('return 1')();"), ends: { isolate: thrown("EvalError", 2), node: { value: 1 } } },
];

export const machine: Attack[] = [
  withModules("its parent's environment", "fs", ["return fs.readFileSync(`/proc/${process.ppid}/environ`, 'utf8');"], restricted()),
  withModules("its own memory", "fs", ["return fs.openSync('/proc/self/mem', 'r+');"], restricted()),
  withModules("a file", "fs", ["return fs.readFileSync('/etc/passwd', 'utf8');"], restricted()),
  withModules("a file, asynchronously", "fs", ["return await fs.promises.readFile('/etc/passwd', 'utf8');"], thrown("Access to this API has been restricted")),
  withModules("a folder", "fs", ["return fs.readdirSync('/');"], restricted()),
  withModules("its working directory", "fs", ["return fs.readdirSync('.');"], restricted()),
  withModules("a file to write", "fs", ["fs.writeFileSync('/tmp/playgraph-hostile', 'x');"], restricted()),
  withModules("a link out", "fs", ["fs.symlinkSync('/etc/passwd', '/tmp/playgraph-hostile-link');"], thrown("requires full fs.read and fs.write permissions", 3)),
  { name: "the environment", source: body("return Object.keys(process.env);"), ends: absent("process", { value: [] }) },
  { name: "how it was started", source: body("return [process.argv, process.execArgv, process.execPath];"), ends: absent("process", { value: [["node"], [], "node"] }) },
  withModules("a socket", "net", failure("net.connect(80, '127.0.0.1')"), denied()),
  withModules("a UNIX socket", "net", failure("net.connect('/var/run/docker.sock')"), denied()),
  withModules("an abstract UNIX socket", "net", failure("net.connect('\\0x')"), denied()),
  withModules("a server", "net", ["net.createServer().listen(0);"], restricted()),
  withModules("a datagram", "dgram", ["const socket = dgram.createSocket('udp4');", "await new Promise((done, fail) => { socket.on('error', fail); socket.send('x', 53, '127.0.0.1', (error: any) => (error ? fail(error) : done(1))); });"], thrown("restricted")),
  withModules("a name, by the system's resolver", "dns", ["await dns.promises.lookup('example.com');"], denied()),
  withModules("a name, by DNS", "dns", ["await dns.promises.resolve4('example.com');"], denied()),
  withModules("HTTP past the gateway", "http", failure("http.get('http://127.0.0.1/')"), denied()),
  { name: "a WebSocket", source: body("await new Promise((done, fail) => { new WebSocket('ws://127.0.0.1:1').onerror = (event: any) => fail(new Error(`closed ${event.type}`)); });"), ends: absent("WebSocket", thrown("closed")) },
  { name: "fetch without an effect", source: body("await fetch('https://example.com');"), ends: { isolate: thrown("declares no effect"), node: thrown("declares no effect") } },
  withModules("a child process", "child_process", ["child_process.execSync('id');"], restricted()),
  withModules("a forked process", "child_process", ["child_process.fork('x.js');"], restricted()),
  withModules("a thread", "worker_threads", ["new worker_threads.Worker('0', { eval: true });"], restricted()),
  withModules("a thread without permissions to hold", "worker_threads", ["new worker_threads.Worker('0', { eval: true, execArgv: [] });"], restricted()),
  { name: "memory shared with threads of WebAssembly", source: body("return new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }).buffer.byteLength;"), ends: absent("WebAssembly", { value: 65_536 }) },
  { name: "a profile written to disk", source: body("(process as any).report.writeReport('/tmp/x');"), ends: absent("process", thrown("TypeError", 2)) },
];

/** Each does its worst to what calls could share; an innocent call right after it must find everything as it was. */
export const next: Attack[] = [
  ...([
    ["Object.prototype", "(Object.prototype as any).polluted = 1;"],
    ["Array.prototype", "(Array.prototype as any).map = () => 'x';"],
    ["JSON", "JSON.stringify = () => '\"forged\"'; JSON.parse = () => 'forged';"],
    ["String.prototype", "String.prototype.startsWith = () => true;"],
    ["Error.prepareStackTrace", "(Error as any).prepareStackTrace = () => 'x';"],
  ] as const).map(([name, statement]): Attack => ({ name: `${name}, changed for everybody`, source: body(statement, "return 'done';"), ends: { isolate: thrown("TypeError", 2), node: { value: "done" } } })),
  { name: "Promise.prototype.then, changed for everybody", source: body("(Promise as any).prototype.then = function () { return this; };", "return 'done';"), ends: { isolate: thrown("TypeError", 2), node: { reason: "timeout", line: 1 } } },
  { name: "Promise itself replaced", source: body("(globalThis as any).Promise = class { then() {} };", "return 'done';"), ends: { isolate: thrown("TypeError", 2), node: { value: "done" } } },
  { name: "fetch replaced", source: body("(globalThis as any).fetch = () => 'forged';", "return (globalThis as any).fetch();"), ends: { isolate: { value: "forged" }, node: { value: "forged" } } },
  { name: "a global variable", source: body("const seen = (globalThis as any).mine ?? null;", "(globalThis as any).mine = 1;", "return seen;"), ends: { isolate: { value: null }, node: { value: null } } },
  { name: "a module's variable", source: `let n = 0;\n${body("return ++n;")}`, ends: { isolate: { value: 1 }, node: { value: 1 } } },
  withModules("Node's own modules, changed", "fs, util, events", ["util.inspect = fs.readFileSync = () => 'forged';", "events.prototype.emit = () => true;", "return 'done';"], { value: "done" }),
  { name: "timers and promises left behind", source: "export default () => {\n  setInterval(() => { console.log('ghost'); }, 1);\n  void new Promise((done) => setTimeout(done, 5)).then(() => console.log('ghost'));\n  return 1;\n};", ends: { isolate: { value: 1 }, node: { value: 1 } } },
  { name: "handlers for the end left behind", source: body("process.on('exit', () => { for (;;); });", "process.on('uncaughtException', () => {});", "return 1;"), ends: absent("process", { value: 1 }) },
];

/** Frames as the child writes them: whoever has the descriptor can write them too. */
const frames = [
  "const frame = (...messages: object[]) => {",
  "  const header = Buffer.from(JSON.stringify(messages));",
  "  const prefix = Buffer.alloc(8);",
  "  prefix.writeUInt32BE(4 + header.length, 0);",
  "  prefix.writeUInt32BE(header.length, 4);",
  "  const bytes = Buffer.concat([prefix, header]);",
  "  for (let at = 0; at < bytes.length;) { try { at += fs.writeSync(3, bytes, at); } catch (error: any) { if (error.code !== 'EAGAIN') throw error; } }",
  "};",
];
const forged = (name: string, lines: string[], node: Attack["ends"]["node"]): Attack => withModules(name, "fs", [...frames, ...lines], node);
const cutOff = { reason: "killed", line: 1 } as const;

export const protocol: Attack[] = [
  withModules("every descriptor, written to", "fs", ["for (let fd = 0; fd < 64; fd++) { try { fs.writeSync(fd, 'x'.repeat(100)); } catch {} }", "await new Promise(() => {});"], cutOff),
  withModules("every descriptor, closed", "fs", ["for (let fd = 0; fd < 64; fd++) { try { fs.closeSync(fd); } catch {} }", "await new Promise(() => {});"], { reason: ["killed", "timeout"] }),
  withModules("its input, read", "fs", ["try { fs.readSync(0, Buffer.alloc(1000)); } catch (error: any) { return error.code; }"], { value: "EAGAIN" }),
  forged("results for calls of others", ["for (let id = 0; id < 1000; id++) frame({ t: 'value', id: 1_000_000 + id, logs: [], size: 0 });", "return 'done';"], { value: "done" }),
  forged("a result of one's own that is no JSON", ["for (let id = 0; id < 5000; id++) frame({ t: 'value', id, logs: [] });", "return 'done';"], { reason: "not-json" }),
  forged("being ready once more", ["frame({ t: 'ready', uid: 0 });", "await new Promise(() => {});"], cutOff),
  forged("an answer that nobody asked for", ["frame({ t: 'pong' });", "frame({ t: 'pong' });", "await new Promise(() => {});"], cutOff),
  forged("a message of an unknown kind", ["frame({ t: 'shutdown' });", "await new Promise(() => {});"], cutOff),
  forged("a message with a body that it does not have", ["frame({ t: 'value', id: 1, logs: [], size: 1e9 });", "await new Promise(() => {});"], cutOff),
  forged("a frame that never ends", ["fs.writeSync(3, Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));", "await new Promise(() => {});"], cutOff),
  forged("a flood of frames", ["for (;;) frame(...Array.from({ length: 100 }, () => ({ t: 'log', id: 1, level: 'info', text: 'x' })));"], cutOff),
  forged("a flood of requests in frames", ["for (let request = 1; ; request++) for (let id = 0; id < 5000; id++) frame({ t: 'fetch', id, request, url: 'https://a.b', method: 'GET', headers: {}, hasBody: false });"], cutOff),
  withModules("a flood of its standard error", "fs", ["for (;;) { try { fs.writeSync(2, 'x'.repeat(10_000)); } catch (error: any) { if (error.code !== 'EAGAIN') return 'closed'; } }"], { value: "closed" }),
  withModules("a flood of its own channel", "worker_threads", ["for (;;) worker_threads.parentPort.postMessage('x'.repeat(10_000));"], { reason: ["timeout", "memory"] }),
];
