import { checkTrigger } from "./check-trigger.ts";
import type { PlaybookDocument, PlaybookNode } from "./schema.ts";

/** One thing that is wrong, with the place to show it. `error` refuses publishing. */
export interface Problem {
  severity: "error" | "warning";
  code: string;
  message: string;
  /** "trigger" for what starts the playbook. */
  node?: string;
  edge?: string;
  field?: string;
  /** Of code: the file (absent for an expression) and the 1-based line in it. */
  file?: string;
  line?: number;
  /** 1-based, where exactly one piece of text is meant. */
  column?: number;
  endLine?: number;
  /** Behind its last character. */
  endColumn?: number;
}

/** What the checker needs to know of a node type; engine and browser make it from their catalogue. */
export interface NodeShape {
  ports(config: Record<string, unknown>): string[];
  inputFields: string[];
  /** The node takes fields of any name beside `inputFields` (set). */
  anyInput?: boolean;
  requiredInputs: string[];
  isContainer: boolean;
  /** What is wrong with a node's settings, each with the path of the field; absent where schemas cannot run (the browser). */
  configIssues?(config: Record<string, unknown>): { path: string; message: string }[];
  /** For the static types of what is upstream; absent: nothing is known of its output, and its input is not checked. */
  types?: NodeTypes;
}

/** JSON Schemas of what a node takes and gives. */
export interface NodeTypes {
  /** Of the object of all input fields, as people give it. */
  input: Readonly<Record<string, unknown>>;
  /** By port; "*" for ports that the config names. */
  outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The output is what was bound to the input: all of its fields, or one. Its type is then that of the bindings. */
  passes?: "input" | { field: string } | undefined;
  /** It waits for a callback: `run.callback_urls` has its address. */
  callback?: true | undefined;
  /** It owns a body. `items`: the input field whose list is walked. */
  container?: { items?: string | undefined } | undefined;
}

/** Structure only: trigger, ids, edges, ports, containers, cycles, required fields, files. Types come from engine/code/check. */
export function checkDocument(document: PlaybookDocument, shapeOf: (type: string, version: number) => NodeShape | undefined, files: ReadonlySet<string>): Problem[] {
  const problems = checkTrigger(document.trigger);
  const error = (code: string, message: string, at: Partial<Problem> = {}) => problems.push({ severity: "error", code, message, ...at });
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();

  for (const node of document.nodes) {
    if (seen.has(node.id)) error("duplicate-node", `two nodes have the id "${node.id}"`, { node: node.id });
    seen.add(node.id);
    const shape = shapeOf(node.type, node.version);
    if (!shape) {
      error("unknown-type", `no node of type ${node.type} version ${node.version} is installed`, { node: node.id });
      continue;
    }
    for (const issue of shape.configIssues?.(node.config) ?? []) error("wrong-config", issue.message, { node: node.id, field: issue.path });
    for (const field of shape.requiredInputs) {
      if (!(field in node.input)) error("missing-input", `"${field}" needs a value`, { node: node.id, field });
    }
    for (const [field, binding] of Object.entries(node.input)) {
      if (!shape.inputFields.includes(field) && shape.anyInput !== true) error("unknown-input", `${node.type} has no field "${field}"`, { node: node.id, field });
      if ("file" in binding && !files.has(binding.file)) error("missing-file", `the file ${binding.file} does not exist`, { node: node.id, field });
    }
    if (node.in !== undefined) {
      const container = nodes.get(node.in);
      if (!container) error("missing-container", `the container "${node.in}" does not exist`, { node: node.id });
      else if (shapeOf(container.type, container.version)?.isContainer !== true) error("not-a-container", `"${node.in}" is not a container`, { node: node.id });
    }
  }

  const edgeIds = new Set<string>();
  for (const edge of document.edges) {
    if (edgeIds.has(edge.id)) error("duplicate-edge", `two edges have the id "${edge.id}"`, { edge: edge.id });
    edgeIds.add(edge.id);
    const to = nodes.get(edge.to);
    if (!to) {
      error("dangling-edge", `edge "${edge.id}" leads to "${edge.to}", which does not exist`, { edge: edge.id });
      continue;
    }
    if (edge.from === "trigger") {
      if (edge.port !== "out") error("unknown-port", `the trigger has one port, "out"`, { edge: edge.id });
      if (to.in !== undefined) error("crosses-wall", "an edge never crosses a container's wall", { edge: edge.id });
      continue;
    }
    const from = nodes.get(edge.from);
    if (!from) {
      error("dangling-edge", `edge "${edge.id}" starts at "${edge.from}", which does not exist`, { edge: edge.id });
      continue;
    }
    if (from.in !== to.in) error("crosses-wall", "an edge never crosses a container's wall", { edge: edge.id });
    const shape = shapeOf(from.type, from.version);
    if (shape) {
      const ports = [...shape.ports(from.config), ...(from.onFailure === "port" ? ["failed"] : [])];
      if (!ports.includes(edge.port)) error("unknown-port", `"${edge.from}" has no port "${edge.port}" (it has ${ports.join(", ")})`, { edge: edge.id, node: edge.from });
    }
  }

  for (const node of document.nodes) {
    if (isInItself(node, nodes)) error("cycle", `"${node.id}" is inside itself`, { node: node.id });
  }
  for (const id of cycle(document)) error("cycle", `"${id}" is part of a circle: use a repeat container to loop`, { node: id });
  return problems;
}

function isInItself(node: PlaybookNode, nodes: ReadonlyMap<string, PlaybookNode>): boolean {
  const seen = new Set<string>();
  for (let at = node.in; at !== undefined && !seen.has(at); at = nodes.get(at)?.in) {
    if (at === node.id) return true;
    seen.add(at);
  }
  return false;
}

/** Ids of nodes that lie on a circle: those that a topological order leaves over and that still have successors there. */
function cycle(document: PlaybookDocument): string[] {
  const indegree = new Map(document.nodes.map((node) => [node.id, 0]));
  const next = new Map<string, string[]>();
  for (const edge of document.edges) {
    if (edge.from === "trigger" || !indegree.has(edge.from) || !indegree.has(edge.to)) continue;
    indegree.set(edge.to, indegree.get(edge.to)! + 1);
    next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  }
  const free = [...indegree].filter(([, degree]) => degree === 0).map(([id]) => id);
  while (free.length > 0) {
    const id = free.pop()!;
    indegree.delete(id);
    for (const to of next.get(id) ?? []) {
      const degree = indegree.get(to)! - 1;
      indegree.set(to, degree);
      if (degree === 0) free.push(to);
    }
  }
  return [...indegree.keys()];
}
