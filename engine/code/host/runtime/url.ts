/** URL parses in the child, whose parser is the platform's; URLSearchParams is plain JavaScript. */
import type { Bridge } from "./bridge.ts";

const encode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(/%20/g, "+").replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text: string): string {
  const spaced = text.replace(/\+/g, " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A stray per cent sign stays as it is.
    return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return "\ufffd";
      }
    });
  }
}

class URLSearchParams {
  #pairs: [string, string][] = [];
  #onChange: (() => void) | undefined;

  constructor(init: unknown = "", onChange?: () => void) {
    if (init !== null && typeof init === "object") {
      const pairs = Symbol.iterator in init ? [...(init as Iterable<[unknown, unknown]>)] : Object.entries(init);
      this.#pairs = pairs.map(([name, value]) => [String(name), String(value)]);
    } else {
      this.#pairs = String(init).replace(/^\?/, "").split("&").filter((part) => part !== "").map((part) => {
        const [name = "", ...rest] = part.split("=");
        return [decode(name), decode(rest.join("="))];
      });
    }
    this.#onChange = onChange;
  }
  get size(): number {
    return this.#pairs.length;
  }
  append(name: unknown, value: unknown): void {
    this.#pairs.push([String(name), String(value)]);
    this.#onChange?.();
  }
  delete(name: unknown): void {
    this.#pairs = this.#pairs.filter(([each]) => each !== String(name));
    this.#onChange?.();
  }
  get(name: unknown): string | null {
    return this.#pairs.find(([each]) => each === String(name))?.[1] ?? null;
  }
  getAll(name: unknown): string[] {
    return this.#pairs.filter(([each]) => each === String(name)).map(([, value]) => value);
  }
  has(name: unknown): boolean {
    return this.#pairs.some(([each]) => each === String(name));
  }
  set(name: unknown, value: unknown): void {
    const at = this.#pairs.findIndex(([each]) => each === String(name));
    if (at === -1) this.#pairs.push([String(name), String(value)]);
    else this.#pairs = this.#pairs.filter(([each], index) => index <= at || each !== String(name)).map((pair, index) => (index === at ? [String(name), String(value)] : pair));
    this.#onChange?.();
  }
  sort(): void {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#onChange?.();
  }
  forEach(visit: (value: string, name: string) => void): void {
    for (const [name, value] of this.#pairs) visit(value, name);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.#pairs) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
  toString(): string {
    return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  }
}

/** The order in which the child sends a URL's parts. */
const PARTS = ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"] as const;
type Part = (typeof PARTS)[number];

export function urlClasses(bridge: Bridge): { URL: unknown; URLSearchParams: unknown } {
  class URL {
    #parts: Record<Part, string>;
    #searchParams: URLSearchParams | undefined;

    constructor(input: unknown, base?: unknown) {
      this.#parts = URL.#read(bridge.url("parse", String(input), base === undefined ? undefined : String(base)), String(input));
    }
    static #read(json: string | null, input: string): Record<Part, string> {
      if (json === null) throw new TypeError(`Invalid URL: ${input.slice(0, 200)}`);
      const values = JSON.parse(json) as string[];
      return Object.fromEntries(PARTS.map((part, index) => [part, values[index]])) as Record<Part, string>;
    }
    static canParse(input: unknown, base?: unknown): boolean {
      return bridge.url("parse", String(input), base === undefined ? undefined : String(base)) !== null;
    }
    static parse(input: unknown, base?: unknown): URL | null {
      return URL.canParse(input, base) ? new URL(input, base) : null;
    }
    get searchParams(): URLSearchParams {
      this.#searchParams ??= new URLSearchParams(this.#parts.search, () => { this.#set("search", String(this.#searchParams)); });
      return this.#searchParams;
    }
    #set(part: string, value: string): void {
      this.#parts = URL.#read(bridge.url(part, this.#parts.href, value), value);
    }
    toString(): string {
      return this.#parts.href;
    }
    toJSON(): string {
      return this.#parts.href;
    }
    static {
      for (const part of PARTS) {
        Object.defineProperty(URL.prototype, part, {
          get(this: URL) { return this.#parts[part]; },
          set: part === "origin" ? undefined : function (this: URL, value: unknown) {
            this.#set(part, String(value));
            if (part === "search" || part === "href") this.#searchParams = undefined;
          },
          enumerable: true,
        });
      }
    }
  }
  return { URL, URLSearchParams };
}
