/** The real outside of a step: connections from the database, the egress gateway, Playgraph's records. */
import type { Pool } from "pg";
import type { Logger } from "pino";
import { createRecords } from "./alerts/index.ts";
import type { StepServices } from "./attempt.ts";
import type { CodeHost } from "./code/types.ts";
import { type ConnectionRow, type Gateway, noConnection, noRedaction, openConnection, type Vault } from "./connections/index.ts";
import { heldRecords } from "./hold.ts";
import type { ClaimedRun } from "./lease/claim.ts";
import { takePlace } from "./limits/connection.ts";

export interface Outside {
  pool: Pool;
  code: CodeHost;
  gateway: Gateway;
  vault: Vault;
  baseUrl: string;
  /** May nodes without a connection reach private addresses? An administrator's choice for a closed network. */
  allowPrivate: boolean;
  now(): number;
  log: Logger;
}

/** A step without a named connection takes the tenant's oldest enabled one of the type. */
const FIND_CONNECTION = `
SELECT id, tenant_id, type, name, settings, secrets, allow_private, enabled, max_concurrent FROM connections
WHERE tenant_id = $1 AND type = $2 AND ($3::text IS NULL OR name = $3)
ORDER BY enabled DESC, created_at LIMIT 1`;

export function createServices(outside: Outside, run: ClaimedRun, playbookName: string): StepServices {
  const { pool, code, gateway, vault, baseUrl } = outside;
  return {
    code,
    baseUrl,
    now: () => new Date(outside.now()),
    async connect(definition, name, signal, stepId) {
      const { rows } = await pool.query<ConnectionRow & { max_concurrent: number | null }>({ name: "find-connection", text: FIND_CONNECTION, values: [run.tenant_id, definition.type, name ?? null] });
      const [row] = rows;
      if (!row) throw noConnection(definition, name);
      const opened = openConnection({ row, definition, vault, gateway, signal });
      if (row.max_concurrent === null) return opened;
      const connection = { id: row.id, name: row.name, limit: row.max_concurrent };
      const leave = await takePlace(pool, { connection, tenantId: run.tenant_id, runId: run.id, epoch: run.epoch, stepId, priority: run.priority }, outside.log);
      return { ...opened, leave };
    },
    http: (signal, effect, onWrite) =>
      gateway.http({
        hosts: "any",
        allowPrivate: outside.allowPrivate,
        readOnly: effect === "read" || effect === "none",
        signal,
        redactor: noRedaction,
        observe: (event) => {
          if (event.type === "sent" && event.method !== "GET" && event.method !== "HEAD") onWrite();
        },
      }),
    records: (idempotencyKey, step) => {
      const records = createRecords({ pool, tenantId: run.tenant_id, alertId: run.alert_id, run: { id: run.id }, step: { ...step, playbookName }, idempotencyKey });
      return run.mode === "live" ? records : heldRecords(records, run.test?.alert);
    },
  };
}
