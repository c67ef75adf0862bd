/** Backtests: what a draft would have done on alerts that came in, beside what the published version does. The engine runs them. */
import type { Actor, Services } from "#app/server/context.ts";
import type { BacktestOptions, BacktestOutcome, Selection } from "#engine";
import type { Db } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import { recordAudit } from "./audit.server.ts";
import type { BacktestAlertWire, BacktestDetail, BacktestSummary } from "./backtest-wire.ts";
import { readDraft } from "./draft.server.ts";
import { isUuid } from "./page.ts";
import { resolvePlaybook } from "./playbook-key.server.ts";
import { Refusal } from "./refusal.ts";
import { snapshotDraft } from "./test-snapshot.server.ts";
import type { AlertSummary } from "./wire.ts";

export interface BacktestRequest extends BacktestOptions {
  /** Id or slug. */
  playbook: string;
  selection: Selection;
}

/** @throws Refusal not-found (playbook, alert); invalid with what is wrong with the draft, or when there is no alert. */
export async function startBacktest({ db, engine }: Pick<Services, "db" | "engine">, tenantId: string, request: BacktestRequest, actor: Actor & { name: string }): Promise<{ backtest_id: string; total: number }> {
  const draft = await readDraft(db, tenantId, request.playbook);
  if (!draft) throw new Refusal("not-found", "Playbook not found");
  const { playbook_id: playbookId, slug, document, layout, files } = draft;
  const draftVersionId = await snapshotDraft(db, { tenantId, playbookId, slug, document, layout, files, pins: {}, actor });
  const { selection, missing, approvals } = request;
  const outcome = await engine.backtest({ tenantId, playbookId, draftVersionId, selection, missing, approvals, actor });
  if ("error" in outcome) {
    switch (outcome.error) {
      case "playbook-not-found": throw new Refusal("not-found", "Playbook not found");
      case "alert-not-found": throw new Refusal("not-found", "Alert not found");
      case "no-alerts": throw new Refusal("invalid", "there is no alert to run it on: choose others, or wait until some have come in", [{ loc: ["body", "last"], msg: "there is no alert to run it on" }]);
      default: throw outcome.error satisfies never;
    }
  }
  await db.withTenant(tenantId, (tx) => recordAudit(tx, tenantId, { actor, action: "playbook_backtested", target: playbookId, data: { backtest_id: outcome.backtestId, alerts: outcome.total } }));
  return { backtest_id: outcome.backtestId, total: outcome.total };
}

/** @throws Refusal not-found; conflict when it has ended. */
export async function cancelBacktest({ db, engine }: Pick<Services, "db" | "engine">, tenantId: string, backtestId: string, actor: Actor): Promise<void> {
  const outcome = isUuid(backtestId) ? await engine.cancelBacktest({ tenantId, backtestId }) : "not-found";
  if (outcome === "not-found") throw new Refusal("not-found", "Backtest not found");
  if (outcome === "already-finished") throw new Refusal("conflict", "This backtest has already ended");
  await db.withTenant(tenantId, (tx) => recordAudit(tx, tenantId, { actor, action: "backtest_cancelled", target: backtestId }));
}

interface Row extends Omit<BacktestSummary, "playbook" | "counts" | "created_at" | "finished_at"> {
  playbook_id: string;
  slug: string;
  name: string;
  counts: Record<string, number> | null;
  created_at: Date;
  finished_at: Date | null;
}

const COLUMNS = Prisma.sql`b.id, b.playbook_id, p.slug, p.name, v.number AS version, b.status, b.selection, b.missing, b.approvals, b.total, b.created_by, b.created_at, b.finished_at,
  (SELECT jsonb_object_agg(c.outcome, c.count) FROM (SELECT COALESCE(a.outcome, 'pending') AS outcome, count(*)::int AS count FROM backtest_alerts a WHERE a.backtest_id = b.id GROUP BY 1) c) AS counts`;
const FROM = Prisma.sql`FROM backtests b JOIN playbooks p ON p.id = b.playbook_id LEFT JOIN playbook_versions v ON v.id = b.published_version_id`;

function toSummary({ playbook_id, slug, name, counts, created_at, finished_at, ...row }: Row): BacktestSummary {
  const count = (outcome: BacktestOutcome | "pending"): number => counts?.[outcome] ?? 0;
  return {
    ...row,
    playbook: { id: playbook_id, slug, name },
    counts: { same: count("same"), different: count("different"), new_failure: count("new-failure"), fixed: count("fixed"), unknown: count("unknown"), pending: count("pending") },
    created_at: created_at.toISOString(),
    finished_at: finished_at?.toISOString() ?? null,
  };
}

/** Of one playbook, newest first. @throws Refusal not-found. */
export function listBacktests(db: Db, tenantId: string, playbook: string, page: { limit: number; offset: number }): Promise<{ backtests: BacktestSummary[]; total: number }> {
  return db.withTenant(tenantId, async (tx) => {
    const found = await resolvePlaybook(tx, tenantId, playbook);
    if (!found) throw new Refusal("not-found", "Playbook not found");
    const rows = await tx.$queryRaw<Row[]>`SELECT ${COLUMNS} ${FROM} WHERE b.tenant_id = ${tenantId}::uuid AND b.playbook_id = ${found.id}::uuid
      ORDER BY b.created_at DESC, b.id DESC LIMIT ${page.limit} OFFSET ${page.offset}`;
    return { backtests: rows.map(toSummary), total: await tx.backtest.count({ where: { tenant_id: tenantId, playbook_id: found.id } }) };
  });
}

interface AlertRow extends Omit<BacktestAlertWire, "alert"> {
  alert_id: string;
  title: string | null;
  severity: AlertSummary["severity"];
}

/** What is not told apart is shown in the order of the alerts. @returns null for an unknown id, and for what is none. */
export async function getBacktest(db: Db, tenantId: string, id: string, { outcomes = [], limit, offset }: { outcomes?: readonly string[]; limit: number; offset: number }): Promise<BacktestDetail | null> {
  if (!isUuid(id)) return null;
  return db.withTenant(tenantId, async (tx) => {
    const [row] = await tx.$queryRaw<Row[]>`SELECT ${COLUMNS} ${FROM} WHERE b.tenant_id = ${tenantId}::uuid AND b.id = ${id}::uuid`;
    if (!row) return null;
    const where = Prisma.sql`a.backtest_id = ${id}::uuid AND a.tenant_id = ${tenantId}::uuid ${outcomes.length > 0 ? Prisma.sql`AND COALESCE(a.outcome, 'pending') = ANY(${[...outcomes]}::text[])` : Prisma.empty}`;
    const alerts = await tx.$queryRaw<AlertRow[]>`SELECT a.position, a.outcome, a.differences, a.draft, a.published, a.draft_run_id, a.published_run_id, a.alert_id, l.title, l.severity
      FROM backtest_alerts a LEFT JOIN alerts l ON l.id = a.alert_id WHERE ${where} ORDER BY a.position LIMIT ${limit} OFFSET ${offset}`;
    const [counted] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM backtest_alerts a WHERE ${where}`;
    return {
      ...toSummary(row),
      matching: counted?.count ?? 0,
      alerts: alerts.map(({ alert_id, title, severity, ...alert }) => ({ ...alert, alert: title === null ? null : { id: alert_id, title, severity } })),
    };
  });
}
