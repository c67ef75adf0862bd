import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkConnection, createGateway, createVault, type EgressRules, openConnection, sealSettings } from "#engine/connections/index.ts";
import { createTestRecords, runNode, TEST_ALERT } from "#sdk/testing.ts";
import { openForTest } from "#tests/simulators/open.ts";
import { type SmtpFault, type SmtpSimulator, startSmtp } from "#tests/simulators/smtp.ts";
import { email } from "./connection.ts";
import { parseMailbox } from "./mailbox.ts";
import { sendMessage } from "./send-message.ts";

let starttls: SmtpSimulator;
let tls: SmtpSimulator;
let plain: SmtpSimulator;
beforeAll(async () => {
  [starttls, tls, plain] = await Promise.all([startSmtp(), startSmtp({ security: "tls", auth: ["LOGIN"] }), startSmtp({ security: "none", auth: [] })]);
});
beforeEach(() => [starttls, tls, plain].forEach((server) => server.reset()));
afterAll(() => Promise.all([starttls, tls, plain].map((server) => server.close())));

const settingsFor = (server: SmtpSimulator, change: object = {}) => ({
  host: server.host, port: server.port, from: "Playgraph <alerts@soc.example.org>", allow_invalid_certificate: true,
  ...(server === plain ? { security: "none" as const } : { security: server === tls ? ("tls" as const) : ("starttls" as const), username: server.username, password: server.password }),
  ...change,
});
const open = (server: SmtpSimulator, change: object = {}, rules: Partial<EgressRules> = {}) => openForTest(email, settingsFor(server, change), rules).client;
const mail = { to: ["ann@example.org"], subject: "Hello", text: "A line.\n.\n..dots" };
const send = (server: SmtpSimulator, input: object = {}, change: object = {}) => runNode(sendMessage, { client: open(server, change), input: { ...mail, ...input } });

describe("a message", () => {
  test("goes over STARTTLS, signed in, to everybody, without telling who is in bcc", async () => {
    const { data } = await send(starttls, { to: ["Ann Lee <ann@example.org>", "bob@example.org"], cc: ["cy@example.org"], bcc: ["dee@example.org", "ann@example.org"] });
    expect(data).toEqual({ message_id: "<11111111-1111-5111-8111-111111111111@soc.example.org>", accepted: ["ann@example.org", "bob@example.org", "cy@example.org", "dee@example.org"], refused: [], reply: "250 2.0.0 Ok: queued as 4F1A2B" });
    expect(starttls.messages).toEqual([{ from: "alerts@soc.example.org", to: data.accepted, encrypted: true, signedInAs: starttls.username, data: expect.any(String) }]);
    const text = starttls.messages[0]!.data;
    for (const header of ["From: Playgraph <alerts@soc.example.org>", "To: Ann Lee <ann@example.org>, bob@example.org", "Cc: cy@example.org", "Subject: Hello", `Message-ID: ${data.message_id}`, "Auto-Submitted: auto-generated"]) expect(text).toContain(`${header}\r\n`);
    expect(text).not.toContain("dee@");
    expect(text).toMatch(/A line\.\r\n\.\r\n\.\.dots/);
    expect(starttls.commands.find((command) => command.startsWith("AUTH"))).toMatch(/^AUTH PLAIN /);
  });

  test("goes over TLS from the first byte, signed in with LOGIN", async () => {
    await send(tls);
    expect(tls.messages).toMatchObject([{ encrypted: true, signedInAs: tls.username }]);
    expect(tls.commands).toContain("AUTH LOGIN");
  });

  test("goes unencrypted and without signing in where the connection says so", async () => {
    await send(plain);
    expect(plain.messages).toMatchObject([{ encrypted: false, signedInAs: null }]);
  });

  test("has a text and an HTML part, in any language", async () => {
    await send(plain, { subject: "Überwachung 監視", text: "Grüße", html: "<b>Grüße</b>" });
    const { data } = plain.messages[0]!;
    expect(data).toContain("Subject: =?UTF-8?");
    expect(data).toContain("multipart/alternative");
    expect(data).toContain("text/html; charset=utf-8");
  });

  test("without text is the alert's summary", async () => {
    const { records } = createTestRecords({ ...TEST_ALERT, title: "Brute\r\nforce" });
    await runNode(sendMessage, { client: open(plain), records, input: { to: mail.to, subject: "Alert", text: " " } });
    const { data } = plain.messages[0]!;
    for (const part of ["HIGH alert: Brute force", TEST_ALERT.id, "72/100 (high)", TEST_ALERT.source_ip, `https://playgraph.test/alerts/${TEST_ALERT.id}`]) expect(data.replaceAll("=\r\n", "")).toContain(part);
  });

  test("reads no file and fetches nothing, whatever its text says", async () => {
    await send(plain, { text: undefined, html: '<img src="file:///etc/passwd"><img src="data:image/png;base64,AAAA">' });
    expect(plain.messages[0]!.data).toContain("file:///etc/passwd");
  });
});

