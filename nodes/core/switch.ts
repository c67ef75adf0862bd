import { z } from "zod";
import { defineNode, portsFromList } from "#sdk";

/** The same words as a trigger's conditions use, and "between", "starts-with", "ends-with" for the ladders people draw. */
export const SWITCH_OPERATORS = ["==", "!=", ">", ">=", "<", "<=", "between", "in", "contains", "starts-with", "ends-with", "exists"] as const;
type Operator = (typeof SWITCH_OPERATORS)[number];

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const when = z
  .strictObject({ op: z.enum(SWITCH_OPERATORS), value: z.union([scalar, z.array(scalar)]).optional() })
  .superRefine(({ op, value }, context) => {
    const wrong = (message: string) => context.addIssue({ code: "custom", path: ["value"], message });
    const numbers = Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === "number");
    if (op === "between" && !numbers) wrong("between needs two numbers: [from, to], both included");
    if (op === "in" && !Array.isArray(value)) wrong("in needs a list");
    if ((op === ">" || op === ">=" || op === "<" || op === "<=") && typeof value !== "number") wrong(`${op} needs a number`);
    if ((op === "starts-with" || op === "ends-with") && typeof value !== "string") wrong(`${op} needs a text`);
    if (op !== "exists" && value === undefined) wrong(`${op} needs a value`);
  });

const portName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, "a port is a lower-case word of letters, digits, _ and -")
  .refine((name) => name !== "default" && name !== "failed", "default and failed are ports already");

const portsFrom = { list: "cases", name: "port", always: ["default"] };
const routed = z.object({ value: z.unknown(), port: z.string() });
/** Ports are named by the config, so the record's keys stay open. */
const outputs: Record<string, typeof routed> = { "*": routed };

/** Cases are tried in order and the first that holds wins; `default` takes the rest. */
export const switchNode = defineNode({
  type: "core.switch",
  version: 1,
  ui: { title: "Switch", category: "control", icon: "git-fork", summary: "By {value}", description: "Goes on by the port of the first case that holds, else by default." },
  config: z.object({
    cases: z
      .array(z.strictObject({ port: portName, when }))
      .min(1)
      .max(50)
      .refine((cases) => new Set(cases.map(({ port }) => port)).size === cases.length, "every case needs a port of its own"),
  }),
  input: z.object({ value: z.unknown().meta({ title: "Value" }) }),
  outputs,
  ports: portsFromList(portsFrom),
  portsFrom,
  effect: "none",
  async run({ config, input }) {
    const hit = config.cases.find((entry) => holds(input.value, entry.when.op, entry.when.value));
    const port = hit?.port ?? "default";
    return { port, data: { value: input.value, port } };
  },
});

/** A missing value holds for no operator but `exists: false`, and things that are not numbers are never more or less (R108). */
export function holds(actual: unknown, op: Operator, wanted: z.infer<typeof scalar> | z.infer<typeof scalar>[] | undefined): boolean {
  const missing = actual === undefined || actual === null;
  if (op === "exists") return missing === (wanted === false);
  if (missing) return false;
  switch (op) {
    case "==": return actual === wanted;
    case "!=": return actual !== wanted;
    case "in": return Array.isArray(wanted) && (Array.isArray(actual) ? actual.some((item) => wanted.includes(item)) : wanted.includes(actual as string));
    case "contains":
      if (Array.isArray(actual)) return actual.includes(wanted);
      return typeof actual === "string" && typeof wanted === "string" && actual.toLowerCase().includes(wanted.toLowerCase());
    case "starts-with": return typeof actual === "string" && typeof wanted === "string" && actual.startsWith(wanted);
    case "ends-with": return typeof actual === "string" && typeof wanted === "string" && actual.endsWith(wanted);
    case "between": {
      const [from, to] = Array.isArray(wanted) ? wanted : [];
      return typeof actual === "number" && typeof from === "number" && typeof to === "number" && from <= actual && actual <= to;
    }
    case ">": case ">=": case "<": case "<=":
      if (typeof actual !== "number" || typeof wanted !== "number") return false;
      return op === ">" ? actual > wanted : op === ">=" ? actual >= wanted : op === "<" ? actual < wanted : actual <= wanted;
    default: return op satisfies never;
  }
}
