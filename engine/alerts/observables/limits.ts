/** What bounds the walk over a payload. Beyond any of them nothing more is extracted, and nothing fails. */
export const LIMITS = {
  /** Levels of objects and lists below the root (R38). */
  depth: 10,
  strings: 50_000,
  characters: 2_000_000,
  /** Longest string that is tried as JSON. */
  innerJson: 100_000,
  /** Values of one kind: an alert that names thousands of addresses is a list, and lists belong elsewhere. */
  perKind: 500,
} as const;
