/** What a test runs on: a stored alert, a pasted payload, or what an earlier run of the playbook ran on. */
import { type Engine, type Pin, type TestOptions, upstream } from "#engine";
import { GENERIC_SOURCE, IngestError, previewAlert } from "#engine/alerts/index.ts";
import { type PlaybookDocument, startInput } from "#format";
import { sources } from "#nodes";
import type { Db } from "#prisma";
import type { AlertView, Json } from "#sdk";
import { inputRefusal } from "./input-refusal.ts";
import { isUuid } from "./page.ts";
import { Refusal } from "./refusal.ts";

export interface TestTrigger {
  alertId: string | null;
  input: Json;
  alert?: AlertView;
}

export interface EarlierRun {
  trigger: TestTrigger;
  /** By node id: the port it left by and what it gave. */
  results: Map<string, Pin & { type: string }>;
}

/** Deeper than this, neither PostgreSQL nor the code host could take it. */
const MAX_DEPTH = 100;

/** @throws Refusal not-found; invalid for a run of another playbook. */
export async function readEarlierRun({ db, engine }: { db: Db; engine: Engine }, tenantId: string, playbookId: string, runId: string): Promise<EarlierRun> {
  const unknown = new Refusal("not-found", "Run not found");
  if (!isUuid(runId)) throw unknown;
  const [run, trace] = await Promise.all([
    db.withTenant(tenantId, (tx) => tx.run.findFirst({ where: { id: runId, tenant_id: tenantId }, select: { playbook_id: true, alert_id: true, input: true, test: true } })),
    engine.readTrace({ tenantId, runId }),
  ]);
  if (!run || !trace) throw unknown;
  if (run.playbook_id !== playbookId) throw invalid("from_run", "this is a run of another playbook");
  const alert = (run.test as TestOptions | null)?.alert;
  const results = new Map<string, Pin & { type: string }>();
  for (const { node_id, node_type, item, port, output } of trace.steps) {
    if (item === "" && port !== null) results.set(node_id, { type: node_type, port, data: (output ?? null) as Json });
  }
  return { trigger: { alertId: run.alert_id, input: (run.input ?? null) as Json, ...(alert ? { alert } : {}) }, results };
}

/** What the nodes before this one gave in that run. A node whose type has changed since would give something else: it stays absent. */
export function earlierPins(document: PlaybookDocument, only: string, { results }: EarlierRun): Record<string, Pin> {
  const before = upstream(document, only);
  return Object.fromEntries(document.nodes.flatMap(({ id, type }) => {
    const result = before.has(id) ? results.get(id) : undefined;
    return result?.type === type ? [[id, { port: result.port, data: result.data }]] : [];
  }));
}

/**
 * A pasted payload by the rules of ingestion; for a playbook that no alert starts it is the input instead, unless its source is named.
 * @param payload the text as it was pasted, or the value. @throws Refusal invalid.
 */
export function pastedTrigger(document: PlaybookDocument, payload: Json, source: string | null): TestTrigger {
  const known = [...new Set([...sources.map(({ id }) => id), GENERIC_SOURCE])];
  const hint = source?.toLowerCase() ?? null;
  if (hint !== null && !known.includes(hint)) throw invalid("source", `there is no source "${source!.slice(0, 60)}"; there are ${known.join(", ")}`);
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  if (document.trigger.on !== "alert" && hint === null) return { alertId: null, input: shallow(document.trigger.on === "webhook" ? bodyOf(text) : parseInput(text)) };
  try {
    const { alert, payload: parsed } = previewAlert({ text, sources, sourceHint: hint });
    return { alertId: null, input: shallow(parsed), alert };
  } catch (error) {
    if (error instanceof IngestError) throw invalid("payload", error.message);
    throw error;
  }
}

/**
 * What the playbook's own trigger would make of it: a form is filled in, a schedule is due. An alert that is chosen is there beside it.
 * @throws Refusal invalid, with one detail per field.
 */
export function asStarted({ trigger: { on, form } }: PlaybookDocument, trigger: TestTrigger): TestTrigger {
  // The payload of an alert that was pasted fills in no form.
  const given = trigger.alert && form ? undefined : (trigger.input ?? undefined);
  const started = startInput({ on, form }, given, new Date());
  if (!started.ok) throw inputRefusal(started.wrong, "payload");
  return { ...trigger, input: started.input as Json };
}

/** A webhook takes text, too. */
function bodyOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function parseInput(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw invalid("payload", `the payload is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function shallow(root: Json): Json {
  const open = [{ value: root, depth: 1 }];
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { value, depth } = entry;
    if (typeof value !== "object" || value === null) continue;
    if (depth > MAX_DEPTH) throw invalid("payload", `the payload is nested more than ${MAX_DEPTH} levels deep`);
    for (const inner of Object.values(value)) open.push({ value: inner, depth: depth + 1 });
  }
  return root;
}

const invalid = (field: string, msg: string): Refusal => new Refusal("invalid", msg, [{ loc: ["body", field], msg }]);
