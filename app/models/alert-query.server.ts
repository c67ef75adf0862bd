/** The alert list: filters, search, order, pages. Plain SQL, so that the plan is the one the indexes were made for. */
import { isAlertStatus, isFinished } from "#engine/alerts/lifecycle.ts";
import type { Db, TenantTx } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import { isUuid, pageOf, type PageRequest } from "./page.ts";
import type { AlertSummary } from "./wire.ts";

export interface AlertFilter {
  status?: string[];
  severity?: string[];
  source?: string;
  partner?: string;
  determination?: string;
  technique?: string;
  assigned_to?: string;
  date_start?: Date;
  date_end?: Date;
  /** Case-insensitive part of the title, host, user, rule, an address or an indicator. */
  q?: string;
}

export interface AlertPage {
  alerts: AlertSummary[];
  total: number;
  next_cursor: string | null;
}

export type AlertRow = Omit<AlertSummary, "observed_at" | "created_at" | "updated_at"> & { observed_at: Date | null; created_at: Date; updated_at: Date };

export const SUMMARY_COLUMNS = Prisma.sql`id, source, source_id, title, severity, status, determination, risk_score, risk_label, source_ip, dest_ip,
  hostname, username, rule_name, tags, partner, techniques, assigned_to, assigned_username, duplicate_count, correlation_id,
  observed_at, created_at, updated_at`;

export const toSummary = (row: AlertRow): AlertSummary => ({
  ...row,
  observed_at: row.observed_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const pattern = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** One value as an equality: then the index on it also gives the order. */
const oneOf = ([first, ...rest]: string[]): Prisma.Sql => (rest.length === 0 ? Prisma.sql`= ${first}` : Prisma.sql`= ANY(${[first, ...rest]}::text[])`);

function conditions(tenantId: string, filter: AlertFilter): Prisma.Sql {
  const parts = [Prisma.sql`tenant_id = ${tenantId}::uuid`];
  if (filter.status?.length) parts.push(Prisma.sql`status ${oneOf(filter.status)}`);
  if (filter.severity?.length) parts.push(Prisma.sql`severity ${oneOf(filter.severity)}`);
  if (filter.source !== undefined) parts.push(Prisma.sql`source = ${filter.source}`);
  if (filter.partner !== undefined) parts.push(Prisma.sql`partner = ${filter.partner}`);
  if (filter.determination !== undefined) parts.push(Prisma.sql`determination = ${filter.determination}`);
  if (filter.technique !== undefined) parts.push(Prisma.sql`${filter.technique} = ANY(techniques)`);
  if (filter.assigned_to !== undefined) parts.push(isUuid(filter.assigned_to) ? Prisma.sql`assigned_to = ${filter.assigned_to}::uuid` : Prisma.sql`false`);
  if (filter.date_start) parts.push(Prisma.sql`created_at >= ${filter.date_start}`);
  if (filter.date_end) parts.push(Prisma.sql`created_at <= ${filter.date_end}`);
  if (filter.q) {
    const like = pattern(filter.q);
    parts.push(Prisma.sql`(title ILIKE ${like} OR hostname ILIKE ${like} OR username ILIKE ${like} OR rule_name ILIKE ${like}
      OR source_id ILIKE ${like} OR source_ip ILIKE ${like} OR dest_ip ILIKE ${like} OR iocs::text ILIKE ${like})`);
  }
  return Prisma.join(parts, " AND ");
}

/** Newest first. `total` counts the whole filtered list, whatever the page. */
export function listAlerts(db: Db, tenantId: string, filter: AlertFilter, page: PageRequest): Promise<AlertPage> {
  return db.withTenant(tenantId, async (tx) => {
    const where = conditions(tenantId, filter);
    // The first comparison is a range of the index; the second settles rows of one millisecond.
    const after = page.cursor
      ? Prisma.sql`AND created_at <= ${page.cursor.at} AND (created_at < ${page.cursor.at} OR id < ${page.cursor.id}::uuid)`
      : Prisma.empty;
    const offset = page.cursor ? 0 : (page.offset ?? 0);
    const rows = await tx.$queryRaw<AlertRow[]>`SELECT ${SUMMARY_COLUMNS} FROM alerts WHERE ${where} ${after}
      ORDER BY created_at DESC, id DESC LIMIT ${page.limit + 1} OFFSET ${offset}`;
    const { rows: shown, next_cursor } = pageOf(rows, page.limit);
    return { alerts: shown.map(toSummary), total: await countWhere(tx, where), next_cursor };
  });
}

async function countWhere(tx: TenantTx, where: Prisma.Sql): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM alerts WHERE ${where}`;
  return row?.count ?? 0;
}

export interface AlertCounts {
  total: number;
  by_status: Record<string, number>;
  by_severity: Record<string, number>;
  /** Not finished, and nobody's. */
  unassigned: number;
}

export function alertCounts(db: Db, tenantId: string): Promise<AlertCounts> {
  return db.withTenant(tenantId, async (tx) => {
    const rows = await tx.$queryRaw<{ status: string; severity: string; count: number; unassigned: number }[]>`
      SELECT status, severity, count(*)::int AS count, count(*) FILTER (WHERE assigned_to IS NULL)::int AS unassigned
      FROM alerts WHERE tenant_id = ${tenantId}::uuid GROUP BY status, severity`;
    const counts: AlertCounts = { total: 0, by_status: {}, by_severity: {}, unassigned: 0 };
    for (const row of rows) {
      counts.total += row.count;
      counts.by_status[row.status] = (counts.by_status[row.status] ?? 0) + row.count;
      counts.by_severity[row.severity] = (counts.by_severity[row.severity] ?? 0) + row.count;
      if (!isAlertStatus(row.status) || !isFinished(row.status)) counts.unassigned += row.unassigned;
    }
    return counts;
  });
}
