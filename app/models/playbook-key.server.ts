import type { TenantTx } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import { isUuid } from "./page.ts";

/** A condition on `playbooks p`; the tenant is the caller's to name. */
export const byIdOrSlug = (idOrSlug: string): Prisma.Sql => (isUuid(idOrSlug) ? Prisma.sql`p.id = ${idOrSlug}::uuid` : Prisma.sql`p.slug = ${idOrSlug}`);

/** @returns null for an unknown id or slug. */
export const resolvePlaybook = (tx: TenantTx, tenantId: string, idOrSlug: string) =>
  tx.playbook.findFirst({ where: { tenant_id: tenantId, ...(isUuid(idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug }) }, select: { id: true, slug: true, published_version_id: true } });
