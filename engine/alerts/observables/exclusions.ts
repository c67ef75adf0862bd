/** The `notObservable` paths of a source, matched while the payload is walked: nested or flattened keys are the same path. */

interface Step {
  next: Map<string, Step>;
  /** Everything from here on is excluded. */
  end: boolean;
}

/** Where a walk stands in the patterns; null once nothing can match any more. */
export type Position = readonly Step[] | null;

const compiled = new WeakMap<readonly string[], Position>();

/** @param patterns dotted paths; `*` stands for any one segment. The list object is compiled once. */
export function startOf(patterns: readonly string[] | undefined): Position {
  if (patterns === undefined || patterns.length === 0) return null;
  let start = compiled.get(patterns);
  if (start === undefined) {
    const root: Step = { next: new Map(), end: false };
    for (const pattern of patterns) {
      let at = root;
      for (const segment of pattern.split(".")) {
        let step = at.next.get(segment);
        if (!step) at.next.set(segment, (step = { next: new Map(), end: false }));
        at = step;
      }
      at.end = true;
    }
    compiled.set(patterns, (start = [root]));
  }
  return start;
}

/** @returns the position below `key` (which may be flattened), or "excluded" */
export function advance(position: Position, key: string): Position | "excluded" {
  if (position === null) return null;
  let at: readonly Step[] = position;
  for (const segment of key.includes(".") ? key.split(".", 32) : [key]) {
    const next: Step[] = [];
    for (const step of at) {
      for (const found of [step.next.get(segment), step.next.get("*")]) {
        if (found?.end) return "excluded";
        if (found) next.push(found);
      }
    }
    if (next.length === 0) return null;
    at = next;
  }
  return at;
}
