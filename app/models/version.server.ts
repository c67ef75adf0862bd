/** The versions that were published: they never change, and any of them can become the draft again. */
import type { Actor } from "#app/server/context.ts";
import { describeChanges, type Draft, layoutSchema, parseDocument } from "#format";
import type { Db, TenantTx } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { lockDraft, readDraft, refuseStale, refuseUnpublished, storeDraft } from "./draft.server.ts";
import { resolvePlaybook } from "./playbook-key.server.ts";
import { Refusal } from "./refusal.ts";
import type { DraftDetail, VersionDetail, VersionSummary } from "./wire.ts";

/** A snapshot of a draft that a test executed has no number, and is no version to anybody. */
const NUMBERED = { not: null } as const;

export interface VersionPage {
  limit: number;
  /** Only those with smaller numbers. */
  before?: number | undefined;
}

/** Newest first, each with what it changed. @throws Refusal not-found. */
export function listVersions(db: Db, tenantId: string, idOrSlug: string, { limit, before }: VersionPage): Promise<{ versions: VersionSummary[]; next_before: number | null }> {
  return db.withTenant(tenantId, async (tx) => {
    const playbook = await known(tx, tenantId, idOrSlug);
    // One more, which the last one on the page is compared with.
    const rows = await tx.playbookVersion.findMany({
      where: { playbook_id: playbook.id, tenant_id: tenantId, number: before === undefined ? NUMBERED : { lt: before } },
      orderBy: { number: "desc" },
      take: limit + 1,
      select: { id: true, number: true, content_hash: true, created_at: true, published_by: true, document: true, layout: true, files: true },
    });
    const drafts = rows.map(toDraft);
    const versions = rows.slice(0, limit).map(({ id, number, content_hash, created_at, published_by }, index) => ({
      id,
      number: number!,
      content_hash,
      created_at: created_at.toISOString(),
      published_by,
      is_published: id === playbook.published_version_id,
      changes: describe(drafts[index + 1], drafts[index]!),
    }));
    return { versions, next_before: rows.length > limit ? versions.at(-1)!.number : null };
  });
}

/** Number of the version that a new run would execute. @returns null where nothing is published. */
export async function publishedNumber(db: Db, tenantId: string, playbookId: string): Promise<number | null> {
  const [row] = await db.withTenant(tenantId, (tx) => tx.$queryRaw<{ number: number }[]>`
    SELECT v.number FROM playbooks p JOIN playbook_versions v ON v.id = p.published_version_id WHERE p.tenant_id = ${tenantId}::uuid AND p.id = ${playbookId}::uuid`);
  return row?.number ?? null;
}

/** @returns null for an unknown playbook or number. */
export function getVersion(db: Db, tenantId: string, idOrSlug: string, number: number): Promise<VersionDetail | null> {
  return db.withTenant(tenantId, async (tx) => {
    const playbook = await resolvePlaybook(tx, tenantId, idOrSlug);
    const row = playbook && (await find(tx, tenantId, playbook.id, number));
    if (!row) return null;
    const { id, content_hash, created_at, published_by } = row;
    return { playbook_id: playbook.id, slug: playbook.slug, id, number, content_hash, created_at: created_at.toISOString(), published_by, is_published: id === playbook.published_version_id, ...toDraft(row) };
  });
}

/**
 * The draft becomes that version; publishing it makes a new one.
 * @param revision needed where the draft says something that is not published: what is lost has been seen.
 * @throws Refusal not-found; conflict with the stored draft beside it.
 */
export async function restoreVersion(db: Db, tenantId: string, idOrSlug: string, { number, revision }: { number: number; revision?: number | undefined }, actor: Actor): Promise<DraftDetail> {
  const id = await db.withTenant(tenantId, async (tx) => {
    const stored = await lockDraft(tx, tenantId, idOrSlug);
    if (revision !== undefined) refuseStale(stored, revision);
    else refuseUnpublished(stored);
    const row = await find(tx, tenantId, stored.playbook_id, number);
    if (!row) throw new Refusal("not-found", `There is no version ${number}`);
    await storeDraft(tx, tenantId, stored, { draft: toDraft(row), batch: null, actor, isNewBase: true });
    await recordAudit(tx, tenantId, { actor, action: "playbook_restored", target: stored.playbook_id, data: { slug: stored.slug, version: number } });
    return stored.playbook_id;
  });
  return (await readDraft(db, tenantId, id))!;
}

async function known(tx: TenantTx, tenantId: string, idOrSlug: string) {
  const playbook = await resolvePlaybook(tx, tenantId, idOrSlug);
  if (!playbook) throw new Refusal("not-found", "Playbook not found");
  return playbook;
}

const find = (tx: TenantTx, tenantId: string, playbookId: string, number: number) =>
  tx.playbookVersion.findFirst({
    where: { playbook_id: playbookId, tenant_id: tenantId, number },
    select: { id: true, content_hash: true, created_at: true, published_by: true, document: true, layout: true, files: true },
  });

const toDraft = ({ document, layout, files }: { document: unknown; layout: unknown; files: unknown }): Draft & { files: Record<string, string> } => ({
  document: parseDocument(document),
  layout: layoutSchema.parse(layout),
  files: files as Record<string, string>,
});

function describe(before: Draft | undefined, after: Draft): string[] {
  if (!before) return [`first version, with ${after.document.nodes.length} ${after.document.nodes.length === 1 ? "node" : "nodes"}`];
  const changes = describeChanges(before, after);
  return changes.length > 0 ? changes : ["nothing of its content"];
}
