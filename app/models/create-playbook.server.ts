import { randomUUID } from "node:crypto";
import type { Actor } from "#app/server/context.ts";
import { documentSchema } from "#format";
import type { Db } from "#prisma";
import { recordAudit } from "./audit.server.ts";
import { Refusal } from "./refusal.ts";
import { isSlug, SLUG_RULE, slugFrom } from "./slug.ts";

export interface NewPlaybook {
  name: string;
  /** Made from the name where none is given: "isolate-host", "isolate-host-2". */
  slug?: string;
}

/** A playbook without a version: its draft is an empty document. @throws Refusal invalid; conflict for a slug that is taken. */
export function createPlaybook(db: Db, tenantId: string, { name, slug }: NewPlaybook, actor: Actor): Promise<{ id: string; slug: string }> {
  const named = documentSchema.shape.name.safeParse(name.trim());
  if (!named.success) throw new Refusal("invalid", "a name has 1 to 100 characters", [{ loc: ["body", "name"], msg: "A name has 1 to 100 characters" }]);
  if (slug !== undefined && !isSlug(slug)) throw new Refusal("invalid", SLUG_RULE, [{ loc: ["body", "slug"], msg: SLUG_RULE }]);
  return db.withTenant(tenantId, async (tx) => {
    const taken = new Set((await tx.playbook.findMany({ where: { tenant_id: tenantId }, select: { slug: true } })).map((playbook) => playbook.slug));
    const id = randomUUID();
    for (let number = 1; ; number++) {
      const candidate = slug ?? slugFrom(named.data, number);
      // Somebody who takes it at the same moment is met by the insert.
      const isOurs = !taken.has(candidate) && (await tx.$executeRaw`INSERT INTO playbooks (id, tenant_id, slug, name)
        VALUES (${id}::uuid, ${tenantId}::uuid, ${candidate}, ${named.data}) ON CONFLICT (tenant_id, slug) DO NOTHING`) === 1;
      if (isOurs) {
        await recordAudit(tx, tenantId, { actor, action: "playbook_created", target: id, data: { slug: candidate, name: named.data } });
        return { id, slug: candidate };
      }
      if (slug !== undefined) throw new Refusal("conflict", `There is a playbook "${slug}" already`);
    }
  });
}
