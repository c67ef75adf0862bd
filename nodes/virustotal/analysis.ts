/** What all four lookups share: the engines' votes and what follows from them. */
import { z } from "zod";
import type { VirusTotalObject } from "./client.ts";

const MAX_FLAGGED = 20;
/** More malicious votes than this is a verdict, not a false positive (R92). */
const MALICIOUS_ABOVE = 5;

const count = z.number().int().nonnegative();

export const analysis = z.object({
  found: z.boolean(),
  malicious: count,
  suspicious: count,
  harmless: count,
  undetected: count,
  /** Engines that gave a verdict: time-outs and unsupported types do not count. */
  engines: count,
  /** (malicious + half of suspicious) / engines: 0 to 1, two decimals. */
  reputation: z.number().min(0).max(1),
  verdict: z.enum(["malicious", "suspicious", "clean", "unknown"]),
  /** Names of the first engines that call it malicious or suspicious. */
  flagged_by: z.array(z.string()),
  /** Votes of VirusTotal's community; negative is bad. */
  community_score: z.number().int().nullable(),
  tags: z.array(z.string()),
  last_analysis_at: z.string().nullable(),
  /** Its page on virustotal.com. */
  link: z.string(),
});
export type Analysis = z.infer<typeof analysis>;

// Each field falls back alone: VirusTotal leaves out what it does not have, and one odd field must not lose the others.
const attributes = z.object({
  last_analysis_stats: z.object({ malicious: count.catch(0), suspicious: count.catch(0), harmless: count.catch(0), undetected: count.catch(0) }).catch({ malicious: 0, suspicious: 0, harmless: 0, undetected: 0 }),
  last_analysis_results: z.record(z.string(), z.object({ category: z.string() })).catch({}),
  reputation: z.number().int().nullable().catch(null),
  tags: z.array(z.string()).catch([]),
  last_analysis_date: z.number().nullable().catch(null),
});

/** @param link the page to show; also for what VirusTotal has never seen. */
export function analyse(object: VirusTotalObject | null, link: string): Analysis {
  const read = attributes.parse(object?.attributes ?? {});
  const { malicious, suspicious, harmless, undetected } = read.last_analysis_stats;
  const engines = malicious + suspicious + harmless + undetected;
  return {
    found: object !== null,
    malicious, suspicious, harmless, undetected, engines,
    reputation: engines === 0 ? 0 : Math.round(((malicious + 0.5 * suspicious) / engines) * 100) / 100,
    verdict: engines === 0 ? "unknown" : malicious > MALICIOUS_ABOVE ? "malicious" : malicious + suspicious > 0 ? "suspicious" : "clean",
    flagged_by: Object.entries(read.last_analysis_results).flatMap(([engine, { category }]) => (category === "malicious" || category === "suspicious" ? [engine] : [])).slice(0, MAX_FLAGGED),
    community_score: read.reputation,
    tags: read.tags,
    last_analysis_at: fromEpoch(read.last_analysis_date),
    link,
  };
}

/** VirusTotal counts time in seconds since 1970. */
export function fromEpoch(seconds: unknown): string | null {
  const date = typeof seconds === "number" ? new Date(seconds * 1000) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

export const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
export const integerOf = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);

/** The policy of all lookups: the quota is per minute, so quick retries would only use up the attempts. */
export const lookupRetry = { attempts: 4, backoff: "exponential", base: 5, max: 120, jitter: true } as const;
