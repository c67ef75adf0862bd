/** Runs inside the isolate, before and around the user's code. Bundled to one script; sees no Node API, only the bridge. */
import type { Bridge, BundleFunction, Control, Fault, Limits } from "./bridge.ts";
import { OWN_GLOBAL } from "../../globals.ts";
import { Call, globalsOf } from "./call.ts";
import { structuredClone } from "./clone.ts";
import { fetchClasses, makeResponse } from "./fetch.ts";
import { freezeLanguage } from "./freeze.ts";
import { faultError, serialize, tooLarge, toFault } from "./outcome.ts";
import { atob, btoa, TextDecoder, TextEncoder } from "./text.ts";
import { urlClasses } from "./url.ts";

export function boot(bridge: Bridge, limits: Limits): Control {
  Error.stackTraceLimit = 30;
  const queueMicrotask = (callback: unknown): void => {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask needs a function");
    void Promise.resolve().then(() => { callback(); });
  };
  Object.assign(globalThis, urlClasses(bridge), { TextEncoder, TextDecoder, atob, btoa, structuredClone, queueMicrotask });
  freezeLanguage(Object.values(fetchClasses));

  const calls = new Map<number, Call>();
  let bundle: BundleFunction;
  let expressions: ReturnType<BundleFunction>["expressions"];

  /** Expressions get the call's globals as arguments; what they share are functions without state. */
  const evaluateFields = (entry: string, scope: object, globals: object): string | Promise<string> => {
    const fields = expressions[entry]!;
    const parts: (string | Promise<string>)[] = fields.map(([field, evaluate]) => inField(field, () => {
      const value = evaluate(scope, globals);
      return isThenable(value) ? Promise.resolve(value).then((settled) => inField(field, () => pair(field, settled)), (error) => inField(field, () => { throw error; })) : pair(field, value);
    }));
    const join = (texts: readonly string[]): string => `{${texts.filter((text) => text !== "").join(",")}}`;
    return parts.some((part) => typeof part !== "string") ? Promise.all(parts).then(join) : join(parts as string[]);
  };

  const pair = (field: string, value: unknown): string => {
    if (value === undefined) return "";
    return `${JSON.stringify(field)}:${serialize(value, limits.result)}`;
  };

  const callFile = (entry: string, scope: object, globals: object): string | Promise<string> => {
    // Evaluated anew for each call: a module's variables and its packages' caches must not tell one run about another.
    const file = bundle(globals).files[entry]!;
    const run = file();
    if (typeof run !== "function") throw new TypeError("the default export is not a function");
    const value: unknown = (run as (scope: object) => unknown)(scope);
    return isThenable(value) ? Promise.resolve(value).then((settled) => serialize(settled, limits.result)) : serialize(value, limits.result);
  };

  const finish = (call: Call, text: string): string => {
    calls.delete(call.id);
    return text.length > limits.result ? failed({ reason: "too-large", message: tooLarge(limits.result) }) : `v${text}`;
  };
  const fail = (call: Call, error: unknown): string => {
    calls.delete(call.id);
    return failed(toFault(error));
  };

  return {
    load(evaluated) {
      bundle = evaluated;
      expressions = bundle({ [OWN_GLOBAL]: globalThis }).expressions;
    },
    start(id, entry, scopeText) {
      const call = new Call(id, bridge, limits);
      calls.set(id, call);
      try {
        const scope = JSON.parse(scopeText) as object;
        const outcome = (entry.startsWith("expr:") ? evaluateFields : callFile)(entry, scope, globalsOf(call));
        if (typeof outcome === "string") return finish(call, outcome);
        outcome.then(
          (text) => { if (calls.has(id)) bridge.post(id, "end", finish(call, text)); },
          (error: unknown) => { if (calls.has(id)) bridge.post(id, "end", fail(call, error)); },
        );
        return `p${Date.now() - call.startedAt}`;
      } catch (error) {
        return fail(call, error);
      }
    },
    fire(id, timer) {
      const call = calls.get(id);
      const found = call?.timers.get(timer);
      if (!call || !found) return;
      if (found.repeatMs === null) call.timers.delete(timer);
      else bridge.post(id, "timer", timer, found.repeatMs);
      try {
        found.run();
      } catch (error) {
        // Nobody could catch it: the call it belongs to fails, as a process would.
        bridge.post(id, "end", fail(call, error));
      }
    },
    respond(id, request, status, url, headers, body) {
      take(id, request)?.resolve(makeResponse(status, url, headers, body));
    },
    refuse(id, request, message) {
      take(id, request)?.reject(new TypeError(message));
    },
    digested(id, request, bytes) {
      take(id, request)?.resolve(bytes);
    },
    forget(id) {
      calls.delete(id);
    },
  };

  function take(id: number, request: number) {
    const waiting = calls.get(id)?.requests.get(request);
    calls.get(id)?.requests.delete(request);
    return waiting;
  }
}

const failed = (fault: Fault): string => `e${JSON.stringify(fault)}`;

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === "object" && value !== null) || typeof value === "function") && typeof (value as { then?: unknown }).then === "function";

/** Names the field in whatever goes wrong while it is evaluated. */
function inField<T>(field: string, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw faultError({ ...toFault(error), field });
  }
}
