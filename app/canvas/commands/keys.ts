/** Keys as text: "Mod+Shift+Z", "Alt+ArrowLeft", "?". `Mod` is Ctrl, and ⌘ on a Mac. */

export interface Pressed { key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean }

/** "Mod++" ends in the key itself. */
const split = (keys: string): string[] => (keys.endsWith("+") ? [...keys.slice(0, -1).split("+").filter((part) => part !== ""), "+"] : keys.split("+"));

const MODIFIERS = ["Mod", "Shift", "Alt"];

export function matches(event: Pressed, keys: string): boolean {
  const parts = split(keys);
  const key = parts.at(-1)!;
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  if ((event.ctrlKey || event.metaKey) !== wants("Mod") || event.altKey !== wants("Alt")) return false;
  // Which signs need Shift is the keyboard's business: "?" does on one and not on another.
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  return (isSign || event.shiftKey === wants("Shift")) && event.key.toLowerCase() === key.toLowerCase();
}

const NAMES: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Escape: "Esc" };

/** @returns one text per key cap. */
export function caps(keys: string, isMac: boolean): string[] {
  return split(keys).map((part) => (part === "Mod" ? (isMac ? "⌘" : "Ctrl") : MODIFIERS.includes(part) ? part : (NAMES[part] ?? part)));
}
