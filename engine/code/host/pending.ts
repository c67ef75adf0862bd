import type { CodeCall, CodeResult, LogLine } from "../types.ts";

/** A call on its way; settled exactly once. */
export class PendingCall {
  readonly id: number;
  readonly call: CodeCall;
  /** Tenant and bundle: one isolate never serves two tenants. */
  readonly key: string;
  readonly scope: string;
  /** Something may have happened outside: the call must not run twice. */
  hasFetched = false;
  /** Ever, and without an answer yet; with the characters of their bodies. */
  requests = 0;
  openRequests = 0;
  openBodies = 0;
  /** What it has said so far, where that comes at once (from a cell). */
  readonly logs: LogLine[] = [];
  logLength = 0;
  #resolve: ((result: CodeResult) => void) | undefined;

  constructor(id: number, call: CodeCall, scope: string, resolve: (result: CodeResult) => void) {
    this.id = id;
    this.call = call;
    this.key = `${call.tenantId}:${call.bundle.hash}`;
    this.scope = scope;
    this.#resolve = resolve;
  }

  get isSettled(): boolean {
    return this.#resolve === undefined;
  }

  settle(result: CodeResult): void {
    this.#resolve?.(result);
    this.#resolve = undefined;
  }
}
