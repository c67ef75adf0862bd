/** Addresses at which the outside answers a step. Whoever has one may answer that step once, and do nothing else. */
import { createHmac, timingSafeEqual } from "node:crypto";

const MAC_LENGTH = 22;

export class Callbacks {
  readonly #key: Buffer;
  readonly #baseUrl: string;

  /** @param secretKey base64, the installation's */
  constructor(secretKey: string, baseUrl: string) {
    // A key of its own: a token must never say anything about the key of the vault.
    this.#key = createHmac("sha256", Buffer.from(secretKey, "base64")).update("callbacks").digest();
    this.#baseUrl = baseUrl;
  }

  url(runId: string, stepId: string): string {
    return `${this.#baseUrl}/api/v1/callbacks/${runId}/${stepId}/${this.#mac(runId, stepId)}`;
  }

  isGenuine(runId: string, stepId: string, mac: string): boolean {
    const expected = Buffer.from(this.#mac(runId, stepId));
    const given = Buffer.from(mac);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #mac(runId: string, stepId: string): string {
    return createHmac("sha256", this.#key).update(`${runId} ${stepId}`).digest("base64url").slice(0, MAC_LENGTH);
  }
}
