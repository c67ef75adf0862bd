/** What went along each edge in a test: the output of the step before it, by the port it left by. */
import type { PlaybookDocument } from "#format";
import type { StepWire } from "#app/models/wire.ts";

export interface EdgeValue { text: string; value: unknown }

const MAX = 34;

/** Edge id → value, only for edges that the run took. */
export function edgeValues({ edges }: PlaybookDocument, steps: readonly StepWire[]): Map<string, EdgeValue> {
  const byNode = new Map(steps.map((step) => [step.node_id, step]));
  const values = new Map<string, EdgeValue>();
  for (const { id, from, port } of edges) {
    const step = byNode.get(from);
    if (step?.port === port) values.set(id, { value: step.output, text: brief(step.output) });
  }
  return values;
}

/** The beginning of a value, short enough for an edge. */
export function brief(value: unknown): string {
  const text = describe(value);
  return text.length > MAX ? `${text.slice(0, MAX - 1)}…` : text;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (typeof value !== "object") return typeof value === "string" ? `“${value}”` : String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "nothing";
  // A field that says something comes before one that holds more fields.
  const [name, inner] = entries.find(([, candidate]) => typeof candidate !== "object" || candidate === null) ?? entries[0]!;
  const more = entries.length > 1 ? ` +${entries.length - 1}` : "";
  const room = MAX - more.length - name.length - 2;
  const shown = describe(inner);
  return `${name}: ${shown.length > room ? `${shown.slice(0, Math.max(1, room - 1))}…` : shown}${more}`;
}
