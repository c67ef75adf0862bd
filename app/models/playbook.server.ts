/** Playbooks as people see and switch them. Publishing is in publish-playbook.server.ts. */
import type { Actor } from "#app/server/context.ts";
import type { PlaybookDocument, PlaybookLayout } from "#format";
import type { Db, TenantTx } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import { recordAudit } from "./audit.server.ts";
import { draftSummary } from "./draft.server.ts";
import { byIdOrSlug, resolvePlaybook } from "./playbook-key.server.ts";
import { Refusal } from "./refusal.ts";
import type { PlaybookDetail, PlaybookSummary } from "./wire.ts";

export { type PublishInput, type Published, publishFolder, publishVersion } from "./publish-playbook.server.ts";
export { createPlaybook } from "./create-playbook.server.ts";
export { discardDraft, editDraft, readDraft } from "./draft.server.ts";
export { publishDraft } from "./publish-draft.server.ts";
export { replaceDraft } from "./replace-draft.server.ts";
export { getVersion, listVersions, restoreVersion } from "./version.server.ts";
export { explainTriggers, type TriggerExplanation } from "./explain-triggers.server.ts";

interface SummaryRow {
  id: string;
  slug: string;
  name: string;
  description: string;
  enabled: boolean;
  version: number | null;
  has_draft: boolean;
  trigger: PlaybookDocument["trigger"] | null;
  next_at: Date | null;
  node_count: number | null;
  created_at: Date;
  updated_at: Date;
  runs_total: number;
  runs_failed: number;
  runs_last_at: Date | null;
}

const SUMMARY = Prisma.sql`p.id, p.slug, p.name, p.description, p.enabled, p.created_at, p.updated_at, v.number AS version,
  p.published_version_id IS NULL OR EXISTS (SELECT FROM playbook_drafts d WHERE d.playbook_id = p.id) AS has_draft,
  v.document->'trigger' AS trigger, s.next_at, jsonb_array_length(v.document->'nodes') AS node_count,
  recent.total AS runs_total, recent.failed AS runs_failed, recent.last_at AS runs_last_at`;

const FROM = Prisma.sql`playbooks p LEFT JOIN playbook_versions v ON v.id = p.published_version_id LEFT JOIN schedules s ON s.playbook_id = p.id
  CROSS JOIN LATERAL (SELECT count(*)::int AS total, count(*) FILTER (WHERE r.status = 'failed')::int AS failed, max(r.created_at) AS last_at
    FROM runs r WHERE r.playbook_id = p.id AND r.mode = 'live' AND r.created_at > now() - interval '7 days') recent`;

const toSummary = (row: SummaryRow): PlaybookSummary => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  description: row.description,
  enabled: row.enabled,
  version: row.version,
  has_draft: row.has_draft,
  trigger: toTrigger(row),
  conditions: row.trigger?.conditions ?? null,
  order: row.trigger?.order ?? 1000,
  priority: row.trigger?.priority ?? "default",
  node_count: row.node_count ?? 0,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  runs: { total: row.runs_total, failed: row.runs_failed, last_at: row.runs_last_at?.toISOString() ?? null },
});

function toTrigger({ trigger, next_at }: SummaryRow): PlaybookSummary["trigger"] {
  const { on = "manual", source = "webhook", moment = "ingested", schedule, playbooks } = trigger ?? {};
  return {
    on, source, moment,
    schedule: on === "schedule" && schedule ? { cron: schedule.cron, timezone: schedule.timezone, next_at: next_at?.toISOString() ?? null } : null,
    playbooks: on === "run-failed" ? (playbooks ?? null) : null,
  };
}

/** In the order in which they run: ascending `order`, then name (R106, R118). */
export async function listPlaybooks(db: Db, tenantId: string): Promise<PlaybookSummary[]> {
  const rows = await db.withTenant(tenantId, (tx) => tx.$queryRaw<SummaryRow[]>`SELECT ${SUMMARY} FROM ${FROM}
    WHERE p.tenant_id = ${tenantId}::uuid ORDER BY COALESCE((v.document->'trigger'->>'order')::int, 1000), p.name, p.id`);
  return rows.map(toSummary);
}

/** @returns null for an unknown id or slug. */
export function getPlaybook(db: Db, tenantId: string, idOrSlug: string): Promise<PlaybookDetail | null> {
  return db.withTenant(tenantId, (tx) => readDetail(tx, tenantId, idOrSlug));
}

async function readDetail(tx: TenantTx, tenantId: string, idOrSlug: string): Promise<PlaybookDetail | null> {
  const rows = await tx.$queryRaw<(SummaryRow & { document: PlaybookDocument | null; layout: PlaybookLayout | null; files: Record<string, string> | null })[]>`
    SELECT ${SUMMARY}, v.document, v.layout, v.files FROM ${FROM} WHERE p.tenant_id = ${tenantId}::uuid AND ${byIdOrSlug(idOrSlug)}`;
  const row = rows[0];
  if (!row) return null;
  const versions = await tx.playbookVersion.findMany({
    where: { playbook_id: row.id, tenant_id: tenantId, number: { not: null } },
    orderBy: { number: "desc" },
    select: { id: true, number: true, content_hash: true, created_at: true, published_by: true },
  });
  return {
    ...toSummary(row),
    document: row.document,
    layout: row.layout ?? { positions: {} },
    files: row.files ?? {},
    versions: versions.map((version) => ({ ...version, number: version.number!, created_at: version.created_at.toISOString() })),
    draft: await draftSummary(tx, tenantId, row.id),
  };
}

/** Takes effect for the next alert, in every process: the revision tells them. @throws Refusal not-found. */
export function setEnabled(db: Db, tenantId: string, idOrSlug: string, enabled: boolean, actor: Actor): Promise<PlaybookDetail> {
  return db.withTenant(tenantId, async (tx) => {
    const changed = await tx.$queryRaw<{ id: string; slug: string }[]>`UPDATE playbooks p
      SET enabled = ${enabled}, revision = p.revision + 1, updated_at = now()
      WHERE p.tenant_id = ${tenantId}::uuid AND ${byIdOrSlug(idOrSlug)} AND p.enabled <> ${enabled} RETURNING p.id, p.slug`;
    const row = changed[0];
    if (row) await recordAudit(tx, tenantId, { actor, action: enabled ? "playbook_enabled" : "playbook_disabled", target: row.id, data: { slug: row.slug } });
    const detail = await readDetail(tx, tenantId, idOrSlug);
    if (!detail) throw new Refusal("not-found", "Playbook not found");
    return detail;
  });
}

/** @returns the playbook's id, or null for an unknown id or slug. */
export const resolvePlaybookId = async (db: Db, tenantId: string, idOrSlug: string): Promise<string | null> =>
  (await db.withTenant(tenantId, (tx) => resolvePlaybook(tx, tenantId, idOrSlug)))?.id ?? null;
