/** ATT&CK technique ids wherever a payload puts them: lists of ids, ids inside names, nested `threat` objects. */
import type { Json } from "#sdk";
import { LIMITS } from "./text.ts";

const TECHNIQUE = /(?<![A-Za-z0-9])[Tt](\d{4})(?:\.(\d{3}))?(?![A-Za-z0-9])/g;
const DEPTH = 8;

/** @returns ids as "T1110" or "T1110.001", in the order found; links to attack.mitre.org are not read. */
export function collectTechniques(...values: (Json | undefined)[]): string[] {
  const found = new Set<string>();
  const visit = (value: Json | undefined, depth: number): void => {
    if (found.size >= LIMITS.techniques || depth > DEPTH) return;
    if (typeof value === "string") {
      if (value.includes("://")) return;
      for (const [, technique, sub] of value.slice(0, 4000).matchAll(TECHNIQUE)) found.add(sub === undefined ? `T${technique}` : `T${technique}.${sub}`);
    } else if (typeof value === "object" && value !== null) {
      for (const entry of Array.isArray(value) ? value : Object.values(value)) visit(entry, depth + 1);
    }
  };
  for (const value of values) visit(value, 0);
  return [...found].slice(0, LIMITS.techniques);
}
