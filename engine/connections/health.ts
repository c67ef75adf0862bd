import { Failure } from "#sdk";
import { openConnection, type OpenRequest } from "./open.ts";
import { noRedaction } from "./redact.ts";

const TIME_LIMIT_S = 15;

/** `unverified`: the product offers no way to prove it, which is not the same as healthy (R159). */
export interface HealthReport {
  health: "healthy" | "unhealthy" | "unverified";
  message: string;
}

export interface CheckRequest extends Omit<OpenRequest, "signal" | "timeout" | "observe"> {
  signal?: AbortSignal;
  /** Gets what is no Failure: a bug of ours, for the log. */
  onError?(error: unknown): void;
}

/** Opens the connection, proves its credentials and says what it found. Never throws. */
export async function checkConnection(request: CheckRequest): Promise<HealthReport> {
  const limit = AbortSignal.timeout(TIME_LIMIT_S * 1000);
  // The vendor's words are in its failures too, and a server may quote what it was sent.
  let redact = noRedaction.text;
  try {
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    const { client, settings, redactor } = openConnection({ ...request, signal, timeout: TIME_LIMIT_S });
    redact = redactor.text;
    const { healthy, message, unverifiable } = await request.definition.check(client, settings);
    return { health: healthy ? "healthy" : unverifiable ? "unverified" : "unhealthy", message: redact(message) };
  } catch (error) {
    // Only a Failure's message is written for people and free of secrets.
    if (error instanceof Failure) return { health: "unhealthy", message: redact(error.message) };
    request.onError?.(error);
    return { health: "unhealthy", message: "the check itself failed; the server's log says why" };
  }
}
