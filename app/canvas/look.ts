/** One colour and one word per status and effect: cards, lists, strip and miniature agree. */
import type { RunStatus } from "#engine/status.ts";
import type { Tone } from "#app/ui/badge.tsx";
import type { CardStatus } from "./project.ts";

export const STATUS_TONE: Record<RunStatus | CardStatus, Tone> = {
  pending: "gray", running: "accent", waiting: "yellow", cancelling: "yellow", success: "green", failed: "red", cancelled: "gray", skipped: "gray", held: "violet", idle: "gray",
};

export const STATUS_WORD: Record<RunStatus | CardStatus, string> = {
  pending: "Pending", running: "Running", waiting: "Waiting", cancelling: "Cancelling", success: "Success", failed: "Failed", cancelled: "Cancelled", skipped: "Skipped", held: "Would have run", idle: "Not reached",
};

const EFFECT_TONES: Record<string, Tone> = { none: "gray", read: "cyan", write: "violet", contain: "orange" };
export const effectTone = (effect: string): Tone => EFFECT_TONES[effect] ?? "gray";

const EFFECT_WORDS: Record<string, string> = {
  none: "Touches nothing outside", read: "Reads from outside", write: "Changes something outside", contain: "Contains: people feel it",
};
export const effectWords = (effect: string): string => EFFECT_WORDS[effect] ?? effect;
