import type { Actor } from "#app/server/context.ts";
import type { Db } from "#prisma";
import { lockDraft, refuseStale } from "./draft.server.ts";
import { type Published, publishVersion } from "./publish-playbook.server.ts";

/**
 * Publishes the draft while it is at that revision; afterwards there is none beside the version.
 * @throws Refusal not-found; conflict with the stored draft beside it; invalid with one detail per problem.
 */
export async function publishDraft(db: Db, tenantId: string, idOrSlug: string, revision: number, actor: Actor): Promise<Published> {
  const { slug, document, layout, files } = await db.withTenant(tenantId, async (tx) => {
    const draft = await lockDraft(tx, tenantId, idOrSlug);
    refuseStale(draft, revision);
    return draft;
  });
  return publishVersion(db, { tenantId, slug, document, layout, files, actor, draftRevision: revision });
}
