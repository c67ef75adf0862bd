import type { Actor } from "#app/server/context.ts";
import { checkDocument, type PlaybookDocument } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import type { Db } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { lockDraft, readDraft, refuseStale, refuseUnpublished, storeDraft } from "./draft.server.ts";
import { parsePlaybook, type PlaybookContent } from "./parse-playbook.ts";
import { problemRefusal } from "./problem-refusal.ts";
import type { DraftDetail } from "./wire.ts";

export interface Replacement extends PlaybookContent {
  /** Needed where the draft says something that is not published: what is lost has been seen. */
  revision?: number | undefined;
}

/** The whole draft at once, from a folder. @throws Refusal not-found; invalid; conflict with the stored draft beside it. */
export async function replaceDraft(db: Db, tenantId: string, idOrSlug: string, { revision, ...content }: Replacement, actor: Actor): Promise<DraftDetail> {
  const draft = parsePlaybook(content);
  refuseBroken(draft.document, draft.files);
  const id = await db.withTenant(tenantId, async (tx) => {
    const stored = await lockDraft(tx, tenantId, idOrSlug);
    if (revision === undefined) refuseUnpublished(stored);
    else refuseStale(stored, revision);
    await storeDraft(tx, tenantId, stored, { draft, batch: null, actor });
    await recordAudit(tx, tenantId, { actor, action: "draft_replaced", target: stored.playbook_id, data: { slug: stored.slug, revision: stored.revision } });
    return stored.playbook_id;
  });
  return (await readDraft(db, tenantId, id))!;
}

/** What no operation would ever make of a draft, and none could work with. Everything else may be unfinished. */
const BROKEN = new Set(["duplicate-node", "duplicate-edge", "dangling-edge", "missing-container", "crosses-wall", "cycle"]);

function refuseBroken(document: PlaybookDocument, files: Readonly<Record<string, string>>): void {
  const broken = checkDocument(document, shapeOf, new Set(Object.keys(files))).filter(({ code }) => BROKEN.has(code));
  if (broken.length > 0) throw problemRefusal("the playbook", broken);
}
