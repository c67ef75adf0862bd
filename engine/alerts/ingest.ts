/**
 * The door of every alert. What arrives while a commit is under way shares the next one, because a commit costs the same for
 * one alert as for a hundred (DESIGN 5.6). An answer is given only after its alert, its history and its runs are on disk.
 */
import type pg from "pg";
import type { Logger } from "pino";
import type { Severity, SourceDefinition } from "#sdk";
import { Batcher } from "../batcher.ts";
import { Backlog } from "../limits/backlog.ts";
import { type Delivery, commitDeliveries } from "./commit.ts";
import { normalize } from "./normalize.ts";
import { extractObservables, nothingObserved } from "./observables/extract.ts";
import { parsePayload } from "./parse.ts";
import { PlaybookTriggers } from "./playbook-triggers.ts";

export interface IngestItem {
  tenantId: string;
  /** The request's body, kept byte for byte. */
  raw: Buffer;
  /** The route's source, or null to recognise it. */
  sourceHint: string | null;
  /** Label that the key stamps on its alerts; wins over the payload's own. */
  partner?: string | null;
  actor: { kind: "api_key" | "user"; id: string; name: string };
}

/** What the route answers, without its constants. */
export interface Accepted {
  alert_id: string;
  /** The accept that created the alert; a duplicate answers with the first one's. */
  job_id: string;
  title: string;
  severity: Severity;
  duplicate: boolean;
  duplicate_count: number;
  /** Names, in the order in which they run. */
  playbooks_triggered: string[];
  correlation_id: string;
  /** Why the runs were queued at low priority; absent where they were not. */
  deferred?: string;
}

export interface Ingest {
  /** @throws IngestError when the document is wrong (nothing is stored); else whatever the database throws */
  accept(item: IngestItem): Promise<Accepted>;
  /** Every item on its own: one that is wrong is `rejected`, its neighbours are stored. Answers in the order of the items. */
  acceptMany(items: readonly IngestItem[]): Promise<PromiseSettledResult<Accepted>[]>;
}

/** Larger batches gain nothing (the commit is already amortised) and make their first item wait longer. */
const BATCH = 150;

/** Everything that needs no database, done before the item joins a batch. @throws IngestError */
function prepare(item: IngestItem, sources: readonly SourceDefinition[]): Delivery {
  const payload = parsePayload(item.raw);
  const { alert, dedup_key, source } = normalize({ payload, sources, sourceHint: item.sourceHint });
  if (item.partner) alert.partner = item.partner;
  const { iocs, internal } = extractObservables(payload, source?.notObservable);
  return {
    tenantId: item.tenantId,
    raw: item.raw,
    payload,
    alert,
    dedupKey: dedup_key,
    iocs: nothingObserved(internal) ? iocs : { ...iocs, internal },
    actor: item.actor,
  };
}

export interface IngestOptions {
  /** Of the engine role. */
  pool: pg.Pool;
  sources: readonly SourceDefinition[];
  /** Pending runs of a tenant past which new ones are queued at low priority. */
  pendingLimit?: number;
  log: Logger;
}

export function createIngest({ pool, sources, pendingLimit, log }: IngestOptions): Ingest {
  const triggers = new PlaybookTriggers();
  const backlog = new Backlog({ pool, log, ...(pendingLimit === undefined ? {} : { limit: pendingLimit }) });
  const batcher = new Batcher<Delivery, () => Accepted>((deliveries) => commitDeliveries({ pool, triggers, backlog }, deliveries), BATCH);
  const accept = async (item: IngestItem): Promise<Accepted> => (await batcher.add(prepare(item, sources)))();
  return { accept, acceptMany: (items) => Promise.allSettled(items.map(accept)) };
}
