/**
 * Group commit: whatever is handed in while a batch is under way goes with the next one. No timer, so a lone item never
 * waits; under load the batches grow by themselves.
 */
export class Batcher<I, O> {
  readonly #flush: (items: I[]) => Promise<O[]>;
  readonly #limit: number;
  readonly #lanes: number;
  #busy = 0;
  #queue: { item: I; resolve: (value: O) => void; reject: (error: unknown) => void }[] = [];

  /**
   * @param flush answers in the order of its items; when it throws, each item is tried alone, so that one bad item
   *   fails nobody else
   * @param limit items per batch
   * @param lanes batches in flight at a time
   */
  constructor(flush: (items: I[]) => Promise<O[]>, limit: number, lanes = 1) {
    this.#flush = flush;
    this.#limit = limit;
    this.#lanes = lanes;
  }

  add(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      // One turn of the microtask queue gathers what the same tick hands in.
      if (this.#busy < this.#lanes) queueMicrotask(() => this.#start());
    });
  }

  #start(): void {
    if (this.#busy >= this.#lanes || this.#queue.length === 0) return;
    this.#busy++;
    const batch = this.#queue.splice(0, this.#limit);
    void this.#run(batch).finally(() => {
      this.#busy--;
      this.#start();
    });
  }

  async #run(batch: { item: I; resolve: (value: O) => void; reject: (error: unknown) => void }[]): Promise<void> {
    try {
      const results = await this.#flush(batch.map((entry) => entry.item));
      batch.forEach((entry, at) => entry.resolve(results[at]!));
    } catch (error) {
      if (batch.length === 1) {
        batch[0]!.reject(error);
        return;
      }
      for (const entry of batch) await this.#run([entry]);
    }
  }
}
