import { z } from "zod";
import { defineNode } from "#sdk";
import { analyse, analysis, fromEpoch, lookupRetry, textOf } from "./analysis.ts";
import { virustotal } from "./connection.ts";
import { assertPublicHost } from "./outside.ts";

export const lookupDomain = defineNode({
  type: "virustotal.lookup-domain",
  version: 1,
  ui: { title: "Look up domain", category: "enrich", icon: "virustotal", summary: "VirusTotal: {domain}", description: "Asks VirusTotal what its engines think of a domain." },
  connection: virustotal,
  config: z.object({}),
  input: z.object({
    domain: z.string().trim().toLowerCase().max(253).regex(/^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*\.?$/u, "not a domain name").meta({ title: "Domain" }),
  }),
  outputs: {
    out: analysis.extend({
      domain: z.string(),
      registrar: z.string().nullable(),
      registered_at: z.string().nullable(),
      categories: z.array(z.string()),
    }),
  },
  effect: "read",
  timeout: 30,
  retry: lookupRetry,
  async run({ client, input: { domain } }) {
    assertPublicHost(domain);
    const object = await client.get("domains", domain);
    const { registrar, creation_date, categories } = object?.attributes ?? {};
    return {
      port: "out",
      data: {
        domain,
        ...analyse(object, `https://www.virustotal.com/gui/domain/${encodeURIComponent(domain)}`),
        registrar: textOf(registrar),
        registered_at: fromEpoch(creation_date),
        categories: categoriesOf(categories),
      },
    };
  },
});

/** VirusTotal's is a map from vendor to category; the same word from two vendors is one category. */
function categoriesOf(categories: unknown): string[] {
  const read = z.record(z.string(), z.string()).safeParse(categories);
  return read.success ? [...new Set(Object.values(read.data))] : [];
}
