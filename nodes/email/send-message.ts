import { z } from "zod";
import { defineNode, Failure } from "#sdk";
import { alertText } from "./alert-text.ts";
import { email } from "./connection.ts";
import { mailbox, type Mailbox, parseMailbox } from "./mailbox.ts";

const MAX_RECIPIENTS = 100;
const list = z.array(mailbox).max(MAX_RECIPIENTS);
const parsed = (entries: readonly string[] | null | undefined): Mailbox[] => (entries ?? []).flatMap((entry) => parseMailbox(entry) ?? []);

/** SMTP takes no idempotency key, so a message whose receipt was lost is not sent again: a person decides. */
export const sendMessage = defineNode({
  type: "email.send-message",
  version: 1,
  ui: { title: "Send e-mail", category: "notify", icon: "mail", summary: "E-mail: {subject}", description: "Sends a message to people or a mailing list." },
  connection: email,
  config: z.object({}),
  input: z.object({
    to: list.min(1).meta({ title: "To", description: "ann@example.org or Ann Lee <ann@example.org>" }),
    cc: list.nullish().meta({ title: "Cc" }),
    bcc: list.nullish().meta({ title: "Bcc" }),
    // A line break here would start a header of the attacker's choice.
    subject: z.string().trim().min(1).max(500).regex(/^\P{Cc}*$/u, "a subject is one line").meta({ title: "Subject" }),
    text: z.string().max(500_000).nullish().meta({ title: "Text", multiline: true, description: "Without text and HTML: a summary of the run's alert with a link to it" }),
    html: z.string().max(1_000_000).nullish().meta({ title: "HTML", multiline: true, description: "Sent as it is: escape what comes from an alert" }),
  }),
  outputs: {
    out: z.object({
      message_id: z.string(),
      accepted: z.array(z.string()),
      refused: z.array(z.object({ address: z.string(), reply: z.string() })),
      reply: z.string(),
    }),
  },
  effect: "write",
  timeout: 60,
  // Greylisting lets the same message in after some minutes.
  retry: { attempts: 4, backoff: "exponential", base: 60, max: 300, jitter: true },
  simulate: ({ input: { to, cc, bcc } }) => ({
    port: "out",
    data: { message_id: "<simulated>", accepted: [...parsed(to), ...parsed(cc), ...parsed(bcc)].map(({ address }) => address), refused: [], reply: "simulated" },
  }),
  async run({ client, input, records, run, baseUrl, idempotencyKey }) {
    const [to, cc, bcc] = [parsed(input.to), parsed(input.cc), parsed(input.bcc)];
    if (to.length + cc.length + bcc.length > MAX_RECIPIENTS) throw new Failure("invalid-input", `a message has at most ${MAX_RECIPIENTS} recipients`);
    const html = input.html?.trim() ? input.html : undefined;
    let text = input.text?.trim() ? input.text : undefined;
    if (text === undefined && html === undefined) {
      if (run.alertId === null) throw new Failure("invalid-input", "there is nothing to send: give a text or HTML, or start the run from an alert");
      text = alertText(await records.getAlert(), baseUrl);
    }
    return { port: "out", data: await client.send({ to, cc, bcc, subject: input.subject, text, html, id: idempotencyKey }) };
  },
});
