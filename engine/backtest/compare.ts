/** How two versions differ on one alert, in words. Pure. */
import { isDeepStrictEqual } from "node:util";
import type { IntendedWrite, PathStep, RunSummary } from "./summary.ts";

/** unknown: one of them ended where nothing was recorded, or was cancelled. It says nothing about the draft. */
export const OUTCOMES = ["same", "different", "new-failure", "fixed", "unknown"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Comparison {
  outcome: Outcome;
  differences: string[];
}

/** Names of the nodes of each version, by id. A node that only one has is a difference where it writes, not by being there. */
export interface Nodes {
  draft: ReadonlyMap<string, string>;
  published: ReadonlyMap<string, string>;
}

/** More would not be read. */
const MOST_DIFFERENCES = 20;

/** @param published null: nothing is published yet */
export function compare(draft: RunSummary, published: RunSummary | null, nodes: Nodes): Comparison {
  const unknown = [cannotSay("the draft", draft), published && cannotSay("the published version", published)].filter((reason) => reason !== null);
  if (unknown.length > 0) return { outcome: "unknown", differences: unknown };
  if (!published) return { outcome: draft.status === "failed" ? "new-failure" : "different", differences: [ending(draft, nodes.draft), ...draft.writes.map((write) => `would ${verb(write, nodes.draft)}`), "nothing is published to compare with"].slice(0, MOST_DIFFERENCES) };
  const writing = writes(draft.writes, published.writes, nodes);
  const differences = [...endings(draft, published, nodes), ...writing.words, ...paths(draft.path, published.path, nodes, writing.nodes)].slice(0, MOST_DIFFERENCES);
  if (draft.status === "failed" && published.status !== "failed") return { outcome: "new-failure", differences };
  if (draft.status !== "failed" && published.status === "failed") return { outcome: "fixed", differences };
  return { outcome: differences.length > 0 ? "different" : "same", differences };
}

function cannotSay(which: string, { status, unrecorded }: RunSummary): string | null {
  if (status === "cancelled") return `the run of ${which} was cancelled`;
  return status === "failed" && unrecorded.length > 0 ? `${which} failed after a read that nothing was recorded of: ${unrecorded.slice(0, 5).join(", ")}` : null;
}

const ending = ({ status, error }: RunSummary, names: ReadonlyMap<string, string>): string => (status === "failed" ? `fails${error?.node_id ? ` at ${names.get(error.node_id) ?? error.node_id}` : ""}: ${error?.message ?? "no reason given"}` : "succeeds");

function endings(draft: RunSummary, published: RunSummary, nodes: Nodes): string[] {
  if (draft.status !== published.status || draft.error?.node_id !== published.error?.node_id || draft.error?.message !== published.error?.message) return [`${ending(draft, nodes.draft)}; published, it ${ending(published, nodes.published)}`];
  return isDeepStrictEqual(draft.result, published.result) ? [] : [`gives another result: ${short(draft.result)} in place of ${short(published.result)}`];
}

/** A write of the same content by another node is the same write. @returns also the nodes of which something is said */
function writes(draft: readonly IntendedWrite[], published: readonly IntendedWrite[], nodes: Nodes): { words: string[]; nodes: Set<string> } {
  const before = [...published];
  const take = (fits: (write: IntendedWrite) => boolean): IntendedWrite | undefined => {
    const at = before.findIndex(fits);
    return at < 0 ? undefined : before.splice(at, 1)[0];
  };
  const others = draft.filter(({ hash, node }) => !take((write) => write.hash === hash && write.node === node)).filter(({ hash }) => !take((write) => write.hash === hash));
  const words = others.map((write) => {
    const old = take(({ node, item, type }) => node === write.node && item === write.item && type === write.type);
    return old ? `would ${verb(write, nodes.draft)} with another input${changed(old, write)}` : `would also ${verb(write, nodes.draft)}`;
  });
  return { words: [...words, ...before.map((write) => `would no longer ${verb(write, nodes.published)}`)], nodes: new Set([...others, ...before].map(({ node }) => node)) };
}

const verb = ({ effect, node, item }: IntendedWrite, names: ReadonlyMap<string, string>): string => `${effect === "contain" ? "contain" : "write"} by ${names.get(node) ?? node}${at(item)}`;
const at = (item: string): string => (item === "" ? "" : ` in ${item}`);

function changed({ input: old }: IntendedWrite, { input }: IntendedWrite): string {
  if (!isRecord(old) || !isRecord(input)) return "";
  const fields = [...new Set([...Object.keys(old), ...Object.keys(input)])].filter((name) => !isDeepStrictEqual(old[name], input[name]));
  return fields.length === 0 ? "" : `: ${fields.slice(0, 5).map((name) => `${name} ${short(input[name])} in place of ${short(old[name])}`).join(", ")}`;
}

/** @param said nodes whose writes have been told of: that they are taken, or not, goes without saying */
function paths(draft: readonly PathStep[], published: readonly PathStep[], nodes: Nodes, said: ReadonlySet<string>): string[] {
  const common = (step: PathStep): boolean => nodes.draft.has(step.node) && nodes.published.has(step.node);
  const key = ({ node, item }: PathStep): string => `${node}@${item}`;
  const before = new Map(published.filter(common).map((step) => [key(step), step]));
  const name = (node: string): string => nodes.draft.get(node) ?? node;
  const words: string[] = [];
  for (const step of draft.filter(common)) {
    const old = before.get(key(step));
    before.delete(key(step));
    if (!old && !said.has(step.node)) words.push(`takes ${name(step.node)}${at(step.item)}`);
    else if (old && old.port !== step.port) words.push(`leaves ${name(step.node)}${at(step.item)} by ${step.port ?? "no port"} in place of ${old.port ?? "no port"}`);
  }
  return [...words, ...[...before.values()].filter(({ node }) => !said.has(node)).map((step) => `does not take ${name(step.node)}${at(step.item)}`)];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function short(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
