/** What a card says: the node type's sentence with its `{field}` places filled from the run's input, the config or the binding. */
import type { PlaybookNode } from "#format";

const MAX = 48;

const short = (text: string): string => (text.length > MAX ? `${text.slice(0, MAX - 1)}…` : text);

function words(value: unknown): string {
  if (typeof value === "string") return short(value);
  if (Array.isArray(value)) return value.every((item) => typeof item !== "object") ? short(value.join(", ")) : `${value.length} items`;
  if (typeof value === "object" && value !== null) return `${Object.keys(value).length} fields`;
  return String(value);
}

/** An expression as a short name for itself: `alert.source_ip` stays, longer ones are cut. */
function bound(node: PlaybookNode, field: string): string | undefined {
  const binding = node.input[field];
  if (binding === undefined) return undefined;
  if ("value" in binding) return words(binding.value);
  return short("expr" in binding ? binding.expr : binding.file);
}

/** @param asWritten a decision's sentence names what it decides by, not the value that it met: the port taken says that. */
export function sentence(summary: string, node: PlaybookNode, input: unknown, asWritten = false): string {
  const actual = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  return summary
    .replace(/\{([\w.]+)\}/g, (_, field: string) => {
      const value = Object.hasOwn(actual, field) ? actual[field] : undefined;
      // "If true" says less than the expression does, and "4 fields" less than the file that made them.
      if (!asWritten && (typeof value === "string" || typeof value === "number")) return words(value);
      if (Object.hasOwn(node.config, field)) return words(node.config[field]);
      return bound(node, field) ?? (value === undefined || value === null ? "…" : words(value));
    })
    .trim();
}
