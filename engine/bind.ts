/** From a node's bindings to its input. Pure: evaluating code is the caller's. */
import { createHash } from "node:crypto";
import type { Json } from "#sdk";
import type { PlaybookNode } from "#format";
import { fileEntry, profileOf } from "./code/profile.ts";
import type { Scope, ScopeUse } from "./code/types.ts";

export interface SplitBindings {
  literals: Record<string, Json>;
  hasExpressions: boolean;
  /** Fields that a code file computes, inside the attempt. */
  files: { field: string; entry: string }[];
}

export function splitBindings(node: PlaybookNode): SplitBindings {
  const split: SplitBindings = { literals: {}, hasExpressions: false, files: [] };
  for (const [field, binding] of Object.entries(node.input)) {
    if ("value" in binding) split.literals[field] = binding.value as Json;
    else if ("expr" in binding) split.hasExpressions = true;
    else split.files.push({ field, entry: fileEntry(profileOf(node), binding.file) });
  }
  return split;
}

/** Everything a run can offer to expressions and code. */
export interface RunScope {
  trigger: Json;
  alert: Json;
  vars: Json;
  run: Json;
  /** Of the innermost loop; undefined outside loops. */
  item: Json | undefined;
  /** Output data of a settled step, or undefined where it did not run. */
  output(nodeId: string): Json | undefined;
  nodeIds(): Iterable<string>;
}

/** Only what the entry mentions crosses the pipe. */
export function scopeFor(use: ScopeUse | undefined, run: RunScope): Scope {
  const scope: Scope = {};
  if (!use || use.trigger) scope.trigger = run.trigger;
  if (!use || use.alert) scope.alert = run.alert;
  if (!use || use.vars) scope.vars = run.vars;
  if (!use || use.run) scope.run = run.run;
  if ((!use || use.item) && run.item !== undefined) scope.item = run.item;
  const ids = use?.steps ?? run.nodeIds();
  const steps: Record<string, Json | undefined> = {};
  for (const id of ids) {
    const output = run.output(id);
    if (output !== undefined) steps[id] = output;
  }
  scope.steps = steps;
  return scope;
}

/** Key under which the answer of a read is found again: equal inputs, equal key, whatever the order of their fields. */
export function inputHash(input: Json): string {
  return createHash("sha256").update(canonical(input)).digest("hex").slice(0, 16);
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