describe("what is refused before anything is sent", () => {
  test.each([
    { subject: "Hello\r\nBcc: eve@evil.example" }, { subject: "Hello\nX: y" }, { subject: "" }, { subject: "x".repeat(501) }, { subject: "a\u0000b" },
    { to: [] }, { to: ["ann"] }, { to: ["ann@example.org\r\nRCPT TO:<eve@evil.example>"] }, { to: ["Ann\r\nBcc: eve@evil.example <ann@example.org>"] }, { to: ["a@b@c.example"] }, { to: ["<ann@example.org"] },
    { cc: ["ann@exa mple.org"] }, { bcc: ["ann@example..org"] }, { to: ["ann@example.org, eve@evil.example"] }, { to: Array(101).fill("ann@example.org") },
    { to: Array(60).fill("ann@example.org"), cc: Array(60).fill("ann@example.org") },
  ])("%j", async (input) => {
    await expect(send(plain, input)).rejects.toMatchObject({ kind: "invalid-input" });
    expect(plain.commands).toEqual([]);
  });

  test.each([
    ["ann@example.org", { name: "", address: "ann@example.org" }], [" Ann Lee <ann.lee+x@mail.example.org> ", { name: "Ann Lee", address: "ann.lee+x@mail.example.org" }],
    ['"Lee, Ann" <ann@example.org>', { name: "Lee, Ann", address: "ann@example.org" }], ["root@mailhost", { name: "", address: "root@mailhost" }], ['"a"@b.example', null], ["añn@example.org", null],
  ])("%j is %j", (text, expected) => {
    expect(parseMailbox(text)).toEqual(expected);
  });
});

describe("failures by kind", () => {
  const at = (moment: SmtpFault["at"], reply: string): SmtpFault => ({ at: moment, reply });

  test.each([
    [at("greeting", "421 4.3.2 shutting down"), "unavailable"], [at("greeting", "554 5.7.1 go away"), "rejected"], [at("greeting", "HTTP/1.1 400 Bad Request"), "unavailable"], [at("greeting", "drop"), "unavailable"],
    [at("STARTTLS", "454 4.7.0 no TLS now"), "unavailable"], [at("STARTTLS", "502 5.5.1 no"), "rejected"], [at("STARTTLS", "drop"), "unavailable"],
    [at("AUTH", "535 5.7.8 wrong"), "unauthorized"], [at("AUTH", "534 5.7.9 use an app password"), "unauthorized"], [at("AUTH", "454 4.7.0 try later"), "unavailable"], [at("AUTH", "drop"), "unavailable"],
    [at("MAIL", "550 5.7.1 not your address"), "rejected"], [at("MAIL", "530 5.7.0 sign in first"), "unauthorized"], [at("MAIL", "452 4.3.1 disk full"), "unavailable"], [at("MAIL", "421 4.7.28 too many"), "rate-limited"], [at("MAIL", "drop"), "unavailable"],
    [at("RCPT", "450 4.2.0 greylisted"), "unavailable"], [at("RCPT", "451 4.7.1 greylisted"), "rate-limited"], [at("RCPT", "550 5.1.1 no such user"), "rejected"], [at("RCPT", "drop"), "unavailable"],
    [at("DATA", "451 4.3.0 later"), "unavailable"], [at("DATA", "554 5.5.1 no"), "rejected"], [at("DATA", "drop"), "unavailable"],
    [at("message", "554 5.7.1 looks like spam"), "rejected"], [at("message", "451 4.3.0 queue is full"), "unavailable"], [at("message", "421 4.3.2 shutting down"), "unavailable"], [at("message", "drop"), "ambiguous"],
  ])("%j is %s", async (fault, kind) => {
    starttls.fail(fault);
    await expect(send(starttls)).rejects.toMatchObject({ name: "Failure", kind });
    expect(starttls.messages).toEqual([]);
  });

  test("the reply is in the failure, for people", async () => {
    starttls.fail(at("RCPT", "550-5.1.1 no such\r\n550 5.1.1 user"));
    await expect(send(starttls)).rejects.toMatchObject({ message: `127.0.0.1:${starttls.port} answered 550-5.1.1 no such 550 5.1.1 user`, details: { code: 550, command: "RCPT TO" } });
  });

  test("a recipient that is refused does not keep the others from their message", async () => {
    starttls.fail(at("RCPT", "550 5.1.1 no such user"));
    const { data } = await send(starttls, { to: ["nobody@example.org", "ann@example.org"] });
    expect(data).toMatchObject({ accepted: ["ann@example.org"], refused: [{ address: "nobody@example.org", reply: "550 5.1.1 no such user" }] });
  });

  test("nobody there is unavailable", async () => {
    await expect(send(plain, {}, { port: 1 })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("refused") });
  });

  test("a certificate that nobody vouches for is refused, unless the connection accepts any", async () => {
    for (const server of [starttls, tls]) {
      await expect(send(server, {}, { allow_invalid_certificate: false })).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("certificate is not trusted") });
      expect(server.commands.join()).not.toContain("AUTH");
    }
  });

  test("no password goes to a server that offers no encryption", async () => {
    await expect(send(plain, {}, { security: "starttls", username: "u", password: "password" })).rejects.toMatchObject({ kind: "rejected" });
    await expect(send(plain, {}, { security: "tls", username: "u", password: "password" })).rejects.toMatchObject({ kind: "unavailable" });
    expect(plain.commands.join()).not.toContain("AUTH");
  });

  test("an address that is not for connections is not reached", async () => {
    await expect(runNode(sendMessage, { client: open(plain, {}, { allowPrivate: false }), input: mail })).rejects.toMatchObject({ kind: "invalid-input", message: expect.stringContaining("not a public address") });
    expect(plain.commands).toEqual([]);
  });
});

