import type { Call } from "./call.ts";
import { encodeUtf8 } from "./text.ts";

/** Names in lower case, values joined as HTTP does. */
class Headers {
  #values = new Map<string, string>();

  constructor(init?: unknown) {
    if (init instanceof Headers) init.forEach((value, name) => this.set(name, value));
    else if (Array.isArray(init)) for (const [name, value] of init as [unknown, unknown][]) this.append(name, value);
    else if (typeof init === "object" && init !== null) for (const [name, value] of Object.entries(init)) this.append(name, value);
  }
  append(name: unknown, value: unknown): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${String(value)}`);
  }
  set(name: unknown, value: unknown): void {
    this.#values.set(String(name).toLowerCase(), String(value).trim());
  }
  get(name: unknown): string | null {
    return this.#values.get(String(name).toLowerCase()) ?? null;
  }
  has(name: unknown): boolean {
    return this.#values.has(String(name).toLowerCase());
  }
  delete(name: unknown): void {
    this.#values.delete(String(name).toLowerCase());
  }
  forEach(visit: (value: string, name: string) => void): void {
    for (const [name, value] of this.#values) visit(value, name);
  }
  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
  keys(): IterableIterator<string> {
    return this.#values.keys();
  }
  values(): IterableIterator<string> {
    return this.#values.values();
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}

/** Bodies are text: the egress gateway hands on decoded text with a size limit. */
class Response {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  #body: string;

  constructor(status: number, url: string, headers: Headers, body: string) {
    this.status = status;
    this.url = url;
    this.headers = headers;
    this.#body = body;
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
  async text(): Promise<string> {
    return this.#body;
  }
  async json(): Promise<unknown> {
    return JSON.parse(this.#body);
  }
  async arrayBuffer(): Promise<unknown> {
    return encodeUtf8(this.#body).buffer;
  }
}

/** Frozen with the intrinsics: their prototypes would otherwise carry a change from one call to the next. */
export const fetchClasses = { Headers, Response };

export const makeResponse = (status: number, url: string, headers: string, body: string): object =>
  new Response(status, url, new Headers(JSON.parse(headers)), body);

interface Init {
  method?: unknown;
  headers?: unknown;
  body?: unknown;
}

export function fetchOf(call: Call): unknown {
  return async function fetch(input: unknown, init: Init = {}): Promise<unknown> {
    const parts = call.bridge.url("parse", String(input));
    if (parts === null) throw new TypeError(`fetch: ${String(input)} is not an absolute URL`);
    const [href] = JSON.parse(parts) as [string];
    const headers = new Headers(init.headers);
    const isForm = init.body instanceof URLSearchParams;
    if (isForm && !headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
    if (init.body !== undefined && init.body !== null && typeof init.body !== "string" && !isForm) throw new TypeError("fetch: a body is a string or URLSearchParams");
    const body = init.body === undefined || init.body === null ? undefined : String(init.body);
    return call.ask("fetch", href, String(init.method ?? "GET").toUpperCase(), JSON.stringify(Object.fromEntries(headers.entries())), body);
  };
}
