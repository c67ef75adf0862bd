/**
 * What a node can know of the steps before it: by which ports each may have been left, and whether it certainly ran. The rules of
 * joins are those of engine/plan.ts, read backwards: for each edge that may start the node, what must be true when it fires?
 */
import type { PlaybookDocument, PlaybookEdge, PlaybookNode } from "#format";

/** A step as a later node sees it. */
export interface Sight {
  ports: ReadonlySet<string>;
  /** It may be on a branch that is not taken. */
  maybeSkipped: boolean;
  /** There may be no output yet: skipped, or still at work behind a join that did not wait for it. */
  maybeMissing: boolean;
}

/** Node id → sight, for every step upstream. */
export type View = ReadonlyMap<string, Sight>;

interface Entry {
  node: PlaybookNode;
  incoming: PlaybookEdge[];
  /** Steps that are certainly settled when the node may start. */
  settled: ReadonlySet<string>;
  view: View;
}

/**
 * @returns one view per node, in topological order. A draft with a circle is seen without the edges that close it, so that its other
 * nodes keep their types; the structural check reports the circle.
 */
export function viewUpstream(document: PlaybookDocument, portsOf: (node: PlaybookNode) => readonly string[]): ReadonlyMap<string, View> {
  const order = sort(document);
  const incoming = new Map<string, PlaybookEdge[]>();
  for (const edge of document.edges) incoming.set(edge.to, [...(incoming.get(edge.to) ?? []), edge]);

  const entries = new Map<string, Entry>();
  const position = new Map(order.map((node, index) => [node.id, index]));
  for (const node of order) {
    const edges = (incoming.get(node.id) ?? []).filter((edge) => edge.from === "trigger" || entries.has(edge.from));
    const container = node.in === undefined ? undefined : entries.get(node.in);
    const waitsForAll = node.join === undefined || node.join === "all";
    const settledBefore = edges.map(({ from }) => (from === "trigger" ? new Set(container?.settled) : new Set([...entries.get(from)!.settled, from])));
    const settled = settledBefore.length === 0 ? new Set(container?.settled) : settledBefore.reduce((a, b) => (waitsForAll ? a.union(b) : a.intersection(b)));

    const certain = edges.map((edge) => whenFired(edge, entries, container));
    const ancestors = [...new Set(certain.flatMap((facts) => [...facts.keys()]))].sort((a, b) => position.get(a)! - position.get(b)!);
    for (const facts of certain) {
      for (const id of ancestors) {
        if (!facts.has(id)) facts.set(id, infer(entries.get(id)!, facts, portsOf, !settled.has(id)));
      }
    }
    const view = certain.length === 0 ? new Map(container?.view) : certain.reduce((a, b) => combine(a, b, node.join === "all"));
    entries.set(node.id, { node, incoming: edges, settled, view });
  }
  return new Map([...entries].map(([id, { view }]) => [id, view]));
}

/** Containers before their bodies, so that a body sees what its container does. */
function sort(document: PlaybookDocument): PlaybookNode[] {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const open = new Map(document.nodes.map((node) => [node.id, 0]));
  const next = new Map<string, string[]>();
  const before = new Map<string, string[]>();
  const arcs = [
    ...document.edges.map(({ from, to }) => [from, to] as const),
    ...document.nodes.flatMap((node) => (node.in === undefined ? [] : [[node.in, node.id] as const])),
  ].filter(([from, to]) => nodes.has(from) && nodes.has(to));
  for (const [from, to] of arcs) {
    open.set(to, open.get(to)! + 1);
    next.set(from, [...(next.get(from) ?? []), to]);
    before.set(to, [...(before.get(to) ?? []), from]);
  }
  const order = [...nodes.keys()].filter((id) => open.get(id) === 0);
  const placed = new Set(order);
  for (let at = 0; placed.size < nodes.size; at++) {
    if (at === order.length) {
      const id = onCircle(placed, nodes.keys(), before);
      order.push(id);
      placed.add(id);
    }
    for (const to of next.get(order[at]!) ?? []) {
      open.set(to, open.get(to)! - 1);
      if (open.get(to) !== 0 || placed.has(to)) continue;
      order.push(to);
      placed.add(to);
    }
  }
  return order.map((id) => nodes.get(id)!);
}

/** Whoever follows unplaced predecessors long enough comes back to where it was: that node is on a circle, not only after one. */
function onCircle(placed: ReadonlySet<string>, ids: Iterable<string>, before: ReadonlyMap<string, readonly string[]>): string {
  const walked = new Set<string>();
  let at = [...ids].find((id) => !placed.has(id))!;
  while (!walked.has(at)) {
    walked.add(at);
    at = before.get(at)!.find((id) => !placed.has(id))!;
  }
  return at;
}

function whenFired(edge: PlaybookEdge, entries: ReadonlyMap<string, Entry>, container: Entry | undefined): Map<string, Sight> {
  if (edge.from === "trigger") return new Map(container?.view);
  return new Map(entries.get(edge.from)!.view).set(edge.from, { ports: new Set([edge.port]), maybeSkipped: false, maybeMissing: false });
}

/** A step that the fired edge says nothing about directly: what follows from the steps before it. */
function infer({ node, incoming }: Entry, facts: ReadonlyMap<string, Sight>, portsOf: (node: PlaybookNode) => readonly string[], mayBeOpen: boolean): Sight {
  let fired = 0;
  let open = 0;
  for (const { from, port } of incoming) {
    const sight = from === "trigger" ? undefined : facts.get(from);
    if (from === "trigger") fired++;
    else if (!sight) open++;
    else if (sight.ports.has(port) && (sight.maybeSkipped || sight.ports.size > 1)) open++;
    else if (sight.ports.has(port)) fired++;
  }
  const needed = node.join === "all" ? incoming.length : typeof node.join === "object" ? node.join.first : 1;
  const isBodyEntry = node.in !== undefined && incoming.length === 0;
  if (isBodyEntry || (fired >= needed && incoming.length > 0)) return { ports: new Set(portsOf(node)), maybeSkipped: false, maybeMissing: mayBeOpen };
  const isOut = fired + open < needed || incoming.length === 0;
  return { ports: new Set(isOut ? [] : portsOf(node)), maybeSkipped: true, maybeMissing: true };
}

/** Where one edge of several starts the node, either may be the case; a join of all has both. */
function combine(a: View, b: View, both: boolean): Map<string, Sight> {
  const result = new Map<string, Sight>();
  for (const [id, one] of a) {
    const other = b.get(id)!;
    result.set(id, both
      ? { ports: new Set(one.ports).intersection(other.ports), maybeSkipped: one.maybeSkipped && other.maybeSkipped, maybeMissing: one.maybeMissing && other.maybeMissing }
      : { ports: new Set(one.ports).union(other.ports), maybeSkipped: one.maybeSkipped || other.maybeSkipped, maybeMissing: one.maybeMissing || other.maybeMissing });
  }
  return result;
}
