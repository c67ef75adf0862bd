/** Drafts: what is edited and not published yet. One row per playbook, changed by operations on a revision that the editor names. */
import type { Actor } from "#app/server/context.ts";
import { applyOperations, documentSchema, type Draft, layoutSchema, type Operation, parseDocument } from "#format";
import type { Db, TenantTx } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { byIdOrSlug } from "./playbook-key.server.ts";
import { refuseTooLarge } from "./playbook-limits.ts";
import { Refusal } from "./refusal.ts";
import type { DraftDetail, PlaybookDetail } from "./wire.ts";

export interface Edit {
  /** The one that the operations were made on. */
  revision: number;
  operations: readonly Operation[];
  /** Name of this list: sent again because its answer got lost, it is not applied twice. */
  batch?: string;
}

export interface Edited { revision: number; updated_at: string }

/** What is stored, as far as it is: `is_stored` is false for a playbook that is edited from its published version, or from nothing. */
export interface StoredDraft extends DraftDetail {
  is_stored: boolean;
  published_version_id: string | null;
  last_batch: string | null;
}

interface Row extends Pick<StoredDraft, "playbook_id" | "slug" | "revision" | "base_version" | "published_version" | "published_version_id" | "differs" | "is_stored" | "updated_by" | "last_batch"> {
  name: string;
  document: unknown;
  layout: unknown;
  files: Record<string, string> | null;
  updated_at: Date;
}

/** @returns null for an unknown id or slug. */
export async function readDraft(db: Db, tenantId: string, idOrSlug: string): Promise<DraftDetail | null> {
  const draft = await db.withTenant(tenantId, (tx) => read(tx, tenantId, idOrSlug));
  return draft && toWire(draft);
}

/** Of a stored draft only: that a version could be edited is no news. */
export async function draftSummary(tx: TenantTx, tenantId: string, playbookId: string): Promise<PlaybookDetail["draft"]> {
  const draft = await read(tx, tenantId, playbookId);
  return draft?.is_stored ? { revision: draft.revision, differs: draft.differs, updated_by: draft.updated_by, updated_at: draft.updated_at } : null;
}

/**
 * All of the operations, or none.
 * @throws Refusal not-found; conflict with the stored draft beside it; invalid, naming the operation.
 */
export function editDraft(db: Db, tenantId: string, idOrSlug: string, { revision, operations, batch }: Edit, actor: Actor): Promise<Edited> {
  return db.withTenant(tenantId, async (tx) => {
    const stored = await lockDraft(tx, tenantId, idOrSlug);
    if (batch !== undefined && batch === stored.last_batch && stored.revision === revision + 1) return { revision: stored.revision, updated_at: stored.updated_at };
    refuseStale(stored, revision);
    const applied = applyOperations(stored, operations);
    if (!applied.ok) throw new Refusal("invalid", applied.message, [{ loc: ["body", "operations", applied.index], msg: applied.message }]);
    return storeDraft(tx, tenantId, stored, { draft: applied.draft, batch: batch ?? null, actor });
  });
}

/** Back to the published version. @param revision given: only while it is the stored one. @throws Refusal not-found, conflict. */
export function discardDraft(db: Db, tenantId: string, idOrSlug: string, actor: Actor, revision?: number): Promise<DraftDetail> {
  return db.withTenant(tenantId, async (tx) => {
    const stored = await lockDraft(tx, tenantId, idOrSlug);
    if (revision !== undefined) refuseStale(stored, revision);
    if (!stored.is_stored) return toWire(stored);
    await tx.playbookDraft.deleteMany({ where: { playbook_id: stored.playbook_id, tenant_id: tenantId } });
    await tx.playbook.updateMany({ where: { id: stored.playbook_id, tenant_id: tenantId }, data: { draft_revision: { increment: 1 } } });
    await recordAudit(tx, tenantId, { actor, action: "draft_discarded", target: stored.playbook_id, data: { slug: stored.slug, revision: stored.revision } });
    return toWire((await read(tx, tenantId, stored.playbook_id))!);
  });
}

/** Who edits or publishes one playbook queues here; what it returns stays so until the transaction ends. @throws Refusal not-found. */
export async function lockDraft(tx: TenantTx, tenantId: string, idOrSlug: string): Promise<StoredDraft> {
  // By itself: the rows that one statement joins to the row it had to wait for are as old as the statement.
  await tx.$queryRaw`SELECT p.id FROM playbooks p WHERE p.tenant_id = ${tenantId}::uuid AND ${byIdOrSlug(idOrSlug)} FOR NO KEY UPDATE`;
  const stored = await read(tx, tenantId, idOrSlug);
  if (!stored) throw new Refusal("not-found", "Playbook not found");
  return stored;
}

