/** From a document and its code files to an immutable version: parse, check, compile, check the types, store. */
import { randomUUID } from "node:crypto";
import { basename, resolve } from "node:path";
import type { Actor } from "#app/server/context.ts";
import { checkTypes, compileVersion } from "#engine";
import { checkDocument, type PlaybookDocument, type PlaybookLayout, type Problem } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import type { Db, TenantTx } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { canonical, contentHash } from "./content-hash.ts";
import { lockDraft, refuseStale } from "./draft.server.ts";
import { missingPlaybooks } from "./playbook-references.server.ts";
import { parsePlaybook, type PlaybookContent } from "./parse-playbook.ts";
import { readPlaybookFolder } from "./playbook-folder.server.ts";
import { problemRefusal } from "./problem-refusal.ts";
import { Refusal } from "./refusal.ts";
import { isSlug, SLUG_RULE } from "./slug.ts";

export interface PublishInput extends PlaybookContent {
  tenantId: string;
  slug: string;
  actor: Actor;
  /** Absent: a new playbook is enabled, an old one stays as it is. */
  enabled?: boolean;
  /** This is the draft of that revision: refused when it no longer is, and gone when it is published. Absent: a draft stays as it is. */
  draftRevision?: number;
  /** Warnings refuse it, too (R105). */
  strict?: boolean;
}

export interface Published {
  playbook_id: string;
  slug: string;
  version: number;
  version_id: string;
  content_hash: string;
  /** Nothing was written: the published version already says this. */
  unchanged: boolean;
  warnings: Problem[];
}

/** Nobody types meanwhile, and a busy machine takes its time (milliseconds). */
const CHECK_MS = 30_000;

/** @throws Refusal invalid with one detail per problem; conflict for a draft that has changed meanwhile. */
export async function publishVersion(db: Db, input: PublishInput): Promise<Published> {
  if (!isSlug(input.slug)) throw new Refusal("invalid", SLUG_RULE);
  const { document, layout, files } = parsePlaybook(input);
  const structure = checkDocument(document, shapeOf, new Set(Object.keys(files)));
  refuseErrors(input.slug, structure);
  const compiled = await compileVersion({ document, files });
  if (!compiled.ok) throw problemRefusal(input.slug, compiled.problems);
  const types = await checkTypes({ document, files, shapeOf, timeoutMs: CHECK_MS });
  // What nobody has checked is not published either: a red field may be among it.
  refuseErrors(input.slug, types.map((problem) => (problem.code === "types-unchecked" ? { ...problem, severity: "error" } : problem)));

  const hash = contentHash({ document, files });
  return db.withTenant(input.tenantId, async (tx) => {
    const playbook = await lockPlaybook(tx, input, document);
    const newest = await newestVersion(tx, playbook.id);
    const warnings = [...structure, ...types, ...(await missingPlaybooks(tx, input.tenantId, document))];
    if (input.strict && warnings.length > 0) throw problemRefusal(input.slug, warnings);
    const result = { playbook_id: playbook.id, slug: input.slug, content_hash: hash, warnings };
    const enabled = input.enabled ?? playbook.enabled;
    const isSame = newest !== null && newest.id === playbook.published_version_id && newest.content_hash === hash && canonical(newest.layout) === canonical(layout);
    const hasDraft = await settleDraft(tx, input, playbook.id);
    if (isSame && enabled === playbook.enabled) return { ...result, version: newest.number, version_id: newest.id, unchanged: true };

    const version = isSame ? newest : await insertVersion(tx, { input, playbookId: playbook.id, number: (newest?.number ?? 0) + 1, document, layout, files, contentHash: hash, bundle: compiled.bundle });
    // Without a draft the editor opens the published version, and that is another one now.
    const isSeen = !isSame && !hasDraft && !playbook.isNew;
    await tx.playbook.update({
      where: { id: playbook.id },
      data: { name: document.name, description: document.description, enabled, published_version_id: version.id, revision: { increment: 1 }, ...(isSeen ? { draft_revision: { increment: 1 } } : {}), updated_at: new Date() },
      select: { id: true },
    });
    await recordAudit(tx, input.tenantId, { actor: input.actor, action: "playbook_published", target: playbook.id, data: { slug: input.slug, version: version.number, enabled } });
    return { ...result, version: version.number, version_id: version.id, unchanged: false };
  });
}

/** Publishes playbooks/<slug>. */
export async function publishFolder(db: Db, { tenantId, folder, actor }: { tenantId: string; folder: string; actor: Actor }): Promise<Published> {
  const { document, layout, files } = await readPlaybookFolder(folder);
  return publishVersion(db, { tenantId, slug: basename(resolve(folder)), document: JSON.parse(document), layout: JSON.parse(layout ?? "{}"), files, actor });
}

function refuseErrors(slug: string, problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw problemRefusal(slug, errors);
}

interface LockedPlaybook { id: string; enabled: boolean; published_version_id: string | null; isNew: boolean }

/** Two publishers of one slug queue here, so that version numbers have no gaps and no twins; so do its editors. */
async function lockPlaybook(tx: TenantTx, input: PublishInput, document: PlaybookDocument): Promise<LockedPlaybook> {
  const inserted = await tx.$executeRaw`INSERT INTO playbooks (id, tenant_id, slug, name, description, enabled)
    VALUES (${randomUUID()}::uuid, ${input.tenantId}::uuid, ${input.slug}, ${document.name}, ${document.description}, ${input.enabled ?? true})
    ON CONFLICT (tenant_id, slug) DO NOTHING`;
  const [row] = await tx.$queryRaw<Omit<LockedPlaybook, "isNew">[]>`
    SELECT id, enabled, published_version_id FROM playbooks WHERE tenant_id = ${input.tenantId}::uuid AND slug = ${input.slug} FOR NO KEY UPDATE`;
  return { ...row!, isNew: inserted === 1 };
}

/** The published draft goes; any other stays. @returns whether one was there. @throws Refusal conflict. */
async function settleDraft(tx: TenantTx, { tenantId, draftRevision }: PublishInput, playbookId: string): Promise<boolean> {
  const where = { playbook_id: playbookId, tenant_id: tenantId };
  if (draftRevision === undefined) return (await tx.playbookDraft.count({ where })) > 0;
  refuseStale(await lockDraft(tx, tenantId, playbookId), draftRevision);
  return (await tx.playbookDraft.deleteMany({ where })).count > 0;
}

/** Snapshots of drafts have no number, and are nobody's newest version. */
async function newestVersion(tx: TenantTx, playbookId: string) {
  const version = await tx.playbookVersion.findFirst({
    where: { playbook_id: playbookId, number: { not: null } },
    orderBy: { number: "desc" },
    select: { id: true, number: true, content_hash: true, layout: true },
  });
  return version && { ...version, number: version.number! };
}

interface NewVersion {
  input: PublishInput;
  playbookId: string;
  number: number;
  document: PlaybookDocument;
  layout: PlaybookLayout;
  files: Record<string, string>;
  contentHash: string;
  bundle: { code: string; meta: object };
}

async function insertVersion(tx: TenantTx, version: NewVersion): Promise<{ id: string; number: number }> {
  const { id } = await tx.playbookVersion.create({
    data: {
      id: randomUUID(),
      tenant_id: version.input.tenantId,
      playbook_id: version.playbookId,
      number: version.number,
      document: version.document,
      layout: version.layout,
      files: version.files,
      content_hash: version.contentHash,
      bundle: version.bundle.code,
      bundle_meta: version.bundle.meta,
      published_by: version.input.actor.name,
    },
    select: { id: true },
  });
  return { id, number: version.number };
}
