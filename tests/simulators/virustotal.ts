/** VirusTotal API v3 as published: paths, x-apikey, object and error shapes (https://docs.virustotal.com/reference/errors). */
import { createHash } from "node:crypto";
import { type Simulator, startSimulator } from "./server.ts";

export interface VirusTotalSimulator extends Simulator {
  /** For the connection's `base_url`. */
  baseUrl: string;
  apiKey: string;
  /** @param id as in the path: an address, a domain, a hash, or a URL's base64url. */
  know(collection: "ip_addresses" | "domains" | "files" | "urls", id: string, attributes: object): void;
}

const TYPES = { ip_addresses: "ip_address", domains: "domain", files: "file", urls: "url" } as const;

export const errors = {
  notFound: (what: string) => ({ status: 404, body: { error: { code: "NotFoundError", message: `${what} not found` } } }),
  wrongKey: { status: 401, body: { error: { code: "WrongCredentialsError", message: "Wrong API key" } } },
  noKey: { status: 401, body: { error: { code: "AuthenticationRequiredError", message: "X-Apikey header is missing" } } },
  forbidden: { status: 403, body: { error: { code: "ForbiddenError", message: "You are not authorized to perform the requested operation" } } },
  quota: { status: 429, body: { error: { code: "QuotaExceededError", message: "Quota exceeded" } } },
  transient: { status: 503, body: { error: { code: "TransientError", message: "Transient server error. Retry might work." } } },
  badArgument: { status: 400, body: { error: { code: "InvalidArgumentError", message: "Invalid argument" } } },
};

export async function startVirusTotal({ apiKey = "7e57ab1e".repeat(8) }: { apiKey?: string } = {}): Promise<VirusTotalSimulator> {
  const known = new Map<string, object>();
  const simulator = await startSimulator(({ method, path, headers }) => {
    const [, api, version, collection = "", id = ""] = new URL(path, "http://x").pathname.split("/").map(decodeURIComponent);
    if (api !== "api" || version !== "v3" || method !== "GET") return { status: 404, body: "Not found" };
    if (headers["x-apikey"] === undefined) return errors.noKey;
    if (headers["x-apikey"] !== apiKey) return errors.wrongKey;
    if (collection === "users") {
      if (id !== apiKey) return errors.notFound("User");
      const attributes = { status: "active", quotas: { api_requests_daily: { used: 12, allowed: 500 }, api_requests_hourly: { used: 3, allowed: 240 } } };
      return { body: { data: { id: "analyst", type: "user", links: { self: `https://www.virustotal.com/api/v3/users/analyst` }, attributes } } };
    }
    const attributes = known.get(`${collection}/${id}`);
    if (!attributes || !(collection in TYPES)) return errors.notFound(`${collection} "${id}"`);
    // URLs may be asked for by base64url; their id in the answer is a SHA-256.
    const answerId = collection === "urls" ? createHash("sha256").update(Buffer.from(id, "base64url")).digest("hex") : id;
    const type = TYPES[collection as keyof typeof TYPES];
    return { body: { data: { id: answerId, type, links: { self: `https://www.virustotal.com/api/v3/${collection}/${answerId}` }, attributes } } };
  });
  return { ...simulator, apiKey, baseUrl: `${simulator.url}/api/v3`, know: (collection, id, attributes) => void known.set(`${collection}/${id}`, attributes) };
}

/** Votes as VirusTotal writes them, with engines to match. */
export function votes({ malicious = 0, suspicious = 0, harmless = 0, undetected = 0 }: { malicious?: number; suspicious?: number; harmless?: number; undetected?: number }): object {
  const engines = { malicious, suspicious, harmless, undetected };
  const results = Object.entries(engines).flatMap(([category, count]) =>
    Array.from({ length: count }, (_, n) => [`${category}-engine-${n + 1}`, { method: "blacklist", engine_name: `${category}-engine-${n + 1}`, category, result: category }] as const),
  );
  return {
    last_analysis_stats: { ...engines, timeout: 0 },
    last_analysis_results: Object.fromEntries(results),
    last_analysis_date: 1_772_366_400,
    reputation: -malicious,
    total_votes: { harmless: 0, malicious: 0 },
    tags: [],
  };
}
