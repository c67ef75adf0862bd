/** A playbook as whoever wants to start it finds it. */
import type { ClientBase } from "pg";
import { type PlaybookTrigger, triggerSchema } from "#format";

export interface FoundPlaybook {
  id: string;
  enabled: boolean;
  /** Null: never published. */
  versionId: string | null;
  trigger: PlaybookTrigger;
}

/** Publishing refuses what nobody can read; one that is here all the same asks for nothing, and its run says what is wrong. */
const UNREADABLE = triggerSchema.parse({ on: "manual" });

/** By id or by slug. */
export async function findPlaybook(client: ClientBase, tenantId: string, by: { id: string } | { slug: string }): Promise<FoundPlaybook | null> {
  const { rows } = await client.query<{ id: string; enabled: boolean; version_id: string | null; trigger: unknown }>(
    `SELECT p.id, p.enabled, v.id AS version_id, v.document->'trigger' AS trigger FROM playbooks p LEFT JOIN playbook_versions v ON v.id = p.published_version_id
     WHERE p.tenant_id = $1 AND p.${"id" in by ? "id" : "slug"} = $2`,
    [tenantId, "id" in by ? by.id : by.slug],
  );
  const row = rows[0];
  return row ? { id: row.id, enabled: row.enabled, versionId: row.version_id, trigger: triggerSchema.safeParse(row.trigger ?? {}).data ?? UNREADABLE } : null;
}
