/**
 * Slows down guessing: after five failures in a row from one address for one name, each further one doubles the wait.
 * A second, wider count per name holds against many addresses, generous enough that a stranger cannot lock a person out at will.
 * Attempts count when they begin, so parallel guesses gain nothing. One process's memory: a restart forgives.
 */
export interface LoginThrottle {
  /** @returns 0 when the attempt may go on (it is counted as failed until `succeeded`), else the seconds to wait. */
  begin(username: string, address: string): number;
  succeeded(username: string, address: string): void;
}

const FORGET_MS = 15 * 60_000;
const FREE = { pair: 5, name: 50 };
const MAX_KEYS = 10_000;

interface Count { failures: number; lastAt: number; blockedUntil: number }

export function createLoginThrottle(now: () => number = Date.now): LoginThrottle {
  const counts = new Map<string, Count>();

  function forget(at: number): void {
    for (const [key, count] of counts) if (count.lastAt + FORGET_MS <= at) counts.delete(key);
    // Still full under a flood of made-up names: the oldest entries go first (a Map keeps insertion order).
    for (const key of counts.keys()) {
      if (counts.size < MAX_KEYS) break;
      counts.delete(key);
    }
  }

  const keysOf = (username: string, address: string) => {
    const name = username.toLowerCase().slice(0, 200);
    return [{ key: `p:${address}:${name}`, free: FREE.pair }, { key: `n:${name}`, free: FREE.name }];
  };

  return {
    begin(username, address) {
      const at = now();
      const keys = keysOf(username, address);
      const wait = Math.max(...keys.map(({ key }) => (counts.get(key)?.blockedUntil ?? 0) - at));
      if (wait > 0) return Math.ceil(wait / 1000);
      if (counts.size >= MAX_KEYS) forget(at);
      for (const { key, free } of keys) {
        const known = counts.get(key);
        const failures = known && known.lastAt + FORGET_MS > at ? known.failures + 1 : 1;
        const penalty = failures < free ? 0 : Math.min(FORGET_MS, 1000 * 2 ** (failures - free));
        counts.set(key, { failures, lastAt: at, blockedUntil: at + penalty });
      }
      return 0;
    },
    succeeded(username, address) {
      for (const { key } of keysOf(username, address)) counts.delete(key);
    },
  };
}
