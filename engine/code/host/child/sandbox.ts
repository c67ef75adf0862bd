/** One isolate with one bundle: the first of the two walls. */
import type IvmModule from "isolated-vm";
import type { Context, ExternalCopy, Isolate, Reference } from "isolated-vm";
import { BUNDLE_FILE } from "../../globals.ts";
import type { Bridge, BundleFunction, Control, Limits } from "../runtime/bridge.ts";

export type Ivm = typeof IvmModule;

export interface SandboxOptions {
  ivm: Ivm;
  runtime: string;
  code: string;
  memoryMb: number;
  limits: Limits;
  bridge: Bridge;
  onCatastrophe: () => void;
}

/** Evaluating a bundle declares functions; a top level that takes longer is one that loops. */
const LOAD_TIMEOUT_MS = 5000;

export type Ran = { ok: true; text: string } | Broken;

/** error: a rejection that nothing handles; the isolate is as good as before. The others leave it cut off in the middle, or gone. */
export interface Broken {
  ok: false;
  cause: "timeout" | "memory" | "disposed" | "error";
  message: string;
  stack: string | undefined;
}

type RemoteControl = { [K in keyof Control]: Reference<Control[K]> };

export class Sandbox {
  readonly #isolate: Isolate;
  readonly #control: RemoteControl;

  private constructor(isolate: Isolate, control: RemoteControl) {
    this.#isolate = isolate;
    this.#control = control;
  }

  /** @throws Error whose message says why the bundle does not evaluate. */
  static async create({ ivm, runtime, code, memoryMb, limits, bridge, onCatastrophe }: SandboxOptions): Promise<Sandbox> {
    const isolate = new ivm.Isolate({ memoryLimit: memoryMb, onCatastrophicError: onCatastrophe });
    try {
      const context: Context = await isolate.createContext();
      const boot: Reference = await context.eval(runtime, { reference: true, filename: "playgraph:runtime" });
      const callbacks = new ivm.ExternalCopy(limits);
      const control = await boot.apply(undefined, [
        new ivm.Callback(bridge.post, { ignored: true }),
        new ivm.Callback(bridge.random),
        new ivm.Callback(bridge.url),
        (callbacks as ExternalCopy<Limits>).copyInto({ release: true }),
      ], { result: { reference: true } }) as Reference<Control>;
      const method = async <K extends keyof Control>(name: K): Promise<Reference<Control[K]>> => control.get(name, { reference: true }) as Promise<Reference<Control[K]>>;
      const names = ["load", "start", "fire", "respond", "refuse", "digested", "forget"] as const;
      const methods = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await method(name)] as const))) as unknown as RemoteControl;
      const script = await isolate.compileScript(code, { filename: BUNDLE_FILE });
      const bundle = await script.run(context, { reference: true, timeout: LOAD_TIMEOUT_MS, release: true }) as Reference<BundleFunction>;
      await methods.load.apply(undefined, [bundle.derefInto()], { timeout: LOAD_TIMEOUT_MS });
      return new Sandbox(isolate, methods);
    } catch (error) {
      if (!isolate.isDisposed) isolate.dispose();
      throw error;
    }
  }

  get isDisposed(): boolean {
    return this.#isolate.isDisposed;
  }

  /** Queues behind what the isolate is doing and runs on its own thread; never blocks this one. @param timeoutMs from when it begins. */
  async run<K extends Exclude<keyof Control, "load">>(method: K, parts: unknown[], timeoutMs: number): Promise<Ran> {
    try {
      const text: unknown = await (this.#control[method] as Reference).apply(undefined, parts, { timeout: Math.max(1, Math.ceil(timeoutMs)), result: { copy: true } });
      return { ok: true, text: typeof text === "string" ? text : "" };
    } catch (error) {
      // isolated-vm tells these apart by message only; an error of the user's own cannot get here but as an unhandled rejection.
      const { message = "", stack = "" } = error instanceof Error ? error : { message: String(error) };
      const cause = this.isDisposed ? (message.includes("memory limit") ? "memory" : "disposed") : message === "Script execution timed out." ? "timeout" : "error";
      return { ok: false, cause, message, stack };
    }
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}
