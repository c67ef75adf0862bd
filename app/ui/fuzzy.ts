/** How well a text answers what somebody typed: all letters in order, better in one piece and best at the beginning of words. */

/** @returns 0 for no match; higher is better. */
export function score(query: string, text: string): number {
  const wanted = query.toLowerCase().trim();
  const given = text.toLowerCase();
  if (wanted === "") return 1;
  const at = given.indexOf(wanted);
  if (at === 0) return 100;
  if (at > 0) return /\w/.test(given[at - 1]!) ? 60 : 80;
  const words = wanted.split(/\s+/);
  if (words.length > 1) return words.every((word) => score(word, text) > 0) ? Math.min(...words.map((word) => score(word, text))) - 10 : 0;
  return scattered(wanted, given);
}

/** Letters apart from each other, as in "lkip" for "look up ip": only where each run of them begins a word. */
function scattered(wanted: string, given: string): number {
  let at = -1;
  let jumps = 0;
  for (const letter of wanted) {
    let next = at + 1;
    if (given[next] !== letter || at < 0) {
      next = given.indexOf(letter, at + 1);
      while (next > 0 && /\w/.test(given[next - 1]!)) next = given.indexOf(letter, next + 1);
      // Within a word, only the very next letters may be left out.
      if (next < 0) next = at >= 0 && given.slice(at + 1, at + 4).indexOf(letter) >= 0 ? at + 1 + given.slice(at + 1, at + 4).indexOf(letter) : -1;
      if (next < 0) return 0;
      jumps++;
    }
    at = next;
  }
  return Math.max(1, 40 - jumps * 6);
}

/** Of several texts, each with a weight from 0 to 1. */
export const bestScore = (query: string, texts: readonly (readonly [text: string, weight: number])[]): number => Math.max(0, ...texts.map(([text, weight]) => score(query, text) * weight));
