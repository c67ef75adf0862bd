/** A trigger's conditions as people say them: a tree of lines, since conditions nest. */
import type { Condition } from "#format";

export interface Phrase { text: string; parts?: Phrase[] }

export const OPERATOR_WORDS = { "==": "is", "!=": "is not", ">": "is more than", ">=": "is at least", "<": "is less than", "<=": "is at most", in: "is one of", contains: "contains", exists: "is present" } as const;

const show = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(", ") : String(value));

const field = (name: string): string => name.replaceAll("_", " ");

export function conditionWords(condition: Condition): Phrase {
  if ("match" in condition) {
    const parts = Object.entries(condition.match).map(([name, wanted]): Phrase => ({ text: `${field(name)} is ${Array.isArray(wanted) && wanted.length > 1 ? "one of " : ""}${show(wanted)}` }));
    return parts.length === 1 ? parts[0]! : { text: "All of", parts };
  }
  if ("all" in condition) return { text: "All of", parts: condition.all.map(conditionWords) };
  if ("any" in condition) return { text: "Any of", parts: condition.any.map(conditionWords) };
  if ("not" in condition) return { text: "Not", parts: [conditionWords(condition.not)] };
  if (condition.op === "exists") return { text: `${field(condition.field)} is ${condition.value === false ? "absent" : "present"}` };
  return { text: `${field(condition.field)} ${OPERATOR_WORDS[condition.op]} ${show(condition.value)}` };
}
