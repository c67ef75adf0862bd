/** Five levels, lower-case, and the ways payloads say them. */
import type { Json, Severity } from "#sdk";

const RANK: Record<Severity, number> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

export const severityRank = (severity: Severity): number => RANK[severity];
export const moreSevere = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b);

const WORDS: Readonly<Record<string, Severity>> = {
  critical: "critical", crit: "critical",
  high: "high", error: "high",
  medium: "medium", med: "medium", warning: "medium", warn: "medium",
  low: "low",
  info: "info", informational: "info",
};

/**
 * The generic scale (R29, R30): words, or whole numbers as number or text, where 4 and more is critical. Anything else that
 * is present (an unknown word, a fraction) is medium. Sources with a scale of their own map it themselves.
 */
export function toSeverity(value: Json | undefined): Severity | undefined {
  const single = Array.isArray(value) ? value[0] : value;
  if (single === undefined || single === null || typeof single === "object" || typeof single === "boolean") return undefined;
  const word = String(single).slice(0, 64).trim().toLowerCase();
  if (word === "") return undefined;
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  const number = Number(word);
  if (!Number.isInteger(number)) return "medium";
  return number <= 1 ? "low" : number === 2 ? "medium" : number === 3 ? "high" : "critical";
}
