/** The answers to "did it happen?" (engine/README.md, ambiguity). */
export const DECISIONS = ["happened", "again", "fail"] as const;
export type Decision = (typeof DECISIONS)[number];
