const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000];

export interface TimeScale {
  /** Per cent of the strip's width for a moment in milliseconds. */
  at(moment: number): number;
  /** Round offsets from the start in milliseconds, at most seven. */
  ticks: number[];
}

export function timeScale(from: number, to: number): TimeScale {
  const span = Math.max(1, to - from);
  const step = STEPS_MS.find((size) => span / size <= 6) ?? Math.ceil(span / 6 / 86_400_000) * 86_400_000;
  return {
    at: (moment) => Math.min(100, Math.max(0, ((moment - from) / span) * 100)),
    ticks: Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step),
  };
}
