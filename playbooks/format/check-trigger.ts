/** What is wrong with a trigger: what its schema lets pass because somebody is still writing it. */
import { unknownField } from "./alert-fields.ts";
import type { Problem } from "./check.ts";
import type { Condition } from "./conditions.ts";
import { scheduleFault } from "./cron.ts";
import { type FormField, valueFault } from "./form.ts";
import type { PlaybookTrigger } from "./trigger.ts";

/** Each names the trigger as its node, and the field of its form. */
export function checkTrigger(trigger: PlaybookTrigger): Problem[] {
  switch (trigger.on) {
    case "alert": return conditionProblems(trigger.conditions);
    case "schedule": return scheduleProblems(trigger.schedule);
    case "manual": return (trigger.form ?? []).flatMap((field, at, all) => fieldProblems(field, at, all));
    case "webhook": case "run-failed": return [];
    default: return trigger.on satisfies never;
  }
}

const problem = (field: string, code: string, message: string, severity: Problem["severity"] = "error"): Problem => ({ severity, code, message, node: "trigger", field });

function scheduleProblems(schedule: PlaybookTrigger["schedule"]): Problem[] {
  if (!schedule) return [problem("schedule.cron", "missing-schedule", "say when it starts")];
  const fault = scheduleFault(schedule);
  return fault ? [problem(`schedule.${fault.field}`, "wrong-schedule", fault.message)] : [];
}

function fieldProblems(field: FormField, at: number, all: readonly FormField[]): Problem[] {
  const place = `form.${at}`;
  const problems: Problem[] = [];
  if (all.findIndex(({ name }) => name === field.name) < at) problems.push(problem(`${place}.name`, "duplicate-field", `two fields of the form are called "${field.name}"`));
  if (field.type === "choice" && (field.choices ?? []).length === 0) problems.push(problem(`${place}.choices`, "missing-choices", `"${field.name}" has nothing to choose from`));
  else if (field.default !== undefined) {
    const fault = valueFault(field, field.default);
    if (fault !== undefined) problems.push(problem(`${place}.default`, "wrong-default", `the default of "${field.name}" does not fit: ${fault}`));
  }
  return problems;
}

/** A source may send anything, so what cannot be known is none; what can never hold is worth a warning (R105). */
const conditionProblems = (conditions: Condition | undefined): Problem[] =>
  [...new Set(fieldsOf(conditions))].flatMap((field) => {
    const message = unknownField(field);
    return message === undefined ? [] : [problem("conditions", "unknown-field", message, "warning")];
  });

function fieldsOf(condition: Condition | undefined): string[] {
  if (condition === undefined) return [];
  if ("match" in condition) return Object.keys(condition.match);
  if ("not" in condition) return fieldsOf(condition.not);
  if ("all" in condition) return condition.all.flatMap(fieldsOf);
  if ("any" in condition) return condition.any.flatMap(fieldsOf);
  return [condition.field];
}
