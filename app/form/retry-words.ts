import type { PlaybookNode } from "#format";

export type Retry = NonNullable<PlaybookNode["retry"]>;

/** "4 attempts, after 5 s, 10 s …, at most 120 s" */
export function retryWords({ attempts, backoff, base, max }: Retry): string {
  if (attempts === 1) return "one attempt";
  const first = Math.min(base, max);
  const wait = backoff === "fixed" || attempts === 2 ? `${first} s apart` : `after ${first} s, ${Math.min(base * 2, max)} s${attempts > 3 ? " …" : ""}, at most ${max} s`;
  return `${attempts} attempts, ${wait}`;
}
