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

/** Ids of the nodes of each version: a node that only one has is a difference where it decides or writes, not by being there. */
export interface Nodes {
  draft: ReadonlySet<string>;
  published: ReadonlySet<string>;
}

/** More would not be read. */
const MOST_DIFFERENCES = 20;

/** @param published null: nothing is published yet */
export function compare(draft: RunSummary, published: RunSummary | null, nodes: Nodes): Comparison {
  const unknown = [cannotSay("the draft", draft), published && cannotSay("the published version", published)].filter((reason) => reason !== null);
  if (unknown.length > 0) return { outcome: "unknown", differences: unknown };
  if (!published) return { outcome: draft.status === "failed" ? "new-failure" : "different", differences: [ending(draft), ...draft.writes.map((write) => `would ${verb(write)}`), "nothing is published to compare with"].slice(0, MOST_DIFFERENCES) };
  const differences = [...endings(draft, published), ...writes(draft.writes, published.writes), ...paths(draft.path, published.path, nodes)].slice(0, MOST_DIFFERENCES);
  if (draft.status === "failed" && published.status !== "failed") return { outcome: "new-failure", differences };
  if (draft.status !== "failed" && published.status === "failed") return { outcome: "fixed", differences };
  return { outcome: differences.length > 0 ? "different" : "same", differences };
}

function cannotSay(which: string, { status, unrecorded }: RunSummary): string | null {
  if (status === "cancelled") return `the run of ${which} was cancelled`;
  return status === "failed" && unrecorded.length > 0 ? `${which} failed after a read that nothing was recorded of: ${unrecorded.slice(0, 5).join(", ")}` : null;
}

const ending = ({ status, error }: RunSummary): string => (status === "failed" ? `fails${error?.node_id ? ` at ${error.node_id}` : ""}: ${error?.message ?? "no reason given"}` : "succeeds");

function endings(draft: RunSummary, published: RunSummary): string[] {
  if (draft.status !== published.status || draft.error?.node_id !== published.error?.node_id || draft.error?.message !== published.error?.message) return [`${ending(draft)}; published, it ${ending(published)}`];
  return isDeepStrictEqual(draft.result, published.result) ? [] : [`gives another result: ${short(draft.result)} in place of ${short(published.result)}`];
}

/** A write of the same content by a node of another name is the same write. */
function writes(draft: readonly IntendedWrite[], published: readonly IntendedWrite[]): string[] {
  const before = [...published];
  const take = (fits: (write: IntendedWrite) => boolean): IntendedWrite | undefined => {
    const at = before.findIndex(fits);
    return at < 0 ? undefined : before.splice(at, 1)[0];
  };
  const others = draft.filter(({ hash, node }) => !take((write) => write.hash === hash && write.node === node)).filter(({ hash }) => !take((write) => write.hash === hash));
  const words = others.map((write) => {
    const old = take(({ node, item, type }) => node === write.node && item === write.item && type === write.type);
    return old ? `would ${verb(write)} with another input${changed(old, write)}` : `would also ${verb(write)}`;
  });
  return [...words, ...before.map((write) => `would no longer ${verb(write)}`)];
}

const verb = ({ effect, node, item }: IntendedWrite): string => `${effect === "contain" ? "contain" : "write"} by ${node}${at(item)}`;
const at = (item: string): string => (item === "" ? "" : ` in ${item}`);

function changed({ input: old }: IntendedWrite, { input }: IntendedWrite): string {
  if (!isRecord(old) || !isRecord(input)) return "";
  const fields = [...new Set([...Object.keys(old), ...Object.keys(input)])].filter((name) => !isDeepStrictEqual(old[name], input[name]));
  return fields.length === 0 ? "" : `: ${fields.slice(0, 5).map((name) => `${name} ${short(input[name])} in place of ${short(old[name])}`).join(", ")}`;
}

function paths(draft: readonly PathStep[], published: readonly PathStep[], nodes: Nodes): string[] {
  const common = (step: PathStep): boolean => nodes.draft.has(step.node) && nodes.published.has(step.node);
  const key = ({ node, item }: PathStep): string => `${node}@${item}`;
  const before = new Map(published.filter(common).map((step) => [key(step), step]));
  const words: string[] = [];
  for (const step of draft.filter(common)) {
    const old = before.get(key(step));
    before.delete(key(step));
    if (!old) words.push(`takes ${step.node}${at(step.item)}`);
    else if (old.port !== step.port) words.push(`leaves ${step.node}${at(step.item)} by ${step.port ?? "no port"} in place of ${old.port ?? "no port"}`);
  }
  return [...words, ...[...before.values()].map((step) => `does not take ${step.node}${at(step.item)}`)];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function short(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
