/** Every indicator in a payload: a bounded walk over all its strings, wherever they stand (R37, R38, R53). */
import type { Json } from "#sdk";
import type { Payload } from "#sdk/source.ts";
import { LIMITS } from "./limits.ts";
import { storable } from "../text.ts";
import { type Position, advance, startOf } from "./exclusions.ts";
import { type KeyHints, keyHints } from "./keys.ts";
import { type Kind, scan } from "./scan.ts";

/** Values without repeats in the order found; empty groups are left out. */
export type Iocs = { [K in Kind]?: string[] };

export interface Observables {
  /** What others may be asked about. */
  iocs: Iocs;
  /** The organisation's own or nobody's: shown, never sent to a provider. */
  internal: Iocs;
}

export const nothingObserved = (iocs: Iocs): boolean => Object.keys(iocs).length === 0;

interface Place {
  depth: number;
  hints: KeyHints;
  position: Position;
}

/** `dns: {question: {name}}`, `domain: {value}`: the key above says what these hold. */
const CARRIERS = new Set(["name", "value", "full", "original", "question", "answers", "data", "address"]);

class Collector {
  readonly #found = { iocs: new Map<Kind, Set<string>>(), internal: new Map<Kind, Set<string>>() };
  #strings: number = LIMITS.strings;
  #characters: number = LIMITS.characters;

  visit(value: Json, place: Place): void {
    if (typeof value === "string") this.#text(value, place);
    else if (typeof value === "object" && value !== null && place.depth <= LIMITS.depth) {
      if (Array.isArray(value)) for (const entry of value) this.visit(entry, { ...place, depth: place.depth + 1 });
      else for (const key of Object.keys(value)) this.#entry(key, value[key]!, place);
    }
  }

  #entry(key: string, value: Json, { depth, position, hints: parent }: Place): void {
    if (value === null || typeof value === "number" || typeof value === "boolean") return;
    const below = advance(position, key);
    if (below === "excluded") return;
    const segments = key.split(".", 32);
    if (segments.some((segment) => keyHints(segment).skip)) return;
    // An Elasticsearch hit's own fields start anew below `_source`.
    const own = keyHints(segments.at(-1)!);
    const hints = segments.length > 1 || !CARRIERS.has(key) || own.host ? own : { ...own, host: parent.host };
    this.visit(value, { depth: depth + 1, hints, position: depth === 0 && key === "_source" ? position : below });
  }

  #text(text: string, place: Place): void {
    // Amazon's resource names are made of ids, many of them 32 hex digits.
    if (text.length < 4 || text.startsWith("arn:aws") || this.#strings <= 0 || this.#characters <= 0) return;
    this.#strings--;
    const shown = text.length > this.#characters ? text.slice(0, this.#characters) : text;
    this.#characters -= shown.length;
    const inner = place.depth < LIMITS.depth ? innerJson(shown) : undefined;
    if (inner !== undefined) this.visit(inner, place);
    else scan(shown, place.hints, this.#report);
  }

  readonly #report = (kind: Kind, value: string, internal: boolean): void => {
    const groups = internal ? this.#found.internal : this.#found.iocs;
    let group = groups.get(kind);
    if (!group) groups.set(kind, (group = new Set()));
    if (group.size < LIMITS.perKind) group.add(storable(value));
  };

  result(): Observables {
    const lists = (groups: Map<Kind, Set<string>>): Iocs => Object.fromEntries([...groups].map(([kind, values]) => [kind, [...values]]));
    return { iocs: lists(this.#found.iocs), internal: lists(this.#found.internal) };
  }
}

/** Azure and others send lists of entities as JSON inside a string: with its keys known, its ids are not taken for hashes. */
function innerJson(text: string): Json | undefined {
  const first = text[0];
  if ((first !== "{" && first !== "[") || text.length > LIMITS.innerJson || !/[}\]]\s{0,4}$/.test(text.slice(-5))) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** @param notObservable paths of the source whose strings are never indicators */
export function extractObservables(payload: Payload, notObservable?: readonly string[]): Observables {
  const collector = new Collector();
  collector.visit(payload, { depth: 0, hints: keyHints(""), position: startOf(notObservable) });
  return collector.result();
}
