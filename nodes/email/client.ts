/**
 * Mail over SMTP, one session per message. Nodemailer speaks the protocol; the socket comes from the egress gateway, and
 * nothing here opens a file, an address or a connection of its own.
 */
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { Failure, type OpenContext } from "#sdk";
import { failureOf, readable, type SmtpError } from "./failures.ts";
import { type Mailbox, parseMailbox } from "./mailbox.ts";

export interface SmtpSettings {
  host: string;
  port: number;
  security: "starttls" | "tls" | "none";
  username?: string | undefined;
  password?: string | undefined;
  from: string;
  allow_invalid_certificate: boolean;
}

export interface Mail {
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  subject: string;
  text?: string | undefined;
  html?: string | undefined;
  /** The part of the Message-ID before the @: the same for a repetition, so that a mailbox can tell. */
  id: string;
}

export interface Receipt {
  message_id: string;
  accepted: string[];
  /** Recipients that the server refused while it took the message for the others. */
  refused: { address: string; reply: string }[];
  /** The server's receipt, usually with its queue id. */
  reply: string;
}

export interface Smtp {
  /** @throws Failure; `ambiguous` only when the server had agreed to take the message and its receipt was lost. */
  send(mail: Mail): Promise<Receipt>;
  /** Everything but a message: connects, encrypts, signs in. @throws Failure */
  signIn(): Promise<{ encrypted: boolean }>;
}

/** Milliseconds for connecting, greeting and TLS, and of silence afterwards: virus scanners take their time over a message. */
const SET_UP_MS = 15_000;
const SILENCE_MS = 45_000;
/** A server that does not close after QUIT is left. */
const CLOSE_MS = 1_000;

interface Session {
  connection: SMTPConnection;
  /** Waits for one exchange; whatever ends the session ends it too. */
  exchange<T>(start: (done: (error?: Error | null, value?: T) => void) => void): Promise<T>;
  /** To be called when the server may have begun to receive: a stop no longer cuts the session at once. */
  handOver(): void;
}

export function createSmtp({ connect, signal }: OpenContext, settings: SmtpSettings): Smtp {
  const { host, port, security, username, password } = settings;
  const server = `${host.includes(":") ? `[${host}]` : host}:${port}`;

  async function inSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const connection = new SMTPConnection({
      connection: await connect({ host, port, timeout: SET_UP_MS / 1000 }),
      host, port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: { rejectUnauthorized: !settings.allow_invalid_certificate },
      connectionTimeout: SET_UP_MS, greetingTimeout: SET_UP_MS, socketTimeout: SILENCE_MS, socketCloseTimeout: CLOSE_MS,
      logger: false,
    });
    let handedOver = false;
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    connection.on("error", ended.reject);
    connection.once("end", () => ended.reject(new Error("the session ended")));
    // After the handover the gateway grants the receipt its moment and then ends the socket.
    const stop = (): void => {
      if (!handedOver) ended.reject(new Failure("unavailable", `stopped before ${server} was given the message`));
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const exchange: Session["exchange"] = (start) =>
      Promise.race([ended.promise, new Promise<never>((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value as never))))]);
    try {
      await exchange((done) => connection.connect(done));
      if (username !== undefined && password !== undefined) await exchange((done) => connection.login({ user: username, pass: password }, done));
      const result = await work({ connection, exchange, handOver: () => (handedOver = true) });
      connection.quit();
      return result;
    } catch (error) {
      connection.close();
      throw failureOf(error as SmtpError, server, handedOver);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  return {
    send(mail) {
      const from = parseMailbox(settings.from);
      if (!from) throw new Failure("unauthorized", "the sender of the e-mail connection is not an address");
      const message_id = `<${mail.id}@${from.address.split("@")[1]}>`;
      const message = new MailComposer({
        from, to: mail.to, cc: mail.cc, bcc: mail.bcc, subject: mail.subject, text: mail.text, html: mail.html,
        messageId: message_id,
        // Keeps holiday notices from answering a machine (RFC 3834).
        headers: { "Auto-Submitted": "auto-generated" },
        newline: "\r\n",
        disableFileAccess: true,
        disableUrlAccess: true,
      }).compile();
      const recipients = [...new Set([...mail.to, ...mail.cc, ...mail.bcc].map(({ address }) => address))];
      return inSession(async ({ connection, exchange, handOver }) => {
        const body = message.createReadStream();
        // Nodemailer begins to read when the server has answered DATA with 354, and not before.
        body.once("resume", handOver);
        const receipt = await exchange<SMTPConnection.SentMessageInfo>((done) => connection.send({ from: from.address, to: recipients }, body, done));
        const refused = (receipt.rejectedErrors ?? []).map(({ recipient, response }) => ({ address: recipient ?? "", reply: readable(response ?? "") }));
        return { message_id, accepted: receipt.accepted, refused, reply: readable(receipt.response) };
      });
    },
    signIn: () =>
      inSession(async ({ connection, exchange }) => {
        await exchange((done) => connection.reset(done));
        return { encrypted: connection.secure };
      }),
  };
}
