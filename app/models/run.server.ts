/** Runs as people read them. What happens to a run is decided by the engine; here they are only read. */
import type { Db, TenantTx } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import type { Engine, TestOptions } from "#engine";
import { type RunStatus, type WaitingOn, waitOf } from "#engine/status.ts";
import type { PlaybookDocument, PlaybookLayout } from "#format";
import { isUuid, pageOf, type PageRequest } from "./page.ts";
import type { FailureWire, OriginKind, PlaybookName, RunDetail, RunSummary, TestWire } from "./wire.ts";

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
  origin: { kind: OriginKind; by?: string | null; of?: string };
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

const COLUMNS = Prisma.sql`r.id, r.playbook_id, p.slug, p.name, v.number AS version, r.alert_id, COALESCE(a.title, r.test->'alert'->>'title') AS alert_title, r.origin, r.correlation_id,
  r.status, r.mode, r.waiting_on, r.sequence_id, r.sequence_position, r.sequence_total, r.created_at, r.started_at, r.finished_at, r.error`;

const JOINS = Prisma.sql`JOIN playbooks p ON p.id = r.playbook_id JOIN playbook_versions v ON v.id = r.version_id LEFT JOIN alerts a ON a.id = r.alert_id`;

const toSummary = (row: RunRow): RunSummary => ({
  id: row.id,
  playbook: { id: row.playbook_id, slug: row.slug, name: row.name, version: row.version },
  alert_id: row.alert_id,
  alert_title: row.alert_title,
  origin: { kind: row.origin.kind, by: row.origin.by ?? null, of: row.origin.of ?? null },
  correlation_id: row.correlation_id,
  status: row.status,
  mode: row.mode,
  waiting_on: waitOf(row),
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
  parent_run_id: string | null;
  parent_step_id: string | null;
  result: unknown;
  test: TestOptions | null;
  backtest_id: string | null;
  document: PlaybookDocument;
  layout: PlaybookLayout;
}

const toTest = ({ only, upto, pins, alert, by }: TestOptions): TestWire => ({ only: only ?? null, upto: upto ?? null, pins: Object.keys(pins).sort(), is_pasted: alert !== undefined, by });

/** The run with its trace and the graph as it was executed. @returns null for an unknown id, and for what is none. */
export async function getRun(db: Db, engine: Engine, tenantId: string, runId: string): Promise<RunDetail | null> {
  if (!isUuid(runId)) return null;
  const [stored, trace] = await Promise.all([
    db.withTenant(tenantId, async (tx) => {
      const [row] = await tx.$queryRaw<DetailRow[]>`SELECT ${COLUMNS}, r.parent_run_id, r.parent_step_id, r.result, r.test, r.backtest_id, v.document, v.layout
        FROM runs r ${JOINS} WHERE r.tenant_id = ${tenantId}::uuid AND r.id = ${runId}::uuid`;
      return row && { row, family: await readFamily(tx, tenantId, runId, row.parent_run_id) };
    }),
    engine.readTrace({ tenantId, runId }),
  ]);
  if (!stored || !trace) return null;
  const { row, family: { parent, children } } = stored;
  return {
    ...toSummary(row), waiting_on: waitOf(row, atWork(row.document, trace.steps)), result: row.result, test: row.test && toTest(row.test), backtest_id: row.backtest_id, document: row.document, layout: row.layout, trigger: trace.trigger, steps: trace.steps, waits: trace.waits,
    parent: parent && { run_id: parent.id, step_id: row.parent_step_id!, playbook: toName(parent) },
    children: children.map((child) => ({ run_id: child.id, step_id: child.parent_step_id!, playbook: toName(child), status: child.status })),
  };
}

function atWork({ nodes }: PlaybookDocument, steps: RunDetail["steps"]): { id: string; title: string }[] {
  const titles = new Map(nodes.map((node) => [node.id, node.title ?? node.id]));
  return steps.filter((step) => step.status === "running").map((step) => ({ id: step.id, title: titles.get(step.node_id) ?? step.node_id }));
}

type RelativeRow = Pick<DetailRow, "id" | "playbook_id" | "slug" | "name" | "status" | "parent_step_id">;

const toName = ({ playbook_id, slug, name }: RelativeRow): PlaybookName => ({ id: playbook_id, slug, name });

/** The run that waits for this one, and those that its own steps started. */
async function readFamily(tx: TenantTx, tenantId: string, runId: string, parentId: string | null): Promise<{ parent: RelativeRow | null; children: RelativeRow[] }> {
  const rows = await tx.$queryRaw<RelativeRow[]>`SELECT r.id, r.playbook_id, p.slug, p.name, r.status, r.parent_step_id FROM runs r JOIN playbooks p ON p.id = r.playbook_id
    WHERE r.tenant_id = ${tenantId}::uuid AND (r.parent_run_id = ${runId}::uuid OR r.id = ${parentId}::uuid) ORDER BY r.created_at, r.id`;
  return { parent: rows.find(({ id }) => id === parentId) ?? null, children: rows.filter(({ id }) => id !== parentId) };
}

/** How many runs end with this one when it is cancelled: those that its steps wait for, and theirs. */
export async function countWaitedFor(db: Db, tenantId: string, runId: string): Promise<number> {
  const [counted] = await db.withTenant(tenantId, (tx) => tx.$queryRaw<{ count: number }[]>`WITH RECURSIVE below AS (
      SELECT id FROM runs WHERE tenant_id = ${tenantId}::uuid AND parent_run_id = ${runId}::uuid AND finished_at IS NULL
      UNION ALL SELECT r.id FROM runs r JOIN below ON r.parent_run_id = below.id WHERE r.tenant_id = ${tenantId}::uuid AND r.finished_at IS NULL
    ) SELECT count(*)::int AS count FROM below`);
  return counted?.count ?? 0;
}
