/** The playbook document: what is stored, imported, exported and executed. Used by browser, server and engine; imports zod only. */
export { type Binding, CURRENT_FORMAT, type PlaybookDocument, type PlaybookEdge, type PlaybookLayout, type PlaybookNode, documentSchema, layoutSchema, nodeIdPattern, parseDocument } from "./schema.ts";
export { MAX_RESPOND_WITHIN, type PlaybookTrigger, responseOf, TRIGGER_KINDS, triggerSchema } from "./trigger.ts";
export { isTimezone, lastTime, nextTimes, type Schedule, scheduleFault } from "./cron.ts";
export { type FieldFault, type FormField, formFieldName, type FormValue, readForm } from "./form.ts";
export { type RunFailureTrigger, type ScheduleTrigger, startInput } from "./start-input.ts";
export { ALERT_FIELD_NAMES, unknownField } from "./alert-fields.ts";
export { type Condition, type ConditionTrace, conditionSchema, evaluateCondition, explainCondition } from "./conditions.ts";
export { type Problem, checkDocument, type NodeShape, type NodeTypes } from "./check.ts";
export { migrateDocument } from "./migrations.ts";
export { printDocument, printLayout } from "./print.ts";
export { type Draft, type NodeChanges, type Operation, operationSchema, TRIGGER_ID, type TriggerChanges } from "./operations.ts";
export { type Applied, type AppliedAll, applyOperation, applyOperations } from "./apply-operation.ts";
export { type Callable, defaultExport, type Insertion, insertInto, toInserted, toWritten, typeScope } from "./code-file.ts";
export { type Comparison, compareDrafts, describeChanges } from "./compare.ts";
