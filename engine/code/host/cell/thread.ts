/**
 * The thread in which the author's code runs, in the Node profile. Nothing here is a wall: that is the process, its permissions and
 * its user. What this file does with a call is for those who mean well, and to name the line for those who do not.
 */
import type { MessagePort } from "node:worker_threads";
import { workerData } from "node:worker_threads";
import { BUNDLE_FILE } from "../../globals.ts";
import { disarm } from "../disarm.ts";
import { Call } from "../runtime/call.ts";
import { consoleOf } from "../runtime/console.ts";
import { serialize, toFault } from "../runtime/outcome.ts";
import type { FromThread, Furniture, ToThread } from "./bridge.ts";
import { fetchOf } from "./fetch.ts";
import { limitedRequire } from "./limited-require.ts";

declare const require: NodeJS.Require;

type Files = Record<string, () => unknown>;

const { port, limits } = workerData as Furniture;
const post = (...message: FromThread): void => { port.postMessage(message); };
const { Script } = require("node:vm") as typeof import("node:vm");

const call = new Call(1, {
  post: (_, kind, ...rest) => { post(kind, ...(rest as (string | number | undefined)[])); },
  random: unused,
  url: unused,
}, limits);

function unused(): never {
  throw new Error("Node has its own");
}

/** Node 26 lets a thread made from text read its working directory, which is `/`. What it has, it gives back. */
function dropPermissions(): void {
  const { permission } = process as unknown as { permission: { has(scope: string, of?: string): boolean; drop(scope: string): void } };
  for (const scope of ["fs.read", "fs.write"]) permission.drop(scope);
  const kept = ["fs.read", "fs.write"].some((scope) => permission.has(scope, "/")) || ["net", "child", "worker", "inspector", "addon", "wasi", "ffi"].some((scope) => permission.has(scope));
  if (kept) throw new Error("the thread of a cell has kept permissions");
}

function prepare(): NodeJS.Require {
  dropPermissions();
  const own = limitedRequire(require);
  disarm();
  process.getBuiltinModule = own as never;
  process.exit = ((code?: number) => { throw new Error(`process.exit(${code ?? ""}) is not available to code: return a value, or throw`); }) as never;
  process.abort = (() => { throw new Error("process.abort() is not available to code: throw instead"); }) as never;
  (process as unknown as Record<string, unknown>)["reallyExit"] = process.exit;
  process.argv = ["node"];
  process.execArgv = [];
  process.execPath = "node";
  // Of the script that Node evaluates here.
  for (const name of ["require", "module", "exports", "__filename", "__dirname"]) Reflect.deleteProperty(globalThis, name);
  Object.assign(console, consoleOf(call));
  globalThis.fetch = fetchOf(call);
  Error.stackTraceLimit = 30;
  process.on("uncaughtException", (error, origin) => {
    const fault = toFault(error);
    end(`e${JSON.stringify(origin === "unhandledRejection" ? { ...fault, message: `${fault.message} (in a promise that nothing awaits)` } : fault)}`);
  });
  return own;
}

function end(text: string): void {
  post("end", text);
}

async function run({ code, entry, scope }: Extract<ToThread, { t: "call" }>, own: NodeJS.Require): Promise<string> {
  try {
    const bundle = new Script(code, { filename: BUNDLE_FILE }).runInThisContext() as (require: NodeJS.Require) => { files: Files };
    const file = bundle(own).files[entry]!();
    if (typeof file !== "function") throw new TypeError("the default export is not a function");
    const value: unknown = await (file as (scope: unknown) => unknown)(JSON.parse(scope));
    return `v${serialize(value, limits.result)}`;
  } catch (error) {
    return `e${JSON.stringify(toFault(error))}`;
  }
}

function take(request: number) {
  const waiting = call.requests.get(request);
  call.requests.delete(request);
  return waiting;
}

const own = prepare();
(port as MessagePort).on("message", (message: ToThread) => {
  switch (message.t) {
    case "call": return void run(message, own).then(end);
    case "respond": return take(message.request)?.resolve(message);
    case "refuse": return take(message.request)?.reject(new TypeError(message.message));
    case "expire": return end(`e${JSON.stringify({ reason: "timeout", message: message.message })}`);
    default: message satisfies never;
  }
});
post("ready");
