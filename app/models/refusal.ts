/**
 * A model's "no", with the reason in words for people. The API turns the kind into a status; a page shows the message.
 * Recognised by its mark and not by `instanceof`, because a class that a build takes in exists twice.
 */
export type RefusalKind = "not-found" | "invalid" | "conflict" | "forbidden" | "throttled";

export const REFUSAL_STATUS = { "not-found": 404, invalid: 422, conflict: 409, forbidden: 403, throttled: 429 } as const satisfies Record<RefusalKind, number>;

export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly kind: RefusalKind;
  /** One entry per thing that is wrong, where there are several: {loc, msg} as validation errors have. */
  readonly details: readonly RefusalDetail[] | undefined;
  /** What the API answers beside `detail`: of a conflict, what is stored. */
  readonly beside: Readonly<Record<string, unknown>> | undefined;

  constructor(kind: RefusalKind, message: string, details?: readonly RefusalDetail[], beside?: Readonly<Record<string, unknown>>) {
    super(message);
    this.kind = kind;
    this.details = details;
    this.beside = beside;
  }
}

export interface RefusalDetail {
  loc: (string | number)[];
  msg: string;
}

export const isRefusal = (error: unknown): error is Refusal => error instanceof Error && error.name === "Refusal" && "kind" in error;
