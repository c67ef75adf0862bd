/** The triggers of enabled, published playbooks, parsed once per revision. */
import type { ClientBase } from "pg";
import { type PlaybookTrigger, parseDocument } from "#format";
import type { Triggered } from "./triggers.ts";

export interface StartablePlaybook extends Triggered {
  slug: string;
  versionId: string;
}

interface PlaybookRow {
  id: string;
  tenant_id: string;
  slug: string;
  name: string;
  revision: number;
  version_id: string;
}

interface Known {
  revision: number;
  versionId: string;
  /** Null where the document cannot be read: that playbook starts nothing, the others go on (R120). */
  trigger: PlaybookTrigger | null;
}

export class PlaybookTriggers {
  readonly #known = new Map<string, Known>();

  /**
   * Read in the transaction that will start the runs, so that disabling a playbook acts at once on every process (R109); only
   * ids and revisions travel each time.
   */
  async read(client: ClientBase, tenantIds: readonly string[]): Promise<Map<string, StartablePlaybook[]>> {
    const { rows } = await client.query<PlaybookRow>({
      name: "ingest-playbooks",
      text: `SELECT id, tenant_id, slug, name, revision, published_version_id AS version_id FROM playbooks
             WHERE tenant_id = ANY($1::uuid[]) AND enabled AND published_version_id IS NOT NULL`,
      values: [tenantIds],
    });
    await this.#learn(client, rows.filter((row) => !this.#isKnown(row)));
    const byTenant = new Map<string, StartablePlaybook[]>();
    for (const row of rows) {
      const trigger = this.#known.get(row.id)?.trigger;
      if (!trigger) continue;
      const list = byTenant.get(row.tenant_id);
      const playbook = { id: row.id, slug: row.slug, name: row.name, versionId: row.version_id, trigger };
      if (list) list.push(playbook);
      else byTenant.set(row.tenant_id, [playbook]);
    }
    return byTenant;
  }

  #isKnown(row: PlaybookRow): boolean {
    const known = this.#known.get(row.id);
    return known !== undefined && known.revision === row.revision && known.versionId === row.version_id;
  }

  async #learn(client: ClientBase, missing: readonly PlaybookRow[]): Promise<void> {
    if (missing.length === 0) return;
    const { rows } = await client.query<{ id: string; document: unknown }>("SELECT id, document FROM playbook_versions WHERE id = ANY($1::uuid[])", [missing.map((row) => row.version_id)]);
    const documents = new Map(rows.map((row) => [row.id, row.document]));
    for (const row of missing) this.#known.set(row.id, { revision: row.revision, versionId: row.version_id, trigger: readTrigger(documents.get(row.version_id)) });
  }
}

function readTrigger(document: unknown): PlaybookTrigger | null {
  try {
    return parseDocument(document).trigger;
  } catch {
    // Publishing refuses such documents; one that is here all the same was written by a newer or a broken program.
    return null;
  }
}
