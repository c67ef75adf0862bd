/** Reading a payload by dotted paths, however its keys are nested. Only own properties count, so `__proto__` is a name like any other. */
import type { Json } from "#sdk";
import type { Payload, Read } from "#sdk/source.ts";

interface Path {
  first: string;
  /** keys[i][n - 1]: the n segments from i on, joined: the key to look for at that depth. */
  keys: string[][];
  length: number;
}

const compiled = new Map<string, Path>();

/** Paths come from source files, never from payloads, so the cache stays small. */
function compile(path: string): Path {
  let known = compiled.get(path);
  if (!known) {
    const segments = path.split(".");
    const keys = segments.map((_, from) => segments.slice(from).map((__, n) => segments.slice(from, from + n + 1).join(".")));
    compiled.set(path, (known = { first: segments[0]!, keys, length: segments.length }));
  }
  return known;
}

/** Depth-first over the ways to cut the path into keys; a cut is only followed where its first key exists. */
function walk(at: object, path: Path, from: number): Json | undefined {
  const heads = path.keys[from]!;
  for (let n = heads.length; n >= 1; n--) {
    const key = heads[n - 1]!;
    if (!Object.hasOwn(at, key)) continue;
    const value = (at as Record<string, Json>)[key];
    if (value === null || value === undefined) continue;
    if (from + n === path.length) return value;
    if (typeof value !== "object") continue;
    const found = walk(value, path, from + n);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The value at a dotted path, with its keys nested (`{rule: {name}}`), flattened (`{"rule.name"}`) or mixed; a numeric segment
 * indexes a list. Null counts as absent.
 */
export const readPath = (payload: object, path: string): Json | undefined => walk(payload, compile(path), 0);

/**
 * The object that holds the event: an Elasticsearch hit (also as Logstash forwards it) keeps it under `_source`, beside fields
 * of the wrapper such as `_id`. The event comes first, the wrapper fills what it lacks.
 */
export function payloadRoots(payload: Payload): Payload[] {
  const inner = Object.hasOwn(payload, "_source") ? payload["_source"] : undefined;
  return typeof inner === "object" && inner !== null && !Array.isArray(inner) ? [inner, payload] : [payload];
}

/** First segments of an object's keys, flattened ones included: most of the paths that are asked for start with none of them. */
function firstSegments(root: Payload): Set<string> {
  const firsts = new Set<string>();
  for (const key of Object.keys(root)) {
    const dot = key.indexOf(".");
    firsts.add(dot === -1 ? key : key.slice(0, dot));
  }
  return firsts;
}

/** @returns a reader whose first path with a value wins (R36), each path looked up in every root before the next is tried. */
export function createRead(roots: readonly Payload[]): Read {
  const indexed = roots.map((root) => ({ root, firsts: firstSegments(root) }));
  return (...paths) => {
    for (const path of paths) {
      const steps = compile(path);
      for (const { root, firsts } of indexed) {
        if (!firsts.has(steps.first)) continue;
        const value = walk(root, steps, 0);
        if (value !== undefined) return value;
      }
    }
    return undefined;
  };
}
