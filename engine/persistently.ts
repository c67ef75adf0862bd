import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";

/** Ten minutes of tries: longer than a restart of PostgreSQL, shorter than anybody would wait for a process to stop. */
const GIVE_UP_MS = 600_000;

/** Repeats what must not be lost while the database is away. @throws the last error after ten minutes */
export async function persistently(work: () => Promise<void>, log: Logger): Promise<void> {
  const until = performance.now() + GIVE_UP_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > until) throw error;
      if (attempt % 20 === 1) log.warn({ err: error }, "a receipt cannot be stored yet: the database does not answer");
      await sleep(Math.min(250 * attempt, 2_000));
    }
  }
}
