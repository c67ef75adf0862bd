/** What differs between two states of a playbook, as data, and in words for people. Pure: the versions' list and the picture of two versions both use it. */
import type { Draft } from "./operations.ts";
import type { PlaybookEdge } from "./schema.ts";

export interface Comparison {
  /** Ids. A node that changed names what of it did: "title", "input.text", "config.mode". */
  nodes: { added: string[]; removed: string[]; changed: { id: string; what: string[] }[] };
  /** Two that lead from the same port to the same node are one, whatever their ids. */
  edges: { added: PlaybookEdge[]; removed: PlaybookEdge[] };
  /** Names of its properties. */
  trigger: string[];
  details: ("name" | "description" | "onRunFailed" | "concurrency")[];
  vars: string[];
  files: { added: string[]; removed: string[]; changed: string[] };
  /** Ids of the cards of both that stand elsewhere. */
  moved: string[];
}

export function compareDrafts(before: Draft, after: Draft): Comparison {
  const old = new Map(before.document.nodes.map((node) => [node.id, node]));
  const now = new Map(after.document.nodes.map((node) => [node.id, node]));
  const files = compareRecords(before.files, after.files);
  return {
    nodes: {
      added: [...now.keys()].filter((id) => !old.has(id)),
      removed: [...old.keys()].filter((id) => !now.has(id)),
      changed: [...now].flatMap(([id, node]) => {
        const was = old.get(id);
        const what = was ? differing(was, node).flatMap((name) => (name === "input" || name === "config" ? differing(was[name], node[name]).map((field) => `${name}.${field}`) : [name])) : [];
        return what.length > 0 ? [{ id, what }] : [];
      }),
    },
    edges: { added: without(after.document.edges, before.document.edges), removed: without(before.document.edges, after.document.edges) },
    trigger: differing(before.document.trigger, after.document.trigger),
    details: (["name", "description", "onRunFailed", "concurrency"] as const).filter((name) => before.document[name] !== after.document[name]),
    vars: differing(before.document.vars, after.document.vars),
    files,
    moved: differing(before.layout.positions, after.layout.positions).filter((id) => Object.hasOwn(before.layout.positions, id) && Object.hasOwn(after.layout.positions, id)),
  };
}

/** One phrase per kind of change, most telling first; none where nothing differs. */
export function describeChanges(before: Draft, after: Draft): string[] {
  const { nodes, edges, trigger, details, vars, files, moved } = compareDrafts(before, after);
  const titles = new Map([...before.document.nodes, ...after.document.nodes].map(({ id, title }) => [id, title ?? id]));
  const named = (ids: readonly string[]): string => listed(ids.map((id) => titles.get(id)!));
  const phrases = [
    nodes.added.length > 0 && `added ${named(nodes.added)}`,
    nodes.removed.length > 0 && `removed ${named(nodes.removed)}`,
    nodes.changed.length > 0 && `changed ${listed(nodes.changed.map(({ id, what }) => `${titles.get(id)!} (${listed(what.map(inWords))})`))}`,
    trigger.length > 0 && `changed the trigger (${listed(trigger.map(inWords))})`,
    edges.added.length > 0 && `added ${counted(edges.added.length, "connection")}`,
    edges.removed.length > 0 && `removed ${counted(edges.removed.length, "connection")}`,
    files.added.length > 0 && `added ${listed(files.added)}`,
    files.removed.length > 0 && `removed ${listed(files.removed)}`,
    files.changed.length > 0 && `changed ${listed(files.changed)}`,
    vars.length > 0 && `changed ${vars.length === 1 ? "the variable" : "the variables"} ${listed(vars)}`,
    details.includes("name") && `renamed to ${after.document.name}`,
    details.includes("description") && "changed the description",
    details.includes("onRunFailed") && "changed what handles its failures",
    details.includes("concurrency") && "changed how many of its runs are at work at a time",
    moved.length > 0 && `moved ${counted(moved.length, "card")}`,
  ];
  return phrases.filter((phrase) => phrase !== false);
}

const SHOWN = 3;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const listed = (names: readonly string[]): string => (names.length <= SHOWN + 1 ? names.join(", ") : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`);

const WORDS: Readonly<Record<string, string>> = { in: "container", onFailure: "what a failure does", onDuplicate: "duplicates", on: "what starts it", playbooks: "whose failures" };

/** A field of a node's input or config goes by its own name. */
const inWords = (name: string): string => WORDS[name] ?? name.replace(/^(?:input|config)\./, "");

function compareRecords(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Comparison["files"] {
  const names = differing(before, after);
  return {
    added: names.filter((name) => !Object.hasOwn(before, name)),
    removed: names.filter((name) => !Object.hasOwn(after, name)),
    changed: names.filter((name) => Object.hasOwn(before, name) && Object.hasOwn(after, name)),
  };
}

/** Names under which the two hold something else. */
function differing(before: object, after: object): string[] {
  const own = (record: object, name: string): unknown => (Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isSame(own(before, name), own(after, name)));
}

const without = (edges: readonly PlaybookEdge[], others: readonly PlaybookEdge[]): PlaybookEdge[] => {
  const known = new Set(others.map(ends));
  return edges.filter((edge) => !known.has(ends(edge)));
};

const ends = ({ from, port, to }: PlaybookEdge): string => JSON.stringify([from, port, to]);

/** Of JSON values; the order of an object's keys says nothing. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}
