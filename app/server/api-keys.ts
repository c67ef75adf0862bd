/** API keys as the webhooks meet them: looked up by hash, remembered for a second, their use noted in batches. */
import { hashApiKey } from "#app/models/api-key.server.ts";
import type { AuthApiKey, Db } from "#prisma";
import type { Logger } from "./log.ts";

export interface ApiKeys {
  /** @returns null for a key nobody has; revoked and expired ones are returned, for the caller to name the reason. */
  find(key: string): Promise<AuthApiKey | null>;
  used(key: AuthApiKey): void;
  /** Writes what is noted. */
  close(): Promise<void>;
}

/** A revoked key is refused at the latest after this time. */
const REMEMBER_MS = 1_000;
const MAX_REMEMBERED = 5_000;
const NOTE_EVERY_MS = 1_000;

export function createApiKeys({ db, log, now = Date.now }: { db: Db; log: Logger; now?: () => number }): ApiKeys {
  const remembered = new Map<string, { until: number; record: Promise<AuthApiKey | null> }>();
  let uses = new Map<string, { tenantId: string; at: Date }>();
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function writeUses(): Promise<void> {
    timer = undefined;
    const batch = Map.groupBy(uses, ([, { tenantId }]) => tenantId);
    uses = new Map();
    for (const [tenantId, entries] of batch) {
      const ids = entries.map(([id]) => id);
      const times = entries.map(([, { at }]) => at);
      await db.withTenant(tenantId, (tx) => tx.$executeRaw`UPDATE api_keys k SET last_used_at = u.at
        FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS u(id, at) WHERE k.id = u.id`)
        .catch((error: unknown) => log.warn({ err: error }, "last use of API keys was not written"));
    }
  }

  return {
    find(key) {
      const hash = hashApiKey(key);
      const known = remembered.get(hash);
      if (known && known.until > now()) return known.record;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const record = db.authApiKey(hash);
      remembered.set(hash, { until: now() + REMEMBER_MS, record });
      // A failed look-up is not an answer to remember.
      record.catch(() => remembered.delete(hash));
      return record;
    },
    used({ id, tenant_id }) {
      uses.set(id, { tenantId: tenant_id, at: new Date(now()) });
      timer ??= setTimeout(() => (writing = writeUses()), NOTE_EVERY_MS);
    },
    async close() {
      clearTimeout(timer);
      await writing;
      await writeUses();
    },
  };
}
