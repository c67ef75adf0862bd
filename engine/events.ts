/** One notification per commit batch: what changed, by tenant. Readers refetch; the payload carries ids only. */
import type { ClientBase } from "pg";

/** Web processes listen here for the live pages. Payload: {t: tenant, a?: alert ids | "*", r?: run ids | "*"}. */
export const CHANGES_CHANNEL = "playgraph_changes";
/** Workers listen here: a run that one of them holds has a new inbox item. Payload: comma-separated run ids. */
export const INBOX_CHANNEL = "playgraph_inbox";

export interface Change {
  tenantId: string;
  alerts?: readonly string[];
  runs?: readonly string[];
}

/** PostgreSQL refuses payloads of 8000 bytes and more; 90 ids of each kind stay below. */
const MAX_IDS = 90;

const ids = (list: readonly string[] | undefined): string[] | "*" | undefined =>
  list === undefined || list.length === 0 ? undefined : list.length > MAX_IDS ? "*" : [...list];

/** The payloads for a batch of changes, one per tenant. */
export function changePayloads(changes: readonly Change[]): string[] {
  const byTenant = new Map<string, { alerts: Set<string>; runs: Set<string> }>();
  for (const change of changes) {
    let entry = byTenant.get(change.tenantId);
    if (!entry) byTenant.set(change.tenantId, (entry = { alerts: new Set(), runs: new Set() }));
    for (const id of change.alerts ?? []) entry.alerts.add(id);
    for (const id of change.runs ?? []) entry.runs.add(id);
  }
  return [...byTenant].map(([tenantId, { alerts, runs }]) => JSON.stringify({ t: tenantId, a: ids([...alerts]), r: ids([...runs]) }));
}

/** Inside the caller's transaction, so that readers never hear of what is not there yet. */
export async function notifyChanges(client: ClientBase, changes: readonly Change[]): Promise<void> {
  const payloads = changePayloads(changes);
  if (payloads.length === 0) return;
  await client.query({ name: "notify-changes", text: `SELECT pg_notify('${CHANGES_CHANNEL}', p) FROM unnest($1::text[]) AS p`, values: [payloads] });
}
