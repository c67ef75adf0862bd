/** A payload of any source → Playgraph's alert. Pure, and total: any JSON object gives an alert, none gives an exception. */
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { Json, NormalizedAlert, Severity, SourceDefinition } from "#sdk";
import { SEVERITIES } from "#sdk";
import type { Payload, Read, SourceMap } from "#sdk/source.ts";
import { PATHS, genericSeverity, genericTechniques } from "./generic-rules.ts";
import { createRead, payloadRoots } from "./read.ts";
import { collectTechniques } from "./techniques.ts";
import { LIMITS, cut, readText, storable, toList, toText } from "./text.ts";
import { parseTimestamp } from "./timestamps.ts";

export interface NormalizeRequest {
  payload: Payload;
  /** The registry; ties in recognition go to the earlier entry. */
  sources: readonly SourceDefinition[];
  /** The route's source: decides the format when given. */
  sourceHint: string | null;
}

export interface Normalized {
  alert: NormalizedAlert;
  /** What makes two deliveries the same alert within (tenant, source); null never matches. */
  dedup_key: string | null;
  /** The format that was applied; null when only the generic rules were. */
  source: SourceDefinition | null;
}

/** Source of an alert that neither its route, its shape nor its own `source` field names. */
export const GENERIC_SOURCE = "generic";

/** A key longer than this is replaced by its hash: PostgreSQL cannot index values of more than a third of a page. */
const MAX_DEDUP_KEY = 400;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function choose(request: NormalizeRequest, read: Read, named: string | null): SourceDefinition | null {
  const { payload, sources, sourceHint } = request;
  if (sourceHint !== null) return sources.find((source) => sameName(source.id, sourceHint)) ?? null;
  let best: SourceDefinition | null = null;
  let bestScore = 0;
  for (const source of sources) {
    const score = source.detect(payload, read);
    if (score > bestScore) [best, bestScore] = [source, score];
  }
  // A payload that says who it is beats a mere guess from its shape.
  const own = named === null || bestScore >= 1 ? undefined : sources.find((source) => sameName(source.id, named));
  return own ?? best;
}

/** The first path that holds an address; a host name in `src` is not one. */
function readAddress(read: Read, paths: readonly string[]): string | null {
  for (const path of paths) {
    const value = read(path);
    for (const entry of Array.isArray(value) ? value.slice(0, 20) : [value]) {
      const text = Array.isArray(entry) ? null : toText(entry, 100);
      if (text !== null && isIP(text) !== 0) return text;
    }
  }
  return null;
}

function firstTimestamp(read: Read, paths: readonly string[]): Date | null {
  for (const path of paths) {
    const at = parseTimestamp(read(path));
    if (at !== null) return at;
  }
  return null;
}

function firstList(read: Read): string[] {
  for (const path of PATHS.tags) {
    const list = toList(read(path), LIMITS.tag, LIMITS.tags);
    if (list.length > 0) return list;
  }
  return [];
}

/** A `source` that is text names the product (R19); ECS has an object there, and a log's path names a file, not a product. */
const ownName = (value: Json | undefined): string | null => (typeof value === "string" && !/[/\\]/.test(value) ? toText(value, LIMITS.source) : null);

const isSeverity = (value: unknown): value is Severity => SEVERITIES.includes(value as Severity);
const clean = (text: string | null, limit: number): string | null => toText(text ?? undefined, limit);

function dedupKey(source: string, mapped: SourceMap, read: Read, sourceId: string | null): string | null {
  const key = mapped.dedup_key !== undefined ? mapped.dedup_key : mapped.source_id !== undefined ? mapped.source_id : readText(read, 100_000, PATHS.source_id);
  if (key === null || key === "" || sourceId === null) return null;
  const stored = storable(key);
  return stored.length <= MAX_DEDUP_KEY ? stored : `sha256:${createHash("sha256").update(`${source}\n${key}`).digest("hex")}`;
}

export function normalize(request: NormalizeRequest): Normalized {
  const { payload, sources, sourceHint } = request;
  const read = createRead(payloadRoots(payload));
  const named = ownName(read("source"));
  const definition = choose(request, read, named);
  const mapped: SourceMap = definition?.map(payload, read) ?? {};

  /** What the source's map says (null included), else the generic rule. */
  const text = (field: "title" | "description" | "source_id" | "rule_id" | "rule_name" | "hostname" | "username" | "partner"): string | null => {
    const value = mapped[field];
    return value === undefined ? readText(read, LIMITS[field], PATHS[field]) : clean(value, LIMITS[field]);
  };

  // R19: the payload's own name wins over the route's; a known product is always spelled the same way.
  const name = mapped.source ?? named ?? sourceHint ?? definition?.id ?? GENERIC_SOURCE;
  const source = sources.find((known) => sameName(known.id, name))?.id ?? cut(storable(name.trim()), LIMITS.source);
  const sourceId = text("source_id");
  const alert: NormalizedAlert = {
    title: text("title") ?? "Untitled Alert",
    description: text("description"),
    severity: isSeverity(mapped.severity) ? mapped.severity : genericSeverity(read),
    source: source === "" ? GENERIC_SOURCE : source,
    source_id: sourceId,
    rule_id: text("rule_id"),
    rule_name: text("rule_name"),
    hostname: text("hostname"),
    username: text("username"),
    source_ip: mapped.source_ip === undefined ? readAddress(read, PATHS.source_ip) : address(mapped.source_ip),
    dest_ip: mapped.dest_ip === undefined ? readAddress(read, PATHS.dest_ip) : address(mapped.dest_ip),
    tags: mapped.tags === undefined ? firstList(read) : toList(mapped.tags, LIMITS.tag, LIMITS.tags),
    partner: text("partner"),
    techniques: mapped.techniques === undefined ? collectTechniques(...genericTechniques(read)) : collectTechniques(mapped.techniques),
    observed_at: mapped.observed_at === undefined ? firstTimestamp(read, PATHS.observed_at) : parseTimestamp(mapped.observed_at?.toJSON() ?? undefined),
  };
  return { alert, dedup_key: dedupKey(alert.source, mapped, read, sourceId), source: definition };
}

/** A source's map may hand over whatever stood at its path. */
function address(value: Json): string | null {
  const text = toText(value, 100);
  return text !== null && isIP(text) !== 0 ? text : null;
}
