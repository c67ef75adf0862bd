/** Versions and snapshots of drafts, prepared for running and kept: they are immutable, so nothing ever has to be refreshed. */
import type { Pool } from "pg";
import { type PlaybookDocument, parseDocument } from "#format";
import type { Bundle, BundleMeta } from "./code/types.ts";
import { type Graph, prepareGraph } from "./graph.ts";
import { type TestOptions, testedPart } from "./test-options.ts";

export interface LoadedVersion {
  id: string;
  /** 0 for a draft: `run.version` of the playbook's code is a number in every run. */
  number: number;
  playbookName: string;
  document: PlaybookDocument;
  /** Prepared when it is first asked for: a draft may hold a circle where its test does not go. @throws Error for a circle */
  readonly graph: Graph;
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
    const { rows } = await this.#pool.query<{ number: number | null; name: string; document: unknown; bundle: string; bundle_meta: BundleMeta; bundle_hash: string }>(
      `SELECT v.number, p.name, v.document, v.bundle, v.bundle_meta, encode(sha256(convert_to(v.bundle, 'UTF8')), 'hex') AS bundle_hash
       FROM playbook_versions v JOIN playbooks p ON p.id = v.playbook_id WHERE v.id = $1`,
      [id],
    );
    const row = rows[0];
    if (!row) throw new Error(`playbook version ${id} does not exist any more`);
    return prepared({
      id,
      number: row.number ?? 0,
      playbookName: row.name,
      document: parseDocument(row.document),
      bundle: row.bundle === "" ? null : { hash: row.bundle_hash, code: row.bundle, meta: row.bundle_meta },
    });
  }
}

/** The version as a test executes it: only the part that takes part. */
export function versionUnderTest({ id, number, playbookName, document, bundle }: LoadedVersion, test: TestOptions): LoadedVersion {
  return prepared({ id, number, playbookName, document: testedPart(document, test), bundle });
}

function prepared(version: Omit<LoadedVersion, "graph">): LoadedVersion {
  let graph: Graph | undefined;
  return {
    ...version,
    get graph() {
      return (graph ??= prepareGraph(version.document));
    },
  };
}
