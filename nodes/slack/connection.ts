import { z } from "zod";
import { defineConnection, secret } from "#sdk";
import { createSlack } from "./client.ts";

export const slack = defineConnection({
  type: "slack",
  title: "Slack",
  description: "Messages to channels, by a bot token or an incoming webhook.",
  icon: "slack",
  docs: "https://docs.slack.dev/authentication/tokens",
  settings: z
    .object({
      bot_token: secret(z.string().trim().regex(/^xox[a-z]-/, "a bot token starts with xoxb-")).meta({ title: "Bot token", description: "Needs chat:write" }).optional(),
      webhook_url: secret(z.string().trim().refine((url) => /^https?:/.test(url) && URL.canParse(url), "not a web address")).meta({ title: "Webhook address", description: "Instead of a token: posts to one fixed channel" }).optional(),
      default_channel: z.string().trim().min(1).max(80).meta({ title: "Default channel", description: "#name or channel id; for tokens" }).optional(),
      api_url: z.url({ protocol: /^https?$/ }).default("https://slack.com/api").meta({ title: "API address", description: "GovSlack has its own" }),
    })
    .refine(({ bot_token, webhook_url }) => bot_token !== undefined || webhook_url !== undefined, { path: ["bot_token"], message: "give a bot token or a webhook address" }),
  hosts: ({ bot_token, webhook_url, api_url }) => [...(bot_token ? [new URL(api_url).host] : []), ...(webhook_url ? [new URL(webhook_url).host] : [])],
  open: (settings, { http }) => createSlack(http, settings),
  async check(client) {
    if (client.via === "webhook") {
      return { healthy: false, unverifiable: true, message: "A webhook cannot be verified without posting a message. Use a bot token to have it checked." };
    }
    const { team, user } = await client.whoAmI();
    return { healthy: true, message: `Signed in to ${team} as ${user}` };
  },
});
