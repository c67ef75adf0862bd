/** What went wrong in an SMTP session, as one of the six kinds. The server's reply decides where there is one (RFC 5321, 3463). */
import { Failure, type FailureKind, isFailure } from "#sdk";

/** What Nodemailer's errors carry. */
export interface SmtpError extends Error {
  /** Nodemailer's own word: ECONNECTION, ETLS, EAUTH … */
  code?: string | undefined;
  /** The system's or OpenSSL's, where Nodemailer's replaced it. */
  originalCode?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
}

/** @param handedOver whether the server has agreed to take the message, so that bytes of it may have arrived */
export function failureOf(error: SmtpError, server: string, handedOver: boolean): Failure {
  if (isFailure(error)) return error;
  const { command, responseCode } = error;
  const reply = error.response === undefined ? undefined : readable(error.response);
  const details = { ...(command === undefined ? {} : { command }), ...(responseCode ? { code: responseCode } : {}), ...(reply === undefined ? {} : { reply }) };
  if (responseCode && responseCode >= 400) return new Failure(kindOf(responseCode, error.response ?? "", command), `${server} answered ${reply ?? responseCode}`, { details, cause: error });
  if (handedOver) return new Failure("ambiguous", `${server} took the message, but its receipt was lost: ${wordsFor(error)}`, { details, cause: error });
  switch (error.code) {
    case "EAUTH": return new Failure("unauthorized", `${server} offers no way of signing in that Playgraph knows`, { details, cause: error });
    case "EMESSAGE": return new Failure("rejected", `${server} takes no message of this size`, { details, cause: error });
    default: return new Failure("unavailable", `${server} gave no usable answer: ${wordsFor(error)}`, { details, cause: error });
  }
}

/** A reply is certain whenever it comes: without a 2xx to the message itself, the server has not taken it. */
function kindOf(code: number, response: string, command = ""): FailureKind {
  const signingIn = command.startsWith("AUTH");
  if (code >= 500) return signingIn || code === 530 || code === 534 || code === 535 || code === 538 ? "unauthorized" : "rejected";
  // x.7.x is policy: greylisting and rate limits. Before the envelope it is a server that cannot look up its users or keys.
  return !signingIn && command !== "STARTTLS" && /^\d{3}[ -]4\.7\.\d/.test(response) ? "rate-limited" : "unavailable";
}

function wordsFor({ code, originalCode }: SmtpError): string {
  switch (originalCode ?? code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT": case "SELF_SIGNED_CERT_IN_CHAIN": case "UNABLE_TO_VERIFY_LEAF_SIGNATURE": case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": return "its certificate is not trusted";
    case "CERT_HAS_EXPIRED": return "its certificate has expired";
    case "ERR_TLS_CERT_ALTNAME_INVALID": return "its certificate is for another name";
    case "ECONNECTION": case "ECONNRESET": case "EPIPE": return "it closed the connection";
    case "ETIMEDOUT": return "it did not answer in time";
    case "ETLS": return "the encrypted connection failed";
    case "EPROTOCOL": return "it does not speak SMTP";
    default: return `the connection failed${originalCode ?? code ? ` (${originalCode ?? code})` : ""}`;
  }
}

/** Lines of a reply as one, short enough for a card. */
export const readable = (reply: string): string => reply.replace(/[\p{Cc}\s]+/gu, " ").trim().slice(0, 300).toWellFormed();
