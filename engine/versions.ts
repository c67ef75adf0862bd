/** Published versions, prepared for running and kept: they are immutable, so nothing ever has to be refreshed. */
import type { Pool } from "pg";
import { type PlaybookDocument, parseDocument } from "#format";
import type { Bundle, BundleMeta } from "./code/types.ts";
import { type Graph, prepareGraph } from "./graph.ts";

export interface LoadedVersion {
  id: string;
  number: number;
  playbookName: string;
  document: PlaybookDocument;
  graph: Graph;
  bundle: Bundle | null;
}

const KEEP = 500;

export class Versions {
  readonly #pool: Pool;
  readonly #loaded = new Map<string, Promise<LoadedVersion>>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws Error when the version is gone or damaged: the run cannot go on. */
  get(id: string): Promise<LoadedVersion> {
    const known = this.#loaded.get(id);
    if (known) return known;
    const loading = this.#load(id);
    this.#loaded.set(id, loading);
    loading.catch(() => this.#loaded.delete(id));
    if (this.#loaded.size > KEEP) this.#loaded.delete(this.#loaded.keys().next().value!);
    return loading;
  }

  async #load(id: string): Promise<LoadedVersion> {
    const { rows } = await this.#pool.query<{ number: number; name: string; document: unknown; bundle: string; bundle_meta: BundleMeta; bundle_hash: string }>(
      `SELECT v.number, p.name, v.document, v.bundle, v.bundle_meta, encode(sha256(convert_to(v.bundle, 'UTF8')), 'hex') AS bundle_hash
       FROM playbook_versions v JOIN playbooks p ON p.id = v.playbook_id WHERE v.id = $1`,
      [id],
    );
    const row = rows[0];
    if (!row) throw new Error(`playbook version ${id} does not exist any more`);
    const document = parseDocument(row.document);
    return {
      id,
      number: row.number,
      playbookName: row.name,
      document,
      graph: prepareGraph(document),
      bundle: row.bundle === "" ? null : { hash: row.bundle_hash, code: row.bundle, meta: row.bundle_meta },
    };
  }
}
