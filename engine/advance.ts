/**
 * Decides for a whole run what may happen now, body by body: the top level, and each open iteration of each container. It changes the
 * run's memory only for what needs no work (skips, pins, iterations that are over); steps are started by whoever drives.
 */
import { type Body, type GraphNode, TOP } from "./graph.ts";
import { enter, OUTSIDE } from "./item-path.ts";
import type { StepRecord } from "./journal/records.ts";
import { endingOf, type Loop, nextOfLoop, outcomeOfIteration } from "./loops.ts";
import { plan } from "./plan.ts";
import type { RunState } from "./run-state.ts";
import { isSettledStep } from "./status.ts";

/** What the driver does for the planner. */
export interface Hands {
  now(): number;
  /** Starts the step, or leaves it for later when too much is in flight. */
  launch(entry: GraphNode, item: string): void;
  /** The container's own node gets the outcome of its iterations. */
  resume(entry: GraphNode, step: StepRecord, loop: Loop): void;
  /** A join that can no longer be satisfied. */
  unjoinable(entry: GraphNode, item: string, message: string): void;
  /** Ends what is under way in an iteration: calls that have left are awaited. */
  abort(iteration: string): void;
  isInFlight(step: StepRecord): boolean;
}

const EMPTY: Body = { container: TOP, order: [] };

export class Advance {
  readonly #state: RunState;
  readonly #hands: Hands;
  readonly #loops = new Map<StepRecord["loop"], Loop>();
  #changed = false;

  constructor(state: RunState, hands: Hands) {
    this.#state = state;
    this.#hands = hands;
  }

  /** Everything that may happen now. */
  run(): void {
    do {
      this.#changed = false;
      this.#body(TOP, OUTSIDE);
    } while (this.#changed && !this.#state.ending);
  }

  #bodyOf = (container: string): Body => this.#state.version.graph.bodies.get(container) ?? EMPTY;

  /** @returns whether nothing is left to do in it */
  #body(container: string, item: string): boolean {
    const { byId } = this.#state.version.graph;
    const body = this.#bodyOf(container);
    const next = plan(body, (id) => this.#state.step(id, item));
    for (const id of next.skip) this.#state.put({ ...freshStep(byId.get(id)!, item), status: "skipped" });
    for (const { nodeId, message } of next.unjoinable) {
      this.#hands.unjoinable(byId.get(nodeId)!, item, message);
      this.#changed = true;
    }
    for (const id of next.start) {
      const entry = byId.get(id)!;
      if (this.#settlePinned(entry, item)) this.#changed = true;
      else this.#hands.launch(entry, item);
    }
    if (this.#state.ending) return false;
    for (const entry of body.order) {
      const step = this.#state.step(entry.node.id, item);
      if (step?.loop && step.status === "running" && !this.#hands.isInFlight(step)) this.#loop(entry, step);
    }
    return next.finished;
  }

  #loop(entry: GraphNode, step: StepRecord): void {
    const loop = this.#loopOf(step);
    const body = this.#bodyOf(entry.node.id);
    const stop = loop.stop;
    for (const index of [...loop.open]) this.#iteration(body, step, loop, index, stop);
    const next = nextOfLoop(step.loop!, loop);
    switch (next.do) {
      case "begin":
        for (const index of next.indices) {
          loop.begun = index + 1;
          loop.open.add(index);
        }
        this.#changed = true;
        return;
      case "wait":
        // The others are told once that they have to end; after that they are awaited.
        if (next.stop && !loop.stop) {
          loop.stop = true;
          this.#changed = true;
        }
        return;
      case "resume":
        this.#hands.resume(entry, step, loop);
        return;
      default: next satisfies never;
    }
  }

  #iteration(body: Body, { node, item }: StepRecord, loop: Loop, index: number, stop: boolean): void {
    const path = enter(item, node, index);
    const stepOf = (id: string) => this.#state.step(id, path);
    let ending = endingOf(body, stepOf);
    const isFinished = !ending && (stop ? plan(body, stepOf).finished : this.#body(node, path));
    ending ??= endingOf(body, stepOf) ?? (stop && !isFinished ? {} : null);
    if (ending) this.#close(body, path);
    const outcome = outcomeOfIteration(body, stepOf, index, ending, isFinished);
    if (!outcome) return;
    loop.open.delete(index);
    loop.done.set(index, outcome);
    this.#changed = true;
  }

  /** Nothing begins in it any more, what waits is cancelled, and so is a loop in it once its own iterations have ended. */
  #close(body: Body, path: string): void {
    this.#hands.abort(path);
    for (const { node } of body.order) {
      const step = this.#state.step(node.id, path);
      if (!step || isSettledStep(step.status) || this.#hands.isInFlight(step)) continue;
      if (step.status === "running" && step.loop) {
        const inner = this.#bodyOf(node.id);
        const loop = this.#loopOf(step);
        for (const index of [...loop.open]) {
          const deeper = enter(path, node.id, index);
          this.#close(inner, deeper);
          if (inner.order.every((entry) => isOver(this.#state.step(entry.node.id, deeper)))) loop.open.delete(index);
        }
        if (loop.open.size > 0) continue;
      }
      const { waitingOn: _waitingOn, next: _next, loop: _loop, ...rest } = step;
      this.#state.put({ ...rest, status: "cancelled", port: null, finishedAt: this.#hands.now() });
    }
  }

  /** Rebuilt from the steps after a takeover: an iteration that is over says so when it is looked at. */
  #loopOf(step: StepRecord): Loop {
    // The plan is a new object whenever the node has planned anew.
    let loop = this.#loops.get(step.loop);
    if (!loop) {
      const begun = this.#state.begunIterations(step);
      loop = { begun, open: new Set(Array.from({ length: begun }, (_, index) => index)), done: new Map(), stop: false };
      this.#loops.set(step.loop, loop);
    }
    return loop;
  }

  /** @returns false for a node that is executed */
  #settlePinned(entry: GraphNode, item: string): boolean {
    const { id } = entry.node;
    if (this.#state.isLeftOut(id, item)) {
      this.#state.put({ ...freshStep(entry, item), status: "skipped", logs: [{ level: "info", text: "left out by whoever repeated the run" }] });
      return true;
    }
    const pin = this.#state.pin(id, item);
    if (!pin) return false;
    const now = this.#hands.now();
    this.#state.put({ ...freshStep(entry, item), status: "success", port: pin.port, output: pin.data, pinned: true, startedAt: now, finishedAt: now });
    return true;
  }
}

const isOver = (step: StepRecord | undefined): boolean => step === undefined || isSettledStep(step.status);

export const freshStep = ({ node }: GraphNode, item: string): StepRecord => ({ node: node.id, item, type: node.type, status: "pending", effect: "none", attempt: 1, port: null });
