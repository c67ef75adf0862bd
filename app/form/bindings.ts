/** Literal ⇄ expression: what becomes of a value when a field's way of being filled changes, and how an upstream field is put into it. Pure. */
import type { Binding } from "#format";

/** JSON, as `{ value }` of a binding holds it. */
export type Json = Extract<Binding, { value: unknown }>["value"];

export type Mode = "value" | "expr" | "file";

/** An empty field is filled by hand until somebody chooses otherwise. */
export const modeOf = (binding: Binding | undefined): Mode => (binding === undefined || "value" in binding ? "value" : "expr" in binding ? "expr" : "file");

/** A literal as TypeScript: JSON is. Short values stay on one line. */
export function printLiteral(value: Json): string {
  const short = JSON.stringify(value);
  return short.length <= 60 || typeof value !== "object" ? short : JSON.stringify(value, null, 2);
}

/** @returns what an expression says when it is nothing but a literal: JSON, or a text in other quotes. */
export function readLiteral(expression: string): { value: Json } | undefined {
  const text = expression.trim();
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return readQuoted(text);
  }
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r" };

function readQuoted(text: string): { value: string } | undefined {
  const quote = text[0];
  if ((quote !== "'" && quote !== "`" && quote !== '"') || text.length < 2 || text.at(-1) !== quote) return undefined;
  const inner = text.slice(1, -1);
  let value = "";
  for (let at = 0; at < inner.length; at++) {
    const char = inner[at]!;
    // The text ends earlier, or holds an expression, or a line that quotes cannot: it is more than a literal.
    if (char === quote || (quote === "`" && char === "$" && inner[at + 1] === "{") || (quote !== "`" && char === "\n")) return undefined;
    if (char !== "\\") {
      value += char;
      continue;
    }
    const escaped = inner[++at];
    if (escaped === undefined || /[xu0-9\n]/.test(escaped)) return undefined;
    value += ESCAPES[escaped] ?? escaped;
  }
  return { value };
}

/** What a field holds after its mode changed, and what was lost on the way (undo brings it back). */
export function convert(binding: Binding | undefined, to: "value" | "expr"): { binding: Binding | undefined; lost: string | null } {
  if (binding === undefined) return { binding: undefined, lost: null };
  if (to === "expr") return "value" in binding ? { binding: { expr: printLiteral(binding.value) }, lost: null } : { binding: "expr" in binding ? binding : undefined, lost: "file" in binding ? binding.file : null };
  if ("value" in binding) return { binding, lost: null };
  if ("file" in binding) return { binding: undefined, lost: binding.file };
  const literal = readLiteral(binding.expr);
  return literal === undefined ? { binding: undefined, lost: binding.expr } : { binding: literal, lost: null };
}

export interface Inserted { text: string; /** Where the cursor is afterwards. */ caret: number }

/** Puts a path over the selection of an expression, apart from a word that it would run into. */
export function insertAt(text: string, path: string, from: number, to = from): Inserted {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const left = /[\w$)\]]$/.test(before) ? `${before} ` : before;
  const right = /^[\w$]/.test(after) ? ` ${after}` : after;
  return { text: left + path + right, caret: left.length + path.length };
}

/** A text that somebody has typed, with a field in it: a template. An empty one is the field alone. */
export function insertIntoText(text: string, path: string, at: number): Inserted {
  if (text === "") return { text: path, caret: path.length };
  const escape = (part: string) => part.replace(/[\\`]|\$\{/g, "\\$&");
  const before = `\`${escape(text.slice(0, at))}\${${path}}`;
  return { text: `${before}${escape(text.slice(at))}\``, caret: before.length };
}
