/** VirusTotal API v3: https://docs.virustotal.com/reference/overview */
import { z } from "zod";
import { Failure, type Http, type HttpResponse } from "#sdk";

/** Its public quota is counted per minute, and the answer does not always say when to come back. */
const QUOTA_WINDOW_S = 60;

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string().default("") }) });
const objectBody = z.object({ data: z.object({ id: z.string(), attributes: z.record(z.string(), z.unknown()).default({}) }) });

export type VirusTotalObject = z.infer<typeof objectBody>["data"];
export type Collection = "ip_addresses" | "domains" | "files" | "urls" | "users";

export interface VirusTotal {
  /** @returns the object, or null when VirusTotal does not know it. @throws Failure */
  get(collection: Collection, id: string): Promise<VirusTotalObject | null>;
}

export function createVirusTotal(http: Http, { api_key, base_url }: { api_key: string; base_url: string }): VirusTotal {
  return {
    async get(collection, id) {
      const response = await http.request({
        url: `${base_url.replace(/\/+$/, "")}/${collection}/${encodeURIComponent(id)}`,
        headers: { "x-apikey": api_key, accept: "application/json" },
      });
      if (response.status === 200) return read(response);
      const error = errorOf(response);
      // Only VirusTotal's own 404 means "unknown"; that of a proxy or of a wrong base address does not.
      if (response.status === 404 && error?.code === "NotFoundError") return null;
      if (response.status === 400) throw new Failure("invalid-input", `VirusTotal refuses the request: ${error?.message || "bad request"}`, { details: { status: 400, ...error } });
      if (response.status === 429 && response.headers["retry-after"] === undefined) {
        throw new Failure("rate-limited", "VirusTotal's quota is used up for now (429)", { retryAfter: QUOTA_WINDOW_S, details: { status: 429, ...error } });
      }
      return read(response.expectOk());
    },
  };
}

function read(response: HttpResponse): VirusTotalObject {
  const body = objectBody.safeParse(response.json());
  if (!body.success) throw new Failure("rejected", "VirusTotal answered in a form that is not its API's", { details: { status: response.status } });
  return body.data.data;
}

function errorOf(response: HttpResponse): { code: string; message: string } | undefined {
  try {
    return errorBody.parse(response.json()).error;
  } catch {
    return undefined;
  }
}
