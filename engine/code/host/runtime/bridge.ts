/** What passes between the isolate and the child process around it. Plain strings, numbers and bytes only; no object is ever shared. */
export interface Bridge {
  /** One way, in order, never blocks. */
  post(call: number, kind: PostKind, ...rest: (string | number | boolean | ArrayBuffer | undefined)[]): void;
  /** Blocks this isolate's thread (not the child's): random bytes must be there at once. */
  random(bytes: number): Uint8Array;
  /** The child's URL parser: `parse` (second: base) or the setter named `operation`. @returns the parts as JSON, null if it does not parse. */
  url(operation: string, href: string, second?: string): string | null;
}

/**
 * | kind   | rest                                             | answered by        |
 * |--------|--------------------------------------------------|--------------------|
 * | end    | result (see start)                               |                    |
 * | log    | level, text                                      |                    |
 * | timer  | timer id, milliseconds                           | fire               |
 * | clear  | timer id                                         |                    |
 * | fetch  | request id, url, method, headers as JSON, body   | respond or refuse  |
 * | digest | request id, algorithm, bytes                     | digested or refuse |
 */
export type PostKind = "end" | "log" | "timer" | "clear" | "fetch" | "digest";

export interface Limits {
  /** Characters of a serialised result. */
  result: number;
  logLines: number;
  logLength: number;
  /** Timers and requests that a call may have open at once. */
  open: number;
  /** Posts of one call, so that a loop of setTimeout and clearTimeout cannot flood the child. */
  posts: number;
}

export interface Control {
  /** @param bundle the evaluated script. */
  load(bundle: BundleFunction): void;
  /** @returns `v` + the value as JSON, `e` + a Fault as JSON, or `p` + the milliseconds used so far where a promise is pending. */
  start(call: number, entry: string, scope: string): string;
  fire(call: number, timer: number): void;
  respond(call: number, request: number, status: number, url: string, headers: string, body: string): void;
  refuse(call: number, request: number, message: string): void;
  digested(call: number, request: number, bytes: ArrayBuffer): void;
  forget(call: number): void;
}

/** A failure as the isolate sees it; the parent finds its place from the stack. */
export interface Fault {
  reason: "throw" | "too-large" | "not-json" | "load";
  message: string;
  stack?: string;
  field?: string;
}

export type BundleFunction = (globals: object) => {
  expressions: Record<string, [field: string, evaluate: (scope: object, globals: object) => unknown][]>;
  files: Record<string, () => unknown>;
};
