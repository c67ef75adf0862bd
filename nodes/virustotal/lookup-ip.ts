import { z } from "zod";
import { defineNode } from "#sdk";
import { analyse, analysis, integerOf, lookupRetry, textOf } from "./analysis.ts";
import { virustotal } from "./connection.ts";
import { assertPublicIp } from "./outside.ts";

export const lookupIp = defineNode({
  type: "virustotal.lookup-ip",
  version: 1,
  ui: { title: "Look up IP", category: "enrich", icon: "virustotal", summary: "VirusTotal: {ip}", description: "Asks VirusTotal what its engines think of an IP address." },
  connection: virustotal,
  config: z.object({}),
  input: z.object({ ip: z.union([z.ipv4(), z.ipv6()], "not an IP address").meta({ title: "IP address" }) }),
  outputs: {
    out: analysis.extend({
      ip: z.string(),
      country: z.string().nullable(),
      as_owner: z.string().nullable(),
      asn: z.number().int().nullable(),
      network: z.string().nullable(),
    }),
  },
  effect: "read",
  timeout: 30,
  retry: lookupRetry,
  async run({ client, input: { ip } }) {
    assertPublicIp(ip);
    const object = await client.get("ip_addresses", ip);
    const { country, as_owner, asn, network } = object?.attributes ?? {};
    return {
      port: "out",
      data: {
        ip,
        ...analyse(object, `https://www.virustotal.com/gui/ip-address/${encodeURIComponent(ip)}`),
        country: textOf(country),
        as_owner: textOf(as_owner),
        asn: integerOf(asn),
        network: textOf(network),
      },
    };
  },
});
