/**
 * The loops of a run as its page shows them. A step inside a loop says by its `item` in which iteration it is: "hosts[1]/ports[0]" is
 * in the first iteration of `ports` in the second of `hosts` (engine/item-path.ts). Pure.
 */
import type { StepStatus } from "#engine/status.ts";
import type { StepWire } from "#app/models/wire.ts";

export interface Level {
  container: string;
  /** From 0. */
  index: number;
  /** Of the container's own step: which loop this is, where loops are inside loops. */
  outer: string;
}

export interface IterationView {
  index: number;
  /** `item` of the steps in it. */
  path: string;
  status: StepStatus;
  /** What it is about, in a few words; null where the loop has no list. */
  label: string | null;
  /** What to look at in it: what failed, else what waits or runs, else its first step. Null for an empty body. */
  stepId: string | null;
}

export interface LoopView {
  /** The container's step. */
  step: StepWire;
  /** How many there are to be; null where nobody knows (repeat). */
  total: number | null;
  /** Those that have begun, in order. */
  iterations: IterationView[];
}

/** From the outermost loop to the innermost. */
export function levelsOf(item: string): Level[] {
  if (item === "") return [];
  let outer = "";
  return item.split("/").map((segment) => {
    const bracket = segment.lastIndexOf("[");
    const level = { container: segment.slice(0, bracket), index: Number(segment.slice(bracket + 1, -1)), outer };
    outer = outer === "" ? segment : `${outer}/${segment}`;
    return level;
  });
}

export const loopKey = ({ container, outer }: Pick<Level, "container" | "outer">): string => `${outer}>${container}`;

export const pathOf = ({ container, outer, index }: Level): string => `${outer === "" ? "" : `${outer}/`}${container}[${index}]`;

/** "2nd host, 1st port" would need grammar: "Hosts 2 › Ports 1". */
export const pathWords = (item: string, titles: ReadonlyMap<string, string>): string => levelsOf(item).map(({ container, index }) => `${titles.get(container) ?? container} ${index + 1}`).join(" › ");

/** Every loop that has begun, by its key. Walks all steps once per level of theirs. */
export function loopsOf(steps: readonly StepWire[]): ReadonlyMap<string, LoopView> {
  const within = new Map<string, Map<number, StepWire[]>>();
  for (const step of steps) {
    for (const level of levelsOf(step.item)) {
      const key = loopKey(level);
      let indices = within.get(key);
      if (!indices) within.set(key, (indices = new Map()));
      const list = indices.get(level.index);
      if (list) list.push(step);
      else indices.set(level.index, [step]);
    }
  }
  const loops = new Map<string, LoopView>();
  for (const step of steps) {
    const key = loopKey({ container: step.node_id, outer: step.item });
    const begun = within.get(key);
    const items = itemsOf(step);
    const ended = endedOf(step);
    if (!begun && items === null && ended === null) continue;
    const indices = [...new Set([...(begun?.keys() ?? []), ...(ended?.keys() ?? [])])].sort((a, b) => a - b);
    loops.set(key, {
      step,
      total: items?.length ?? null,
      iterations: indices.map((index) => {
        const own = begun?.get(index) ?? [];
        return { index, path: pathOf({ container: step.node_id, outer: step.item, index }), status: ended?.get(index) ?? statusOf(own), label: items && index < items.length ? itemWords(items[index]) : null, stepId: telling(own)?.id ?? null };
      }),
    });
  }
  return loops;
}

/** The list that an `each` walks. */
function itemsOf({ node_type, input }: StepWire): readonly unknown[] | null {
  if (node_type !== "core.each" || typeof input !== "object" || input === null || !("items" in input)) return null;
  return Array.isArray(input.items) ? (input.items as unknown[]) : null;
}

/** What the container says of its iterations once it has ended well. */
function endedOf({ node_type, output }: StepWire): Map<number, StepStatus> | null {
  if (node_type !== "core.each" || typeof output !== "object" || output === null || !("items" in output) || !Array.isArray(output.items)) return null;
  return new Map((output.items as { index: number; status: StepStatus }[]).map(({ index, status }) => [index, status]));
}

const failedHere = ({ status, port }: StepWire): boolean => status === "failed" && port === null;

function statusOf(steps: readonly StepWire[]): StepStatus {
  if (steps.some(failedHere)) return "failed";
  for (const status of ["waiting", "running", "cancelled", "pending"] as const) if (steps.some((step) => step.status === status)) return status;
  return "success";
}

const TELLING: readonly ((step: StepWire) => boolean)[] = [failedHere, ({ status }) => status === "waiting", ({ status }) => status === "running"];

/** The deepest of what calls for a look: a loop that failed says less than the step in it that did. Else the first that ran. */
function telling(steps: readonly StepWire[]): StepWire | undefined {
  for (const test of TELLING) {
    const found = steps.filter(test);
    if (found.length > 0) return found.reduce((deepest, step) => (levelsOf(step.item).length > levelsOf(deepest.item).length ? step : deepest));
  }
  return steps.find(({ status }) => status !== "skipped") ?? steps[0];
}

const NAMING = ["name", "title", "hostname", "host", "ip", "value", "id"];
const MAX_WORDS = 48;

/** An item in a few words: itself, or what most likely names it. */
export function itemWords(item: unknown): string {
  const cut = (text: string): string => (text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS - 1)}…` : text);
  if (typeof item !== "object" || item === null) return cut(String(item));
  for (const name of NAMING) {
    const value = (item as Record<string, unknown>)[name];
    if (typeof value === "string" || typeof value === "number") return cut(String(value));
  }
  return cut(JSON.stringify(item));
}

const URGENT: readonly StepStatus[] = ["failed", "waiting", "running", "pending", "cancelled"];

/** As a list shows them: what failed, then what is under way, then the rest, each in order. */
export const byUrgency = (iterations: readonly IterationView[]): IterationView[] =>
  [...iterations].sort((a, b) => urgency(a) - urgency(b) || a.index - b.index);

const urgency = ({ status }: IterationView): number => (URGENT.includes(status) ? URGENT.indexOf(status) : URGENT.length);

/** The iteration of each loop that somebody looks at, by the loop's key. */
export type Picks = ReadonlyMap<string, number>;

export const picksOf = (item: string): Picks => new Map(levelsOf(item).map((level) => [loopKey(level), level.index]));

/** The steps of one iteration of each loop: of the one that is picked, else of the one that most needs to be seen. */
export function stepsOfPicks(steps: readonly StepWire[], loops: ReadonlyMap<string, LoopView>, picks: Picks): StepWire[] {
  const shown = new Map<string, number | undefined>();
  for (const [key, { iterations }] of loops) shown.set(key, picks.get(key) ?? byUrgency(iterations)[0]?.index);
  return steps.filter(({ item }) => levelsOf(item).every((level) => shown.get(loopKey(level)) === level.index));
}

/** Of the loops around the chosen step its own iteration, of all others everything. */
export function stepsAround(steps: readonly StepWire[], item: string): readonly StepWire[] {
  if (item === "") return steps;
  const picks = picksOf(item);
  return steps.filter((step) => levelsOf(step.item).every((level) => (picks.get(loopKey(level)) ?? level.index) === level.index));
}
