import { expect, test } from "vitest";
import { checkDocument, parseDocument } from "./index.ts";

const problems = (trigger: Record<string, unknown>) =>
  checkDocument(parseDocument({ format: 1, name: "p", trigger, nodes: [], edges: [] }), () => undefined, new Set()).map(({ severity, node, field, code }) => [severity, node, field, code]);
const field = (over: Record<string, unknown>) => ({ name: "a", type: "text", ...over });
const wrong = (where: string, code: string) => [["error", "trigger", where, code]];

test.each<[string, Record<string, unknown>, unknown[]]>([
  ["a schedule", { on: "schedule", schedule: { cron: "0 6 * * 1-5", timezone: "Europe/Berlin" } }, []],
  ["a schedule without times", { on: "schedule" }, wrong("schedule.cron", "missing-schedule")],
  ["a schedule with a wrong time", { on: "schedule", schedule: { cron: "0 25 * * *" } }, wrong("schedule.cron", "wrong-schedule")],
  ["a schedule in a wrong zone", { on: "schedule", schedule: { cron: "0 6 * * *", timezone: "Berlin" } }, wrong("schedule.timezone", "wrong-schedule")],
  ["a wrong schedule that is not in use", { on: "manual", schedule: { cron: "0 25 * * *" } }, []],
  ["a form", { on: "manual", form: [field({}), field({ name: "b", type: "choice", choices: ["x"], default: "x" })] }, []],
  ["two fields of one name", { on: "manual", form: [field({}), field({})] }, wrong("form.1.name", "duplicate-field")],
  ["a choice of nothing", { on: "manual", form: [field({ type: "choice", default: "x" })] }, wrong("form.0.choices", "missing-choices")],
  ["a default that does not fit", { on: "manual", form: [field({ type: "number", default: "7" })] }, wrong("form.0.default", "wrong-default")],
  ["known fields", { conditions: { all: [{ match: { severity: "high", "iocs.ips": "10.0.0.1" } }, { not: { field: "raw_data.rule.level", op: ">", value: 3 } }] } }, []],
  ["an unknown field, deep inside and twice", { conditions: { any: [{ not: { match: { sevrity: "high" } } }, { field: "sevrity", op: "exists" }] } }, [["warning", "trigger", "conditions", "unknown-field"]]],
  ["a webhook", { on: "webhook", webhook: { respond: "result", within: 30 } }, []],
])("%s", (_, trigger, expected) => expect(problems(trigger)).toEqual(expected));
