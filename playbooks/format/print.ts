/** The one way a playbook is written to disk: keys in a fixed order, defaults left out, so that a diff shows what changed and nothing else. */
import type { PlaybookDocument, PlaybookLayout } from "./schema.ts";

const WIDTH = 120;

/** What is not listed (config, input, vars, literals) is a record of free names: those are sorted. */
const DOCUMENT = ["format", "name", "description", "trigger", "onRunFailed", "concurrency", "vars", "nodes", "edges"];
const TRIGGER = ["on", "source", "moment", "conditions", "schedule", "webhook", "form", "playbooks", "order", "priority", "onDuplicate"];
const SCHEDULE = ["cron", "timezone", "catchUp"];
const WEBHOOK = ["respond", "within"];
const FIELD = ["name", "label", "hint", "type", "choices", "required", "default"];
const NODE = ["id", "type", "version", "title", "note", "in", "connection", "config", "input", "until", "join", "approval", "onFailure", "retry", "timeout"];
const EDGE = ["id", "from", "port", "to"];

const DEFAULTS: Readonly<Record<string, string>> = {
  description: '""', vars: "{}", version: "1", config: "{}", input: "{}", onFailure: '"fail"', onDuplicate: "false", priority: '"default"',
  timezone: '"UTC"', catchUp: "true", respond: '"accepted"', within: "10", required: "false",
};
/** Already in their order. */
const ORDERED = new Set(["trigger", "nodes", "edges", "schedule", "webhook", "form"]);

export function printDocument(document: PlaybookDocument): string {
  const { trigger, nodes, edges, ...rest } = document;
  const ordered = pick({
    ...rest,
    trigger: printedTrigger(trigger),
    nodes: nodes.map((node) => pick(node, NODE)),
    edges: edges.map((edge) => pick(edge, EDGE)),
  }, DOCUMENT);
  return `${print(ordered, "")}\n`;
}

const printedTrigger = ({ schedule, webhook, form, ...rest }: PlaybookDocument["trigger"]): object => pick({
  ...rest,
  ...(schedule && { schedule: pick(schedule, SCHEDULE) }),
  ...(webhook && { webhook: pick(webhook, WEBHOOK) }),
  ...(form && { form: form.map((field) => pick(field, FIELD)) }),
}, TRIGGER);

export const printLayout = ({ positions }: PlaybookLayout): string => `${print({ positions: Object.fromEntries(sorted(positions).map(([id, { x, y }]) => [id, { x, y }])) }, "")}\n`;

function pick(value: object, keys: readonly string[]): object {
  const given = value as Record<string, unknown>;
  return Object.fromEntries(keys.flatMap((key) => {
    const inner = given[key];
    if (inner === undefined || JSON.stringify(inner) === DEFAULTS[key]) return [];
    return [[key, ORDERED.has(key) ? inner : sortKeys(inner)]];
  }));
}

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(sorted(value as Record<string, unknown>).map(([key, inner]) => [key, sortKeys(inner)]));
}

/** Never on one line, however short: their next entry would change all of them. */
const OPEN = new Set(["nodes", "edges", "positions"]);

/** On one line where it fits, else one line per entry. */
function print(value: unknown, indent: string, before = 0, isOpen = indent === ""): string {
  const short = line(value);
  if (typeof value !== "object" || value === null || short === "[]" || short === "{}" || (!isOpen && indent.length + before + short.length <= WIDTH)) return short;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((inner) => `${deeper}${print(inner, deeper)}`).join(",\n")}\n${indent}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${deeper}${JSON.stringify(key)}: ${print(inner, deeper, key.length + 4, indent === "" && OPEN.has(key))}`);
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

function line(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(line).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${line(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
