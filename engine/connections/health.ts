import { Failure } from "#sdk";
import { openConnection, type OpenRequest } from "./open.ts";

const TIME_LIMIT_S = 15;

/** `unverified`: the product offers no way to prove it, which is not the same as healthy (R159). */
export interface HealthReport {
  health: "healthy" | "unhealthy" | "unverified";
  message: string;
}

/** Opens the connection, proves its credentials and says what it found. Never throws. */
export async function checkConnection(request: Omit<OpenRequest, "signal" | "timeout" | "observe"> & { signal?: AbortSignal }): Promise<HealthReport> {
  const limit = AbortSignal.timeout(TIME_LIMIT_S * 1000);
  try {
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    const { client, settings, redactor } = openConnection({ ...request, signal, timeout: TIME_LIMIT_S });
    const { healthy, message, unverifiable } = await request.definition.check(client, settings);
    return { health: healthy ? "healthy" : unverifiable ? "unverified" : "unhealthy", message: redactor.text(message) };
  } catch (error) {
    // Only a Failure's message is written for people and free of secrets.
    return { health: "unhealthy", message: error instanceof Failure ? error.message : "the check itself failed; the server's log says why" };
  }
}
