import { z } from "zod";
import { defineConnection, secret } from "#sdk";
import { createVirusTotal } from "./client.ts";

const quota = z.object({ quotas: z.object({ api_requests_daily: z.object({ used: z.number(), allowed: z.number() }) }) });

export const virustotal = defineConnection({
  type: "virustotal",
  title: "VirusTotal",
  description: "Reputation of addresses, domains, files and URLs.",
  icon: "virustotal",
  docs: "https://docs.virustotal.com/reference/overview",
  settings: z.object({
    api_key: secret(z.string().trim().min(1, "an API key is needed")).meta({ title: "API key", description: "virustotal.com → your name → API key" }),
    base_url: z.url({ protocol: /^https?$/ }).default("https://www.virustotal.com/api/v3").meta({ title: "API address" }),
  }),
  hosts: ({ base_url }) => [new URL(base_url).host],
  open: (settings, { http }) => createVirusTotal(http, settings),
  async check(client, { api_key }) {
    const user = await client.get("users", api_key); // the key itself is a valid id of its user
    if (!user) return { healthy: false, message: "VirusTotal does not know this API key" };
    const parsed = quota.safeParse(user.attributes);
    const daily = parsed.success ? parsed.data.quotas.api_requests_daily : undefined;
    return { healthy: true, message: daily ? `Signed in; ${daily.used} of ${daily.allowed} lookups used today` : "Signed in" };
  },
});
