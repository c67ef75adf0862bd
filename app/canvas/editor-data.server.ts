/** Everything that the editor opens with, in one load. */
import { listConnections } from "#app/models/connection.server.ts";
import { readDraft } from "#app/models/draft.server.ts";
import { getPlaybook } from "#app/models/playbook.server.ts";
import type { AppContext, SignedIn } from "#app/server/context.ts";
import { can } from "#app/server/permissions.ts";
import { catalog } from "#nodes/catalog.ts";
import type { EditorData } from "./store.ts";

/** @returns null for an unknown id or slug. */
export async function readEditorData(app: AppContext & { user: SignedIn }, idOrSlug: string): Promise<EditorData | null> {
  const { db, user } = app;
  const [playbook, draft, connections] = await Promise.all([
    getPlaybook(db, user.tenant_id, idOrSlug),
    readDraft(db, user.tenant_id, idOrSlug),
    can(user, "integrations:read") ? listConnections(app, user.tenant_id) : [],
  ]);
  if (!playbook || !draft) return null;
  const { nodes, connections: connectionTypes, sources } = catalog();
  return {
    playbook: { id: playbook.id, slug: playbook.slug, name: playbook.name, enabled: playbook.enabled, version: playbook.version },
    draft: { document: draft.document, layout: draft.layout, files: draft.files, revision: draft.revision, updated_by: draft.updated_by, updated_at: draft.updated_at },
    published: playbook.document && { document: playbook.document, layout: playbook.layout, files: playbook.files },
    nodes,
    connectionTypes,
    sources,
    connections: connections.map(({ id, type, name, enabled }) => ({ id, type, name, enabled })),
    readOnly: can(user, "playbooks:manage") ? null : `Your role (${user.role.replaceAll("_", " ")}) may look at playbooks, but not change them: that takes playbooks:manage`,
  };
}
