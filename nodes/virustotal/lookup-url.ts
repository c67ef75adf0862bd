import { z } from "zod";
import { defineNode } from "#sdk";
import { analyse, analysis, fromEpoch, integerOf, lookupRetry, textOf } from "./analysis.ts";
import { virustotal } from "./connection.ts";
import { assertPublicHost } from "./outside.ts";

export const lookupUrl = defineNode({
  type: "virustotal.lookup-url",
  version: 1,
  ui: { title: "Look up URL", category: "enrich", icon: "virustotal", summary: "VirusTotal: {url}", description: "Asks what VirusTotal already knows about a URL. Nothing is submitted for scanning, but VirusTotal sees the URL, tokens in it included." },
  connection: virustotal,
  config: z.object({}),
  input: z.object({ url: z.url({ protocol: /^https?$/ }).max(2000).meta({ title: "URL" }) }),
  outputs: {
    out: analysis.extend({
      url: z.string(),
      final_url: z.string().nullable(),
      page_title: z.string().nullable(),
      /** Status code of the page when VirusTotal last fetched it. */
      http_status: z.number().int().nullable(),
      first_seen_at: z.string().nullable(),
    }),
  },
  effect: "read",
  timeout: 30,
  retry: lookupRetry,
  async run({ client, input: { url } }) {
    assertPublicHost(new URL(url).hostname);
    const object = await client.get("urls", urlId(url));
    const { last_final_url, title, last_http_response_code, first_submission_date } = object?.attributes ?? {};
    return {
      port: "out",
      data: {
        url,
        ...analyse(object, `https://www.virustotal.com/gui/url/${object?.id ?? urlId(url)}`),
        final_url: textOf(last_final_url),
        page_title: textOf(title),
        http_status: integerOf(last_http_response_code),
        first_seen_at: fromEpoch(first_submission_date),
      },
    };
  },
});

/** VirusTotal's id of a URL: base64url without padding. */
const urlId = (url: string): string => Buffer.from(url).toString("base64url");
