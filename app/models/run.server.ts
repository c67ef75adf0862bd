/** Runs as people read them. What happens to a run is decided by the engine; here they are only read. */
import type { Db } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import type { Engine, TestOptions } from "#engine";
import type { RunStatus, WaitingOn } from "#engine/status.ts";
import type { PlaybookDocument, PlaybookLayout } from "#format";
import { isUuid, pageOf, type PageRequest } from "./page.ts";
import type { FailureWire, RunDetail, RunSummary, TestWire } from "./wire.ts";

export interface RunFilter {
  status?: RunStatus[];
  /** Absent: live. Tests are only listed for who asks for them. */
  mode?: string;
  alert_id?: string;
  /** Id of the playbook. */
  playbook_id?: string;
  playbook_slug?: string;
}

export interface RunPage {
  runs: RunSummary[];
  total: number;
  next_cursor: string | null;
}

interface RunRow {
  id: string;
  playbook_id: string;
  slug: string;
  name: string;
  version: number | null;
  alert_id: string | null;
  alert_title: string | null;
  correlation_id: string;
  status: RunStatus;
  mode: string;
  waiting_on: WaitingOn | null;
  sequence_id: string | null;
  sequence_position: number | null;
  sequence_total: number | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  error: FailureWire | null;
}

const COLUMNS = Prisma.sql`r.id, r.playbook_id, p.slug, p.name, v.number AS version, r.alert_id, COALESCE(a.title, r.test->'alert'->>'title') AS alert_title, r.correlation_id,
  r.status, r.mode, r.waiting_on, r.sequence_id, r.sequence_position, r.sequence_total, r.created_at, r.started_at, r.finished_at, r.error`;

const JOINS = Prisma.sql`JOIN playbooks p ON p.id = r.playbook_id JOIN playbook_versions v ON v.id = r.version_id LEFT JOIN alerts a ON a.id = r.alert_id`;

const toSummary = (row: RunRow): RunSummary => ({
  id: row.id,
  playbook: { id: row.playbook_id, slug: row.slug, name: row.name, version: row.version },
  alert_id: row.alert_id,
  alert_title: row.alert_title,
  correlation_id: row.correlation_id,
  status: row.status,
  mode: row.mode,
  waiting_on: row.waiting_on,
  sequence_id: row.sequence_id,
  sequence_position: row.sequence_position,
  sequence_total: row.sequence_total,
  created_at: row.created_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  finished_at: row.finished_at?.toISOString() ?? null,
  duration_ms: row.started_at && row.finished_at ? row.finished_at.getTime() - row.started_at.getTime() : null,
  error: row.error,
});

/** Newest first. */
export function listRuns(db: Db, tenantId: string, filter: RunFilter, page: PageRequest): Promise<RunPage> {
  const parts = [Prisma.sql`r.tenant_id = ${tenantId}::uuid`, Prisma.sql`r.mode = ${filter.mode ?? "live"}`];
  if (filter.status?.length) parts.push(Prisma.sql`r.status = ANY(${filter.status}::text[])`);
  if (filter.alert_id !== undefined) parts.push(isUuid(filter.alert_id) ? Prisma.sql`r.alert_id = ${filter.alert_id}::uuid` : Prisma.sql`false`);
  if (filter.playbook_id !== undefined) parts.push(isUuid(filter.playbook_id) ? Prisma.sql`r.playbook_id = ${filter.playbook_id}::uuid` : Prisma.sql`false`);
  if (filter.playbook_slug !== undefined) {
    parts.push(Prisma.sql`r.playbook_id = (SELECT id FROM playbooks WHERE tenant_id = ${tenantId}::uuid AND slug = ${filter.playbook_slug})`);
  }
  const where = Prisma.join(parts, " AND ");
  const after = page.cursor
    ? Prisma.sql`AND r.created_at <= ${page.cursor.at} AND (r.created_at < ${page.cursor.at} OR r.id < ${page.cursor.id}::uuid)`
    : Prisma.empty;
  const offset = page.cursor ? 0 : (page.offset ?? 0);
  return db.withTenant(tenantId, async (tx) => {
    const rows = await tx.$queryRaw<RunRow[]>`SELECT ${COLUMNS} FROM runs r ${JOINS} WHERE ${where} ${after}
      ORDER BY r.created_at DESC, r.id DESC LIMIT ${page.limit + 1} OFFSET ${offset}`;
    const [counted] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM runs r WHERE ${where}`;
    const { rows: shown, next_cursor } = pageOf(rows, page.limit);
    return { runs: shown.map(toSummary), total: counted?.count ?? 0, next_cursor };
  });
}

interface DetailRow extends RunRow {
  result: unknown;
  test: TestOptions | null;
  document: PlaybookDocument;
  layout: PlaybookLayout;
}

const toTest = ({ only, upto, pins, alert, by }: TestOptions): TestWire => ({ only: only ?? null, upto: upto ?? null, pins: Object.keys(pins).sort(), is_pasted: alert !== undefined, by });

/** The run with its trace and the graph as it was executed. @returns null for an unknown id, and for what is none. */
export async function getRun(db: Db, engine: Engine, tenantId: string, runId: string): Promise<RunDetail | null> {
  if (!isUuid(runId)) return null;
  const [rows, trace] = await Promise.all([
    db.withTenant(tenantId, (tx) => tx.$queryRaw<DetailRow[]>`SELECT ${COLUMNS}, r.result, r.test, v.document, v.layout
      FROM runs r ${JOINS} WHERE r.tenant_id = ${tenantId}::uuid AND r.id = ${runId}::uuid`),
    engine.readTrace({ tenantId, runId }),
  ]);
  const row = rows[0];
  if (!row || !trace) return null;
  return { ...toSummary(row), result: row.result, test: row.test && toTest(row.test), document: row.document, layout: row.layout, trigger: trace.trigger, steps: trace.steps, waits: trace.waits };
}
