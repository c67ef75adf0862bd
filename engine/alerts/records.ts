/** A step's access to alerts: every change is written with the step's id, in one transaction with its history. */
import type pg from "pg";
import { type AlertView, Failure, type Records } from "#sdk";
import { notifyChanges } from "../events.ts";
import { uuidv5 } from "../ids.ts";
import { jsonbText } from "../jsonb.ts";
import { type FieldChange, planAssignment, planChange } from "./change.ts";
import { storable } from "./text.ts";
import { ALERT_VIEW_COLUMNS, type AlertViewRow, toAlertView } from "./view.ts";

export interface RecordsRequest {
  /** Engine role: every statement names the tenant itself. */
  pool: pg.Pool;
  tenantId: string;
  /** The run's alert; null for a run that has none. */
  alertId: string | null;
  run: { id: string };
  step: { id: string; nodeId: string; title: string; playbookName: string };
  /** The same for a repetition of the same attempt, so that its events get the same ids. */
  idempotencyKey: string;
}

const MAX_COMMENT = 20_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Row = AlertViewRow & { resolve_reason: string | null; assigned_to: string | null };

export function createRecords(request: RecordsRequest): Records {
  const { pool, tenantId, run, step } = request;
  // A node may write more than once; the order of its calls is the same when it is repeated.
  let call = 0;
  const eventId = (nth: number, name: string): string => uuidv5(step.id, `${request.idempotencyKey}:${nth}:${name}`);

  const target = (id: string | undefined): string => {
    const alertId = id ?? request.alertId;
    if (alertId === null) throw new Failure("invalid-input", "this run has no alert: say which one");
    if (!UUID.test(alertId)) throw new Failure("invalid-input", `"${alertId.slice(0, 100)}" is not the id of an alert`);
    return alertId;
  };

  const select = async (client: pg.Pool | pg.PoolClient, alertId: string, lock: boolean): Promise<Row> => {
    const { rows } = await client.query<Row>({
      name: lock ? "records-lock-alert" : "records-read-alert",
      text: `SELECT ${ALERT_VIEW_COLUMNS}, resolve_reason, assigned_to FROM alerts WHERE id = $1 AND tenant_id = $2${lock ? " FOR UPDATE" : ""}`,
      values: [alertId, tenantId],
    });
    if (!rows[0]) throw new Failure("invalid-input", "the alert does not exist (any more)");
    return rows[0];
  };

  const insertEvents = (client: pg.PoolClient, alertId: string, events: readonly { id: string; action: string; detail?: string; data?: unknown }[]) => client.query({
    name: "records-insert-events",
    text: `INSERT INTO alert_events (id, tenant_id, alert_id, action, actor_kind, actor_id, actor_name, run_id, step_id, detail, data)
           SELECT e.id, $2, $3, e.action, 'step', $4, $5, $6, $7, e.detail, e.data
           FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, action text, detail text, data jsonb) ON CONFLICT (id) DO NOTHING`,
    values: [jsonbText(events), tenantId, alertId, step.nodeId, storable(`${step.playbookName} › ${step.title}`), run.id, step.id],
  });

  /** One change of one alert: locked, planned, written with its history, told. A repetition of the same call only looks. */
  const change = (id: string | undefined, fields: readonly string[], plan: (row: Row, client: pg.PoolClient) => FieldChange[] | Promise<FieldChange[]>) => {
    const alertId = target(id);
    const nth = call++;
    return transact(pool, async (client) => {
      const row = await select(client, alertId, true);
      const done = await doneBefore(client, fields, (field) => eventId(nth, field));
      if (done.length > 0) return { alert: toAlertView(row), changed: done };
      const changes = await plan(row, client);
      if (changes.length === 0) return { alert: toAlertView(row), changed: [] };
      await insertEvents(client, alertId, changes.filter((entry) => entry.action !== null).map((entry) => ({
        id: eventId(nth, entry.field), action: entry.action!, ...(entry.detail === undefined ? {} : { detail: entry.detail }),
        data: { field: entry.label ?? entry.column, old: entry.old, new: entry.value },
      })));
      const alert = await applyChanges(client, tenantId, alertId, changes);
      await notifyChanges(client, [{ tenantId, alerts: [alertId] }]);
      return { alert, changed: [...new Set(changes.map((entry) => entry.field))] };
    });
  };

  return {
    getAlert: async (id) => toAlertView(await select(pool, target(id), false)),

    updateAlert: async (id, wanted) => change(id, Object.keys(wanted), (row) => planChange(toAlertView(row), row.resolve_reason, wanted)),

    assign: async (id, username) => change(id, ["assigned_to", "status"], async (row, client) =>
      planAssignment(toAlertView(row), row.assigned_to, username === null ? null : await findAssignee(client, tenantId, username))),

    async comment(id, text) {
      const alertId = target(id);
      const commentId = eventId(call++, "comment");
      const detail = storable(text).trim();
      if (detail === "") throw new Failure("invalid-input", "a comment needs text");
      if (detail.length > MAX_COMMENT) throw new Failure("invalid-input", `a comment has at most ${MAX_COMMENT} characters`);
      return transact(pool, async (client) => {
        await select(client, alertId, true);
        await insertEvents(client, alertId, [{ id: commentId, action: "comment", detail }]);
        await notifyChanges(client, [{ tenantId, alerts: [alertId] }]);
        return { comment_id: commentId };
      });
    },
  };
}

async function transact<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** @throws Failure `invalid-input` for a name that no active user of the tenant has. */
async function findAssignee(client: pg.PoolClient, tenantId: string, username: string): Promise<{ id: string; username: string }> {
  const { rows } = await client.query<{ id: string; username: string }>({
    name: "records-find-assignee",
    text: "SELECT id, username FROM users WHERE tenant_id = $1 AND username = $2 AND active",
    values: [tenantId, storable(username)],
  });
  if (!rows[0]) throw new Failure("invalid-input", `there is no active user named "${username.slice(0, 100).toWellFormed()}"`, { details: { field: "username" } });
  return rows[0];
}

/** Fields that this very call has changed before: the step is repeated after its commit, so nothing is done and what people did since stays. */
async function doneBefore(client: pg.PoolClient, fields: readonly string[], idOf: (field: string) => string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>({ name: "records-done-before", text: "SELECT id FROM alert_events WHERE id = ANY($1::uuid[])", values: [fields.map(idOf)] });
  const ids = new Set(rows.map((row) => row.id));
  return fields.filter((field) => ids.has(idOf(field)));
}

async function applyChanges(client: pg.PoolClient, tenantId: string, alertId: string, changes: readonly FieldChange[]): Promise<AlertView> {
  // Column names come from planChange, never from a caller.
  const sets = changes.map((entry, at) => `${entry.column} = $${at + 3}`);
  const { rows } = await client.query<AlertViewRow>(
    `UPDATE alerts SET ${sets.join(", ")}, updated_at = now() WHERE id = $1 AND tenant_id = $2 RETURNING ${ALERT_VIEW_COLUMNS}`,
    [alertId, tenantId, ...changes.map((entry) => entry.value)],
  );
  return toAlertView(rows[0]!);
}