/** @throws Refusal conflict, with the stored draft beside it. */
export function refuseStale(stored: StoredDraft, revision: number): void {
  if (stored.revision !== revision) throw conflict(stored, `This was made on revision ${revision}; the draft is at revision ${stored.revision}: read it, and apply your change to it`);
}

/** @throws Refusal conflict, with the stored draft beside it. */
export function refuseUnpublished(stored: StoredDraft): void {
  if (stored.is_stored && stored.differs) throw conflict(stored, `The draft holds what is not published (revision ${stored.revision}): publish or discard it, or name its revision to replace it`);
}

const conflict = (stored: StoredDraft, message: string): Refusal => new Refusal("conflict", message, undefined, { draft: toWire(stored) });

/** Under the lock. @throws Refusal invalid. */
export async function storeDraft(
  tx: TenantTx,
  tenantId: string,
  { playbook_id, published_version_id, is_stored }: StoredDraft,
  { draft, batch, actor, isNewBase = !is_stored }: { draft: Draft; batch: string | null; actor: Actor; isNewBase?: boolean },
): Promise<Edited> {
  const document = validDocument(draft);
  refuseTooLarge(draft);
  const content = { document, layout: draft.layout, files: draft.files, last_batch: batch, updated_by: actor.name, updated_at: new Date(), ...(isNewBase ? { base_version_id: published_version_id } : {}) };
  await tx.playbookDraft.upsert({ where: { playbook_id }, create: { ...content, playbook_id, tenant_id: tenantId }, update: content, select: { playbook_id: true } });
  const { draft_revision } = await tx.playbook.update({
    where: { id: playbook_id },
    // Lists show what is published; until then, what is edited.
    data: { draft_revision: { increment: 1 }, ...(published_version_id === null ? { name: document.name, description: document.description } : {}) },
    select: { draft_revision: true },
  });
  return { revision: draft_revision, updated_at: content.updated_at.toISOString() };
}

/** Each operation keeps a valid document valid; this holds for what an older program stored, too. */
function validDocument(draft: Draft): Draft["document"] {
  const parsed = documentSchema.safeParse(draft.document);
  if (parsed.success) return parsed.data;
  throw new Refusal("invalid", "the playbook would not be valid", parsed.error.issues.map(({ path, message }) => ({ loc: ["document", ...path.map((part) => (typeof part === "symbol" ? String(part) : part))], msg: message })));
}

async function read(tx: TenantTx, tenantId: string, idOrSlug: string): Promise<StoredDraft | null> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT p.id AS playbook_id, p.slug, p.name, p.draft_revision AS revision, p.published_version_id, v.number AS published_version,
      CASE WHEN d.playbook_id IS NULL THEN v.number ELSE base.number END AS base_version,
      d.playbook_id IS NOT NULL AS is_stored, d.last_batch,
      COALESCE(d.document, v.document) AS document, COALESCE(d.layout, v.layout) AS layout, COALESCE(d.files, v.files) AS files,
      v.id IS NULL OR (d.playbook_id IS NOT NULL AND (d.document, d.layout, d.files) IS DISTINCT FROM (v.document, v.layout, v.files)) AS differs,
      CASE WHEN d.playbook_id IS NULL THEN v.published_by ELSE d.updated_by END AS updated_by, COALESCE(d.updated_at, v.created_at, p.created_at) AS updated_at
    FROM playbooks p LEFT JOIN playbook_drafts d ON d.playbook_id = p.id LEFT JOIN playbook_versions v ON v.id = p.published_version_id
      LEFT JOIN playbook_versions base ON base.id = d.base_version_id
    WHERE p.tenant_id = ${tenantId}::uuid AND ${byIdOrSlug(idOrSlug)}`;
  if (!row) return null;
  const { name, document, layout, files, updated_at, ...rest } = row;
  return {
    ...rest,
    document: parseDocument(document ?? { format: 1, name, nodes: [], edges: [] }),
    layout: layoutSchema.parse(layout ?? {}),
    files: files ?? {},
    updated_at: updated_at.toISOString(),
  };
}

const toWire = ({ is_stored: _, published_version_id: __, last_batch: ___, ...draft }: StoredDraft): DraftDetail => draft;
