/** One transaction for a batch of deliveries: alerts, their history, the runs they start, one notification. */
import type pg from "pg";
import { notifyChanges } from "../events.ts";
import type { Backlog } from "../limits/backlog.ts";
import { insertRuns, type NewRun } from "../queue.ts";
import { type Delivery, groupDeliveries, settleGroup } from "./delivery.ts";
import type { Accepted } from "./ingest.ts";
import type { PlaybookTriggers } from "./playbook-triggers.ts";
import { insertAlertEvents, insertAlerts, lockKnownAlerts, updateAlerts } from "./statements.ts";

export type { Delivery } from "./delivery.ts";

export interface IngestParts {
  pool: pg.Pool;
  triggers: PlaybookTriggers;
  backlog: Backlog;
}

/** Another process inserted the same key between our look and our insert: the next look sees its row. */
class KeyRace extends Error {}

const ATTEMPTS = 5;
/** Deadlock and serialisation failure: the same work succeeds when it is done again. */
const isTransient = (error: unknown): boolean => error instanceof KeyRace || ["40P01", "40001"].includes((error as { code?: string }).code ?? "");
/** Classes 22 and 23 (data, constraints) and 54 (limits): the document's own fault, so that its neighbours are worth another try. */
const isOwnFault = (error: unknown): boolean => /^(?:22|23|54)/.test((error as { code?: string }).code ?? "");

/**
 * @returns for each delivery, in order, a function that gives its answer or throws why it was not stored. A batch that one
 *   document spoils is done again item by item; a database that is away fails all at once.
 */
export async function commitDeliveries({ pool, triggers, backlog }: IngestParts, deliveries: readonly Delivery[]): Promise<(() => Accepted)[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answers = await commitOnce({ pool, triggers, backlog }, deliveries);
      return answers.map((answer) => () => answer);
    } catch (error) {
      if (isTransient(error) && attempt < ATTEMPTS) continue;
      const fails = () => {
        throw error;
      };
      if (deliveries.length === 1 || !(isOwnFault(error) || isTransient(error))) return deliveries.map(() => fails);
      const alone: (() => Accepted)[] = [];
      for (const delivery of deliveries) alone.push(...(await commitDeliveries({ pool, triggers, backlog }, [delivery])));
      return alone;
    }
  }
}

async function commitOnce(parts: IngestParts, deliveries: readonly Delivery[]): Promise<Accepted[]> {
  const client = await parts.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const answers = await write(client, parts, deliveries);
    await client.query("COMMIT");
    return answers;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function write(client: pg.PoolClient, { triggers, backlog }: Pick<IngestParts, "triggers" | "backlog">, deliveries: readonly Delivery[]): Promise<Accepted[]> {
  const groups = groupDeliveries(deliveries);
  const known = await lockKnownAlerts(client, groups);
  const fresh = groups.filter((group) => !known.has(group.key));
  if ((await insertAlerts(client, fresh)) < fresh.length) throw new KeyRace();

  const playbooks = await triggers.read(client, [...new Set(groups.map((group) => group.first.tenantId))]);
  const settled = groups.map((group) => settleGroup(group, known.get(group.key) ?? null, playbooks.get(group.first.tenantId) ?? []));
  await updateAlerts(client, settled.flatMap((entry) => entry.update ?? []));
  await insertAlertEvents(client, settled.flatMap((entry) => entry.events));
  const runs: NewRun[] = settled.flatMap((entry) => entry.runs);
  for (const entry of settled) {
    const deferred = backlog.defer(entry.tenantId, entry.runs);
    if (deferred !== null) for (const answer of entry.answers) if (answer.playbooks_triggered.length > 0) answer.deferred = deferred;
  }
  await insertRuns(client, runs);
  await notifyChanges(client, settled.map((entry) => ({ tenantId: entry.tenantId, alerts: [entry.alertId], runs: entry.runs.map((run) => run.id) })));

  const answers = new Map<Delivery, Accepted>();
  settled.forEach((entry, at) => groups[at]!.deliveries.forEach((delivery, nth) => answers.set(delivery, entry.answers[nth]!)));
  return deliveries.map((delivery) => answers.get(delivery)!);
}

