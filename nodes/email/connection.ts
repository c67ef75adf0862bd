import { z } from "zod";
import { defineConnection, secret } from "#sdk";
import { createSmtp } from "./client.ts";
import { mailbox } from "./mailbox.ts";

const HOST = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*\.?|[\da-f:.]*:[\da-f:.]+)$/;

export const email = defineConnection({
  type: "email",
  title: "E-mail",
  description: "Messages over SMTP, encrypted unless the server cannot.",
  icon: "mail",
  settings: z
    .object({
      host: z.string().trim().toLowerCase().max(253).regex(HOST, "a host name or an IP address, without a port").meta({ title: "Host" }),
      port: z.int().min(1).max(65_535).default(587).meta({ title: "Port", description: "587 with STARTTLS, 465 with TLS, 25 inside a network" }),
      security: z.enum(["starttls", "tls", "none"]).default("starttls").meta({ title: "Encryption", description: "None sends everything readable, the password too" }),
      username: z.string().trim().min(1).max(320).meta({ title: "User name" }).optional(),
      password: secret(z.string().min(1).max(1000)).meta({ title: "Password" }).optional(),
      from: mailbox.meta({ title: "Sender", description: "soc@example.org or SOC <soc@example.org>" }),
      allow_invalid_certificate: z.boolean().default(false).meta({ title: "Accept any certificate", description: "Whoever is on the way can then read and change everything" }),
    })
    .refine(({ username, password }) => (username === undefined) === (password === undefined), { path: ["password"], message: "user name and password go together: give both, or neither" }),
  hosts: ({ host, port }) => [`${host.includes(":") ? `[${host}]` : host}:${port}`],
  open: (settings, context) => createSmtp(context, settings),
  async check(client, { host, username }) {
    const { encrypted } = await client.signIn();
    const way = encrypted ? "encrypted" : "not encrypted";
    return { healthy: true, message: username === undefined ? `${host} accepts mail without signing in (${way})` : `Signed in to ${host} as ${username} (${way})` };
  },
});
