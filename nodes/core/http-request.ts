import { z } from "zod";
import { defineNode, Failure, type HttpResponse } from "#sdk";

const statusPattern = z.string().regex(/^[1-5](xx|\d\d)$/, "a status is 200, or 2xx for all of its class");

/** Any web request. Which addresses it may reach (private ones are refused by default) is the gateway's decision, not the playbook's. */
export const httpRequest = defineNode({
  type: "core.http-request",
  version: 1,
  ui: { title: "HTTP request", category: "web", icon: "globe", summary: "{method} {url}", description: "Sends one request and gives status, headers and body." },
  config: z.object({
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET").meta({ title: "Method" }),
    expect: z.array(statusPattern).min(1).default(["2xx"]).meta({ title: "Expected status", description: "Any other status fails the step" }),
    response: z.enum(["auto", "json", "text"]).default("auto").meta({ title: "Response", description: "auto parses JSON where the answer says it is JSON" }),
  }),
  input: z.object({
    url: z.url({ protocol: /^https?$/ }).meta({ title: "URL" }),
    query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish().meta({ title: "Query", description: "Added to the URL; null leaves a name out" }),
    headers: z.record(z.string(), z.string()).nullish().meta({ title: "Headers" }),
    body: z.unknown().optional().meta({ title: "Body", description: "A text is sent as it is, anything else as JSON" }),
  }),
  outputs: {
    out: z.object({ status: z.number().int(), headers: z.record(z.string(), z.string()), body: z.unknown() }),
  },
  effect: (config) => (config.method === "GET" || config.method === "HEAD" ? "read" : "write"),
  timeout: 30,
  simulate: () => ({ port: "out", data: { status: 200, headers: {}, body: null } }),
  async run({ config, input, http }) {
    const url = new URL(input.url);
    for (const [name, value] of Object.entries(input.query ?? {})) if (value !== null) url.searchParams.append(name, String(value));
    const writes = config.method !== "GET" && config.method !== "HEAD";
    if (!writes && input.body != null) throw new Failure("invalid-input", `a ${config.method} request has no body`);
    const response = await http.request({
      url: url.href,
      method: config.method,
      headers: { ...input.headers },
      ...(writes && input.body != null ? { body: input.body } : {}),
    });
    const accepted = config.expect.some((pattern) => (pattern.endsWith("xx") ? pattern[0] === String(response.status)[0] : pattern === String(response.status)));
    if (!accepted) {
      response.expectOk();
      throw new Failure("rejected", `answered ${response.status}, expected ${config.expect.join(" or ")}`, { details: { status: response.status } });
    }
    return { port: "out", data: { status: response.status, headers: response.headers, body: read(response, config.response) } };
  },
});

function read(response: HttpResponse, as: "auto" | "json" | "text"): unknown {
  if (as === "json") return response.json();
  if (as === "text" || response.text === "" || !/[/+]json\b/.test(response.headers["content-type"] ?? "")) return response.text;
  try {
    return response.json();
  } catch {
    return response.text; // a body that only claims to be JSON is still worth reading
  }
}
