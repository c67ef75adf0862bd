/**
 * The six ways a step can fail. The engine decides from the kind and the node, never from a message:
 *
 * | kind          | means                                                       | retried                    |
 * |---------------|-------------------------------------------------------------|----------------------------|
 * | invalid-input | the input cannot be right: asking again changes nothing     | no                         |
 * | unauthorized  | the connection is missing or its credentials are refused    | no                         |
 * | rejected      | the other side (or the user's code) said no                 | no                         |
 * | rate-limited  | come back later; nothing happened                           | by policy, honours after   |
 * | unavailable   | certainly nothing happened (DNS, refused connection, 503)   | by policy                  |
 * | ambiguous     | it may have happened (time-out after send, reset, crash)    | only if effect none/read or the node is repeatable; else a person decides |
 */
export const FAILURE_KINDS = ["invalid-input", "unauthorized", "rejected", "rate-limited", "unavailable", "ambiguous"] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface FailureOptions {
  /** Seconds to wait before the next attempt, from `Retry-After`. */
  retryAfter?: number;
  /** Anything a reader of the trace should see: status codes, the vendor's error, a code line. JSON only. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  readonly retryAfter?: number;
  readonly details?: Record<string, unknown>;

  constructor(kind: FailureKind, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
    if (options.details !== undefined) this.details = options.details;
  }
}

export const isFailure = (error: unknown): error is Failure => error instanceof Failure;
