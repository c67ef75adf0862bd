/**
 * Runs that start because another one failed, in the commit that ends it: whoever asks for the failed runs of that playbook, and
 * whoever the playbook itself names (`onRunFailed`).
 *
 * A handler's own failure starts nothing, and neither does that of a run that it started or of its re-run: else two broken handlers
 * would start each other for ever. A run that another one waits for tells that one, so "any playbook" leaves it out.
 */
import type { PoolClient } from "pg";
import { type RunFailureTrigger, startInput } from "#format";
import { PlaybookTriggers, type StartablePlaybook } from "./alerts/playbook-triggers.ts";
import { byOrder } from "./alerts/triggers.ts";
import { notifyChanges } from "./events.ts";
import { uuidv7 } from "./ids.ts";
import { type NewRun, PRIORITIES, storeRuns } from "./queue.ts";

interface FailedRun {
  id: string;
  tenant_id: string;
  alert_id: string | null;
  correlation_id: string;
  parent_run_id: string | null;
  error: RunFailureTrigger["error"] | null;
  playbook: RunFailureTrigger["playbook"];
  /** Slug. */
  handler: string | null;
}

/** `line` goes back over whatever made a run start: the run that it repeats, or whose step started it. */
const FAILED = `
WITH RECURSIVE failed AS (
  SELECT r.id, r.tenant_id, r.alert_id, r.correlation_id, r.parent_run_id, r.error, v.document->>'onRunFailed' AS handler,
    jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'version', COALESCE(v.number, 0)) AS playbook
  FROM runs r JOIN playbooks p ON p.id = r.playbook_id JOIN playbook_versions v ON v.id = r.version_id
  WHERE r.id = ANY($1::uuid[]) AND r.mode = 'live' AND COALESCE(v.document->'trigger'->>'on', '') <> 'run-failed'
), line AS (
  SELECT r.id AS run, r.id AS at, r.origin->>'kind' AS kind, r.origin->>'of' AS before FROM runs r JOIN failed ON failed.id = r.id
  UNION
  SELECT line.run, r.id, r.origin->>'kind', r.origin->>'of' FROM line JOIN runs r ON r.id = line.before::uuid WHERE line.kind <> 'run-failed'
)
SELECT * FROM failed WHERE NOT EXISTS (SELECT FROM line WHERE line.run = failed.id AND line.kind = 'run-failed') ORDER BY id`;

export class FailureHandlers {
  readonly #triggers = new PlaybookTriggers();

  /** @param runIds of runs that this transaction ended as failed. @returns playbooks with a limit of which runs were started: `admitRuns` lets them begin */
  async start(client: PoolClient, runIds: readonly string[]): Promise<string[]> {
    if (runIds.length === 0) return [];
    const { rows: failed } = await client.query<FailedRun>({ name: "failed-runs", text: FAILED, values: [runIds] });
    if (failed.length === 0) return [];
    const playbooks = await this.#triggers.read(client, [...new Set(failed.map((run) => run.tenant_id))]);
    const runs = failed.flatMap((run) => handlersOf(run, playbooks.get(run.tenant_id) ?? []).flatMap((handler) => runOf(run, handler) ?? []));
    const limited = await storeRuns(client, runs);
    await notifyChanges(client, runs.map((run) => ({ tenantId: run.tenantId, runs: [run.id], ...(run.alertId ? { alerts: [run.alertId] } : {}) })));
    return limited;
  }
}

const handlersOf = (run: FailedRun, playbooks: readonly StartablePlaybook[]): StartablePlaybook[] =>
  playbooks.filter(({ slug, trigger }) => slug === run.handler || (trigger.on === "run-failed" && (trigger.playbooks?.includes(run.playbook.slug) ?? run.parent_run_id === null))).sort(byOrder);

function runOf(run: FailedRun, handler: StartablePlaybook): NewRun | null {
  const { kind = "rejected", message = "it failed", node_id } = run.error ?? {};
  const payload: RunFailureTrigger = { run_id: run.id, playbook: run.playbook, error: { kind, message, ...(node_id === undefined ? {} : { node_id }) }, alert_id: run.alert_id };
  // One that is named may ask for something else, by a form: it is none then.
  const started = startInput(handler.trigger, payload, new Date());
  if (!started.ok) return null;
  return {
    id: uuidv7(), tenantId: run.tenant_id, playbookId: handler.id, versionId: handler.versionId, alertId: run.alert_id, correlationId: run.correlation_id, mode: "live",
    priority: PRIORITIES[handler.trigger.priority], sequence: null, origin: { kind: "run-failed", of: run.id }, input: started.input,
  };
}
