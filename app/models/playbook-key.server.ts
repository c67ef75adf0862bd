import { Prisma } from "#prisma/generated/client.ts";
import { isUuid } from "./page.ts";

/** A condition on `playbooks p`; the tenant is the caller's to name. */
export const byIdOrSlug = (idOrSlug: string): Prisma.Sql => (isUuid(idOrSlug) ? Prisma.sql`p.id = ${idOrSlug}::uuid` : Prisma.sql`p.slug = ${idOrSlug}`);
