/**
 * Sends edits in order, one request at a time, and keeps what the server has not confirmed. Nothing is dropped: a network that is gone
 * is tried again, and a draft that somebody else has changed meanwhile waits for a person to choose.
 */
import type { Operation } from "#format";
import type { DraftClient, StoredDraft } from "./draft-client.ts";

export type SaveState =
  | { is: "saved"; at: string | null }
  /** Edits wait for a pause in typing, or are on their way. */
  | { is: "saving" }
  /** Tried again by itself. */
  | { is: "offline"; message: string }
  /** Somebody else's newer draft: nothing more is sent until a person has chosen. */
  | { is: "stale"; theirs: StoredDraft }
  | { is: "refused"; message: string };

/** Milliseconds. */
const PAUSE = 400;
const AT_LATEST = 2000;
const RETRY_FIRST = 1000;
const RETRY_MAX = 15_000;

export interface SaveQueueOptions {
  client: Pick<DraftClient, "save">;
  revision: number;
  savedAt: string | null;
  onState(state: SaveState): void;
  /** The server has these now, on top of all before. */
  onConfirmed?(operations: readonly Operation[]): void;
}

export class SaveQueue {
  readonly #client: SaveQueueOptions["client"];
  readonly #onState: SaveQueueOptions["onState"];
  readonly #onConfirmed: SaveQueueOptions["onConfirmed"];
  #revision: number;
  #state: SaveState;
  #unsent: Operation[] = [];
  /** Sent and not confirmed; a retry sends the same list under the same name. */
  #sent: { operations: Operation[]; batch: string } | null = null;
  #since: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #failures = 0;

  constructor({ client, revision, savedAt, onState, onConfirmed }: SaveQueueOptions) {
    this.#client = client;
    this.#revision = revision;
    this.#onState = onState;
    this.#onConfirmed = onConfirmed;
    this.#state = { is: "saved", at: savedAt };
  }

  get revision(): number {
    return this.#revision;
  }

  /** Everything that the server has not confirmed, in order. */
  get unsaved(): Operation[] {
    return [...(this.#sent?.operations ?? []), ...this.#unsent];
  }

  add(operations: readonly Operation[]): void {
    this.#unsent.push(...operations);
    if (this.#state.is === "stale" || this.#state.is === "refused") return;
    this.#since ??= Date.now();
    if (this.#state.is === "saved") this.#set({ is: "saving" });
    if (!this.#busy && this.#failures === 0) this.#schedule(Math.max(0, Math.min(PAUSE, this.#since + AT_LATEST - Date.now())));
  }

  /** At once: before a test, a publication, or when the page goes away. @returns whether everything is saved. */
  async flush(): Promise<boolean> {
    for (;;) {
      if (this.#state.is === "saved") return true;
      if (this.#state.is === "stale" || this.#state.is === "refused") return false;
      clearTimeout(this.#timer);
      if (this.#busy) await this.#done;
      else if (!(await this.#send())) return false;
    }
  }

  /** Goes on from the server's draft. @param unsaved what of one's own edits is to be put on top. */
  rebase(revision: number, savedAt: string | null, unsaved: readonly Operation[]): void {
    clearTimeout(this.#timer);
    this.#revision = revision;
    this.#sent = null;
    this.#unsent = [];
    this.#since = null;
    this.#failures = 0;
    this.#set({ is: "saved", at: savedAt });
    if (unsaved.length > 0) this.add(unsaved);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  #done: Promise<unknown> = Promise.resolve();

  #send(): Promise<boolean> {
    const sending = this.#sendOnce();
    this.#done = sending;
    return sending;
  }

  /** @returns whether the server took it. */
  async #sendOnce(): Promise<boolean> {
    if (this.#busy) return false;
    this.#sent ??= { operations: this.#unsent.splice(0), batch: crypto.randomUUID() };
    const batch = this.#sent;
    this.#since = null;
    this.#busy = true;
    const answer = await this.#client.save(this.#revision, batch.operations, batch.batch);
    this.#busy = false;
    // A person chose the server's draft while this was on its way.
    if (this.#sent !== batch) return false;
    switch (answer.is) {
      case "saved":
        this.#revision = answer.revision;
        this.#sent = null;
        this.#failures = 0;
        this.#onConfirmed?.(batch.operations);
        if (this.#unsent.length === 0) this.#set({ is: "saved", at: answer.updated_at });
        else {
          this.#set({ is: "saving" });
          this.#schedule(PAUSE);
        }
        return true;
      case "unreachable":
        this.#failures++;
        this.#set({ is: "offline", message: answer.message });
        this.#schedule(Math.min(RETRY_MAX, RETRY_FIRST * 2 ** (this.#failures - 1)));
        return false;
      case "stale":
        this.#set({ is: "stale", theirs: answer.draft });
        return false;
      case "refused":
        this.#set({ is: "refused", message: answer.message });
        return false;
      default: return answer satisfies never;
    }
  }

  #set(state: SaveState): void {
    this.#state = state;
    this.#onState(state);
  }
}
