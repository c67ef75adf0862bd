/** A step's input as a person reads it before allowing it: short values by name, what it is done to first. Pure. */

export interface InputFact {
  /** The last of the names down to it where no other fact has the same, else all of them: "device id", "target host". */
  name: string;
  /** All of them. */
  path: string;
  value: string;
  /** An address, a hash, a name of a machine: it is read letter by letter. */
  isExact: boolean;
}

/** Names of what a step acts on, the most telling first. */
const SUBJECTS = [/\b(host|hostname|device|endpoint|computer|machine|instance|asset)s?\b/, /\bips?\b|\baddress(es)?\b|\bcidr\b/, /\b(user|username|account|principal|email|mailbox|sender|recipient)s?\b|\bto\b/, /\b(domain|url|hash|sha256|md5|file|process|rule|group)s?\b/];
const IDS = /\bids?\b/;
const EXACT = /^(?:[\da-f]{16,}|(?:\d{1,3}\.){3}\d{1,3}(?:\/\d+)?|[\da-f:]*:[\da-f:]+(?:\/\d+)?|[^\s@]+@[^\s@]+|[a-z]+:\/\/\S+|[\da-f]{8}-[\da-f-]{27})$/i;

const MAX_DEPTH = 3;
const MAX_FACTS = 24;
const MAX_TEXT = 600;
const MAX_LISTED = 12;

/** deviceId, device_id → "device id" */
const spoken = (name: string): string => name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").replaceAll(/[_-]+/g, " ").toLowerCase();

/** Characters that are not seen, or that turn the text around them: who allows a step must not be shown another name than the one it takes. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export const visible = (text: string): string => text.replace(UNSEEN, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

const isPlain = (value: unknown): value is string | number | boolean => typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function rank({ path: name, isExact }: Found): number {
  const subject = SUBJECTS.findIndex((pattern) => pattern.test(name));
  if (subject >= 0) return subject * 2 + (IDS.test(name) ? 1 : 0);
  return SUBJECTS.length * 2 + (isExact ? 0 : 1);
}

interface Found extends Omit<InputFact, "name"> { leaf: string }

/** @returns at most 24; whatever is deeper or more is left to the JSON beside them: `isWhole` says whether anything is */
export function inputFacts(input: unknown): { facts: InputFact[]; isWhole: boolean } {
  const found: Found[] = [];
  let isWhole = true;
  const walk = (path: string, leaf: string, value: unknown, depth: number): void => {
    const add = (text: string, isExact: boolean): void => {
      if (text.length > MAX_TEXT) isWhole = false;
      found.push({ path: visible(path), leaf: visible(leaf), value: cut(visible(text)), isExact });
    };
    if (value === null || value === undefined || value === "") return;
    if (isPlain(value)) return add(String(value), typeof value === "string" && EXACT.test(value));
    if (Array.isArray(value)) {
      if (value.length === 0) return;
      if (!value.every(isPlain)) {
        isWhole = false;
        return add(`${value.length} ${value.length === 1 ? "entry" : "entries"}`, false);
      }
      if (value.length > MAX_LISTED) isWhole = false;
      const shown = value.slice(0, MAX_LISTED).map(String);
      return add(`${shown.join(", ")}${value.length > MAX_LISTED ? `, and ${value.length - MAX_LISTED} more` : ""}`, shown.every((entry) => EXACT.test(entry)));
    }
    const entries = Object.entries(value as object);
    if (depth === MAX_DEPTH) {
      if (entries.length > 0) isWhole = false;
      return;
    }
    for (const [key, inner] of entries) walk(path === "" ? spoken(key) : `${path} ${spoken(key)}`, spoken(key), inner, depth + 1);
  };
  walk("", "", input, 0);
  const shared = new Set(found.map(({ leaf }) => leaf).filter((leaf, at, all) => all.indexOf(leaf) !== at));
  const facts = found.sort((a, b) => rank(a) - rank(b)).map(({ leaf, ...fact }): InputFact => ({ ...fact, name: (shared.has(leaf) ? fact.path : leaf) || "input" }));
  return { facts: facts.slice(0, MAX_FACTS), isWhole: isWhole && facts.length <= MAX_FACTS };
}
