import { z } from "zod";
import { defineNode, Failure } from "#sdk";
import { alertMessage } from "./alert-message.ts";
import { slack } from "./connection.ts";

/** Slack takes no idempotency key, so a message whose answer was lost is not sent again: a person decides. */
export const postMessage = defineNode({
  type: "slack.post-message",
  version: 1,
  ui: { title: "Post to Slack", category: "notify", icon: "slack", summary: "Slack: {text}", description: "Posts a message, or the summary of the run's alert with a link to it." },
  connection: slack,
  config: z.object({
    alert_summary: z.boolean().default(false).meta({ title: "Alert summary", description: "Severity, id, risk, event, source IP and link of the run's alert, above the text" }),
  }),
  input: z.object({
    text: z.string().max(10_000).nullish().meta({ title: "Text", multiline: true, description: "Slack's mrkdwn. May be left out with the alert summary" }),
    channel: z.string().trim().min(1).max(80).nullish().meta({ title: "Channel", description: "#name or channel id; default: the connection's" }),
  }),
  outputs: { out: z.object({ channel: z.string().nullable(), ts: z.string().nullable() }) },
  effect: "write",
  timeout: 30,
  simulate: () => ({ port: "out", data: { channel: null, ts: null } }),
  async run({ client, config, input, records, baseUrl }) {
    const text = input.text?.trim() || undefined;
    if (text === undefined && !config.alert_summary) throw new Failure("invalid-input", "there is nothing to post: give a text or switch the alert summary on");
    const message = config.alert_summary ? alertMessage(await records.getAlert(), baseUrl, text) : { text: text ?? "" };
    return { port: "out", data: await client.post(message, input.channel ?? undefined) };
  },
});
