/**
 * A sliding window of request times per key: exactly `limit` requests pass in any `windowMs`, whatever their timing.
 * One process's memory: with n web processes a key may reach n times its limit.
 */
export interface RateLimit {
  /** Counts the request when it may pass. @returns 0, or the whole seconds after which the next one will pass. */
  take(key: string, limit: number): number;
}

/** Keys that have been silent for a window are forgotten once this many are known. */
const SWEEP_ABOVE = 1_000;

export function createRateLimit({ windowMs, now = Date.now }: { windowMs: number; now?: () => number }): RateLimit {
  const passed = new Map<string, number[]>();

  function sweep(edge: number): void {
    for (const [key, times] of passed) if ((times.at(-1) ?? 0) <= edge) passed.delete(key);
  }

  return {
    take(key, limit) {
      const at = now();
      const edge = at - windowMs;
      let times = passed.get(key);
      if (!times) {
        if (passed.size >= SWEEP_ABOVE) sweep(edge);
        passed.set(key, (times = []));
      }
      let old = 0;
      while (old < times.length && times[old]! <= edge) old++;
      if (old > 0) times.splice(0, old);
      if (times.length < limit) {
        times.push(at);
        return 0;
      }
      const oldest = times[times.length - Math.max(limit, 1)] ?? at;
      return Math.max(1, Math.ceil((oldest + windowMs - at) / 1000));
    },
  };
}
