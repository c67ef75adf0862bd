/** A small mail server on loopback (RFC 5321, 3207 STARTTLS, 4954 AUTH), with faults at every moment of a session. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { selfSigned } from "./certificate.ts";

/** When a fault strikes: at the greeting, at a command, or when a whole message has come. */
export type SmtpMoment = "greeting" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "message" | "RSET";

/** A reply in place of the server's own; drop ends the connection, hang never answers. Each strikes once. */
export interface SmtpFault {
  at: SmtpMoment;
  reply: string | "drop" | "hang";
}

export interface SmtpMessage {
  from: string;
  to: string[];
  /** Headers and body as they came, dots unstuffed. */
  data: string;
  encrypted: boolean;
  signedInAs: string | null;
}

export interface SmtpOptions {
  security?: "starttls" | "tls" | "none";
  /** Offered for signing in; an empty list offers none. */
  auth?: readonly ("PLAIN" | "LOGIN")[];
}

export interface SmtpSimulator {
  host: string;
  port: number;
  username: string;
  password: string;
  messages: SmtpMessage[];
  /** Everything clients said, but for the messages. */
  commands: string[];
  fail(...faults: SmtpFault[]): void;
  /** Forgets what came and what was queued. */
  reset(): void;
  close(): Promise<void>;
}

const USERNAME = "playgraph@example.org";
const PASSWORD = ["correct", "horse", "battery"].join("-");

export async function startSmtp({ security = "starttls", auth = ["PLAIN", "LOGIN"] }: SmtpOptions = {}): Promise<SmtpSimulator> {
  const messages: SmtpMessage[] = [];
  const commands: string[] = [];
  const faults: SmtpFault[] = [];
  const sockets = new Set<Socket>();
  const certificate = selfSigned();

  const serve = (raw: Socket): void => {
    sockets.add(raw);
    raw.on("close", () => sockets.delete(raw)).on("error", () => undefined);
    let socket = raw;
    let encrypted = security === "tls";
    let signedInAs: string | null = null;
    let from = "";
    let to: string[] = [];
    /** Takes the next line in place of a command: an AUTH exchange. */
    let expecting: ((line: string) => void) | undefined;
    let inMessage = false;
    let buffered = "";

    /** @returns whether a fault has answered. */
    const struck = (at: SmtpMoment): boolean => {
      const index = faults.findIndex((fault) => fault.at === at);
      if (index < 0) return false;
      const [{ reply }] = faults.splice(index, 1) as [SmtpFault];
      if (reply === "drop") socket.destroy();
      else if (reply !== "hang") say(reply);
      return true;
    };
    const say = (...lines: string[]): void => void socket.write(lines.map((line) => `${line}\r\n`).join(""));
    const signIn = (user: string, password: string): void => {
      const right = user === USERNAME && password === PASSWORD;
      if (right) signedInAs = user;
      // Some servers quote what they were sent: nothing of it may show up anywhere.
      say(right ? "235 2.7.0 Welcome" : `535 5.7.8 Bad credentials: ${password}`);
    };
    const decode = (text: string): string => Buffer.from(text, "base64").toString();

    const answer = (line: string): void => {
      const verb = line.split(/[ :]/)[0]!.toUpperCase();
      switch (verb) {
        case "EHLO": {
          const offers = ["SIZE 1000000", "8BITMIME", ...(security === "starttls" && !encrypted ? ["STARTTLS"] : []), ...(auth.length > 0 && (encrypted || security === "none") ? [`AUTH ${auth.join(" ")}`] : [])];
          return say("250-mail.test greets you", ...offers.map((offer, at) => `250${at === offers.length - 1 ? " " : "-"}${offer}`));
        }
        case "STARTTLS": {
          if (security !== "starttls") return say("502 5.5.1 Command not implemented");
          say("220 2.0.0 Go ahead");
          raw.removeAllListeners("data");
          const secured = new TLSSocket(raw, { isServer: true, ...certificate });
          secured.on("error", () => undefined).on("data", take);
          socket = secured;
          encrypted = true;
          return;
        }
        case "AUTH": {
          const [, method, initial] = line.split(" ");
          if (method === "PLAIN" && initial) {
            const [, user = "", password = ""] = decode(initial).split("\0");
            return signIn(user, password);
          }
          if (method !== "LOGIN") return say("504 5.5.4 Unrecognized authentication type");
          expecting = (user) => {
            expecting = (password) => {
              expecting = undefined;
              signIn(decode(user), decode(password));
            };
            say("334 UGFzc3dvcmQ6");
          };
          return say("334 VXNlcm5hbWU6");
        }
        case "MAIL":
          if (auth.length > 0 && signedInAs === null) return say("530 5.7.0 Authentication required");
          from = /<(.*?)>/.exec(line)?.[1] ?? "";
          to = [];
          return say("250 2.1.0 Ok");
        case "RCPT":
          to.push(/<(.*?)>/.exec(line)?.[1] ?? "");
          return say("250 2.1.5 Ok");
        case "DATA":
          inMessage = true;
          return say("354 End data with <CR><LF>.<CR><LF>");
        case "RSET": case "NOOP": return say("250 2.0.0 Ok");
        case "QUIT":
          say("221 2.0.0 Bye");
          return void socket.end();
        default: return say("500 5.5.2 Unknown command");
      }
    };

    const take = (chunk: Buffer): void => {
      buffered += chunk.toString("latin1");
      for (;;) {
        const end = inMessage ? buffered.indexOf("\r\n.\r\n") : buffered.indexOf("\r\n");
        if (end < 0) return;
        const text = buffered.slice(0, end);
        buffered = buffered.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          inMessage = false;
          if (struck("message")) continue;
          messages.push({ from, to, data: text.replace(/^\.\./gm, "."), encrypted, signedInAs });
          say("250 2.0.0 Ok: queued as 4F1A2B");
        } else if (expecting) expecting(text);
        else {
          commands.push(text);
          if (!struck(text.split(/[ :]/)[0]!.toUpperCase() as SmtpMoment)) answer(text);
        }
      }
    };
    socket.on("data", take);
    if (!struck("greeting")) say("220 mail.test ESMTP");
  };

  const server: Server = security === "tls" ? createTlsServer(certificate, serve) : createServer(serve);
  if (security === "tls") server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    username: USERNAME,
    password: PASSWORD,
    messages,
    commands,
    fail: (...more) => void faults.push(...more),
    reset() {
      messages.length = 0;
      commands.length = 0;
      faults.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
