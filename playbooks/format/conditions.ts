import { z } from "zod";

/**
 * Conditions on an alert, as data (they are evaluated at ingestion, where no user code runs).
 *
 * `match` is the flat map of R104: all entries must hold; scalar–scalar equal, a list is any-of, a list-valued field overlaps,
 * a missing field does not match. `all`, `any` and `not` nest; a `field` row compares one dotted path (R108): a missing field
 * is false, and so is a comparison of things that are not numbers.
 */
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const OPERATORS = ["==", "!=", ">", ">=", "<", "<=", "in", "contains", "exists"] as const;

export type Condition =
  | { match: Record<string, string | number | boolean | (string | number | boolean)[]> }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: (typeof OPERATORS)[number]; value?: string | number | boolean | (string | number | boolean)[] };

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ match: z.record(z.string(), z.union([scalar, z.array(scalar)])) }),
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ field: z.string().min(1), op: z.enum(OPERATORS), value: z.union([scalar, z.array(scalar)]).optional() }),
  ]),
);

/** Why a condition held or not: the tree of its parts. */
export interface ConditionTrace {
  holds: boolean;
  text: string;
  parts?: ConditionTrace[];
}

function read(record: unknown, path: string): unknown {
  let at = record;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at === null ? undefined : at;
}

function matches(actual: unknown, wanted: unknown): boolean {
  const list = Array.isArray(wanted) ? wanted : [wanted];
  if (Array.isArray(actual)) return actual.some((value) => list.includes(value));
  return list.includes(actual);
}

function compare(actual: unknown, op: (typeof OPERATORS)[number], value: unknown): boolean {
  if (op === "exists") return (actual !== undefined) === (value !== false);
  if (actual === undefined) return false;
  switch (op) {
    case "==": return actual === value;
    case "!=": return actual !== value;
    case "in": return Array.isArray(value) && matches(actual, value);
    case "contains":
      if (Array.isArray(actual)) return actual.includes(value);
      return typeof actual === "string" && typeof value === "string" && actual.toLowerCase().includes(value.toLowerCase());
    case ">": case ">=": case "<": case "<=":
      if (typeof actual !== "number" || typeof value !== "number") return false;
      return op === ">" ? actual > value : op === ">=" ? actual >= value : op === "<" ? actual < value : actual <= value;
    default: return op satisfies never;
  }
}

/** @param record the normalised alert (top-level fields; dotted paths reach into objects). */
export function evaluateCondition(condition: Condition | undefined, record: object): boolean {
  if (condition === undefined) return true;
  if ("match" in condition) {
    for (const [field, wanted] of Object.entries(condition.match)) {
      const actual = read(record, field);
      if (actual === undefined || !matches(actual, wanted)) return false;
    }
    return true;
  }
  if ("all" in condition) return condition.all.every((part) => evaluateCondition(part, record));
  if ("any" in condition) return condition.any.some((part) => evaluateCondition(part, record));
  if ("not" in condition) return !evaluateCondition(condition.not, record);
  return compare(read(record, condition.field), condition.op, condition.value);
}

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** The same decision with its reasons, for the condition tester (R111). */
export function explainCondition(condition: Condition | undefined, record: object): ConditionTrace {
  if (condition === undefined) return { holds: true, text: "no conditions" };
  if ("match" in condition) {
    const parts = Object.entries(condition.match).map(([field, wanted]) => {
      const actual = read(record, field);
      return { holds: actual !== undefined && matches(actual, wanted), text: `${field} is ${show(actual)}, wanted ${Array.isArray(wanted) ? `one of ${show(wanted)}` : show(wanted)}` };
    });
    return { holds: parts.every((part) => part.holds), text: "all of", parts };
  }
  if ("not" in condition) {
    const part = explainCondition(condition.not, record);
    return { holds: !part.holds, text: "not", parts: [part] };
  }
  if ("all" in condition || "any" in condition) {
    const all = "all" in condition;
    const parts = (all ? condition.all : condition.any).map((part) => explainCondition(part, record));
    return { holds: all ? parts.every((part) => part.holds) : parts.some((part) => part.holds), text: all ? "all of" : "any of", parts };
  }
  const actual = read(record, condition.field);
  return { holds: compare(actual, condition.op, condition.value), text: `${condition.field} (${show(actual)}) ${condition.op} ${show(condition.value)}` };
}
