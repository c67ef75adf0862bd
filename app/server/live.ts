/**
 * What changed, as it changes: one PostgreSQL connection listens, everybody who watches a tenant hears of that tenant's rows.
 * Notifications are lost while the connection is down, so after each reconnect watchers are told to read everything again.
 */
import { Client } from "pg";
import { CHANGES_CHANNEL } from "#engine/events.ts";
import type { Logger } from "./log.ts";

/** Ids of changed rows; "*" is more than fits, or unknown: read again. */
export interface LiveChange {
  alerts: string[] | "*";
  runs: string[] | "*";
}

export interface LiveChanges {
  /** @returns the way to stop listening. */
  subscribe(tenantId: string, listener: (change: LiveChange) => void): () => void;
  /** True once `close` was called: streams end. */
  readonly isClosed: boolean;
  close(): Promise<void>;
}

const RECONNECT_MS = 1_000;
/** A connection that died without a goodbye is found by asking it something. */
const PROBE_MS = 15_000;
const EVERYTHING: LiveChange = { alerts: "*", runs: "*" };

export function listenForChanges({ databaseUrl, log }: { databaseUrl: string; log: Logger }): LiveChanges {
  const listeners = new Map<string, Set<(change: LiveChange) => void>>();
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isFirst = true;

  function tell(tenantId: string, change: LiveChange): void {
    for (const listener of listeners.get(tenantId) ?? []) listener(change);
  }

  function lost(failed: Client, error?: unknown): void {
    if (isClosed || client !== failed) return;
    client = undefined;
    clearInterval(timer);
    log.warn({ err: error }, "live updates: connection to the database lost");
    failed.end().catch(() => undefined);
    timer = setTimeout(() => void connect(), RECONNECT_MS);
  }

  async function connect(): Promise<void> {
    const next = new Client({ connectionString: databaseUrl, application_name: "playgraph-web-live", keepAlive: true, query_timeout: 10_000 });
    client = next;
    next.on("error", (error) => lost(next, error));
    next.on("end", () => lost(next));
    next.on("notification", ({ payload }) => {
      const change = parsePayload(payload);
      if (change) tell(change.tenantId, change);
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANGES_CHANNEL}`);
    } catch (error) {
      lost(next, error);
      return;
    }
    if (isClosed || client !== next) return;
    timer = setInterval(() => next.query("SELECT 1").catch((error: unknown) => lost(next, error)), PROBE_MS);
    if (!isFirst) for (const tenantId of listeners.keys()) tell(tenantId, EVERYTHING);
    isFirst = false;
  }

  void connect();

  return {
    get isClosed() {
      return isClosed;
    },
    subscribe(tenantId, listener) {
      let set = listeners.get(tenantId);
      if (!set) listeners.set(tenantId, (set = new Set()));
      set.add(listener);
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(tenantId) === set) listeners.delete(tenantId);
      };
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      clearTimeout(timer);
      // Wakes every stream, so that it notices.
      for (const tenantId of listeners.keys()) tell(tenantId, EVERYTHING);
      await client?.end().catch(() => undefined);
    },
  };
}

/** The channel is open to every role of the database, so a payload is input like any other. */
function parsePayload(payload: string | undefined): (LiveChange & { tenantId: string }) | undefined {
  try {
    const { t, a, r } = JSON.parse(payload ?? "") as { t?: unknown; a?: unknown; r?: unknown };
    return typeof t === "string" ? { tenantId: t, alerts: idList(a), runs: idList(r) } : undefined;
  } catch {
    return undefined;
  }
}

const idList = (value: unknown): string[] | "*" => (value === "*" ? "*" : Array.isArray(value) ? value.filter((id) => typeof id === "string") : []);
