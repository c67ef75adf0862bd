import type { Json } from "#sdk";

/** What `compile` makes of one playbook version: a script for each profile that is used, and what each entry reads. */
export interface Bundle {
  /** SHA-256 of the code: the cache key. */
  hash: string;
  /** The isolate's script and then, from `meta.node.start`, the Node profile's. Empty where the version has neither expressions nor files. */
  code: string;
  meta: BundleMeta;
}

/**
 * Entries: `expr:<node id>` evaluates all expression fields of a node at once and returns {field: value};
 * `file:<path>` calls the file's default export with the scope, as one object argument; `node:<path>` does so in the Node profile.
 */
export interface BundleMeta {
  entries: Record<string, ScopeUse>;
  map?: PlaceMap;
  /** Absent where no node asks for the Node profile. */
  node?: { start: number; map: PlaceMap };
}

/** Source map (v3) without the sources' text: places a failure at the author's file and line. */
export interface PlaceMap {
  sources: string[];
  mappings: string;
}

/** Which parts of the scope an entry mentions, so that only those cross the pipe. `steps: null` means all. */
export interface ScopeUse {
  trigger: boolean;
  alert: boolean;
  item: boolean;
  vars: boolean;
  run: boolean;
  steps: string[] | null;
  /** Line of a file's default export: the place to name when a failure has no stack (a promise that never settles). */
  line?: number;
}

/** What expressions and code nodes see. `steps.<id>` is the step's output data, or undefined where it did not run. */
export interface Scope {
  trigger?: Json;
  alert?: Json;
  steps?: Record<string, Json | undefined>;
  item?: Json;
  vars?: Json;
  run?: Json;
}

export interface CodeCall {
  tenantId: string;
  bundle: Bundle;
  entry: string;
  scope: Scope;
  /** Wall-clock milliseconds, queueing excluded. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Answers `fetch` inside the isolate, through the egress gateway; absent refuses every request. */
  fetch?: (request: FetchRequest) => Promise<FetchResponse>;
}

export interface FetchRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

export interface FetchResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface LogLine {
  level: "debug" | "info" | "warn" | "error";
  text: string;
}

export type CodeResult =
  | { ok: true; value: Json; logs: LogLine[] }
  | { ok: false; failure: CodeFailure; logs: LogLine[] };

export interface CodeFailure {
  /** throw: the code threw. load: the bundle does not evaluate. killed: the host died for another reason. */
  reason: "throw" | "timeout" | "memory" | "killed" | "too-large" | "not-json" | "aborted" | "load";
  /** For people: what happened and where. */
  message: string;
  /** The author's. */
  file?: string;
  line?: number;
  /** The input field, for expressions. */
  field?: string;
}

/** The sandbox as the engine sees it. */
export interface CodeHost {
  call(call: CodeCall): Promise<CodeResult>;
  close(): Promise<void>;
}