describe("a stop", () => {
  async function stopAt(server: SmtpSimulator, moment: SmtpFault["at"], after: string) {
    server.fail({ at: moment, reply: "hang" });
    const controller = new AbortController();
    const outcome = runNode(sendMessage, { client: open(server, {}, { signal: controller.signal }), input: mail }).catch((error: unknown) => error);
    await expect.poll(() => server.commands.at(-1)).toContain(after);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const started = performance.now();
    controller.abort();
    return { failure: await outcome, ms: performance.now() - started };
  }

  test("before the message cuts at once: nothing has happened", async () => {
    const { failure, ms } = await stopAt(plain, "MAIL", "MAIL");
    expect(failure).toMatchObject({ kind: "unavailable", message: expect.stringContaining("stopped") });
    expect(ms).toBeLessThan(1000);
  });

  test("after the message waits a moment for the receipt, through TLS too, then nobody knows", async () => {
    const { failure, ms } = await stopAt(starttls, "message", "DATA");
    expect(failure).toMatchObject({ kind: "ambiguous" });
    expect(ms).toBeGreaterThan(3000);
  }, 15_000);
});

describe("the connection", () => {
  const vault = createVault(randomBytes(32));
  const owner = { tenantId: "tenant", recordId: "connection" };
  const row = (server: SmtpSimulator, change: object = {}) => {
    const sealed = sealSettings(email, settingsFor(server, change), owner, vault);
    if (!sealed.ok) throw new Error(JSON.stringify(sealed.issues));
    return { id: owner.recordId, tenant_id: owner.tenantId, type: "email", name: "mail", settings: sealed.settings, secrets: sealed.secrets, allow_private: true, enabled: true };
  };
  const gateway = createGateway();
  afterAll(() => gateway.close());

  test("is proved by signing in, and nothing is sent", async () => {
    expect(await checkConnection({ row: row(starttls), definition: email, vault, gateway })).toEqual({ health: "healthy", message: `Signed in to 127.0.0.1 as ${starttls.username} (encrypted)` });
    expect(await checkConnection({ row: row(plain), definition: email, vault, gateway })).toEqual({ health: "healthy", message: "127.0.0.1 accepts mail without signing in (not encrypted)" });
    await expect.poll(() => starttls.commands.at(-1)).toBe("QUIT");
    expect([...starttls.commands, ...plain.commands].some((command) => /^(MAIL|RCPT|DATA)/.test(command))).toBe(false);
  });

  test("never shows its password, though the server quotes it", async () => {
    const password = "hunter2-and-more";
    const settings = row(starttls, { password });
    const { health, message } = await checkConnection({ row: settings, definition: email, vault, gateway });
    expect([health, message]).toEqual(["unhealthy", expect.stringContaining("535 5.7.8 Bad credentials: •••")]);
    expect(JSON.stringify(settings.settings)).not.toContain(password);
    const { client, redactor } = openConnection({ row: settings, definition: email, vault, gateway, signal: new AbortController().signal });
    const failure = await runNode(sendMessage, { client: client as ReturnType<typeof open>, input: mail }).catch((error) => redactor.failure(error));
    expect(failure).toMatchObject({ kind: "unauthorized" });
    expect(JSON.stringify([failure, String(failure)])).not.toContain(password);
  });

  test.each([
    [{ host: undefined }, "host"], [{ host: "mail.example.org:25" }, "host"], [{ host: "http://mail" }, "host"], [{ host: "a b" }, "host"], [{ port: 0 }, "port"], [{ port: "587" }, "port"],
    [{ from: undefined }, "from"], [{ from: "x\r\nBcc: y@z.example <a@b.example>" }, "from"], [{ username: undefined }, "password"], [{ password: undefined }, "password"], [{ security: "maybe" }, "security"],
  ])("%j is refused by name", (change, field) => {
    const parsed = email.settings.safeParse({ ...settingsFor(starttls), ...change });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });

  test("checks certificates unless told otherwise, and reaches its host and port only", () => {
    const settings = email.settings.parse({ host: "Mail.Example.org", from: "a@example.org" });
    expect(settings).toMatchObject({ host: "mail.example.org", port: 587, security: "starttls", allow_invalid_certificate: false });
    expect([email.hosts(settings), email.hosts({ ...settings, host: "2001:db8::1", port: 25 })]).toEqual([["mail.example.org:587"], ["[2001:db8::1]:25"]]);
  });
});
