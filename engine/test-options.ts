/** What a test run was asked for, and which part of the playbook takes part in it. Pure. */
import type { PlaybookDocument, PlaybookNode } from "#format";
import type { AlertView, Json } from "#sdk";

/** What a node is taken to have given: it is not executed. */
export interface Pin {
  port: string;
  data: Json;
}

/** Stored with the run (`runs.test`), so that a takeover and a re-run test the same thing. */
export interface TestOptions {
  /** Only this node runs. What is upstream of it comes from the pins, or is absent as on a branch that was not taken. */
  only?: string;
  /** This node runs and everything upstream of it; nothing else does. */
  upto?: string;
  /** By node id. Pins of nodes that take no part are ignored. */
  pins: Record<string, Pin>;
  /** Of a pasted payload: an alert that is stored nowhere. The payload itself is the run's input. */
  alert?: AlertView;
  /** User name, for readers of the run. */
  by: string;
}

/**
 * The part of the document that a test executes, as a document of its own: it is what is planned, checked and (where the
 * whole does not compile) compiled. With `only` the node waits for its pinned steps and for nothing else, whatever joins say.
 */
export function testedPart(document: PlaybookDocument, { only, upto, pins }: Pick<TestOptions, "only" | "upto" | "pins">): PlaybookDocument {
  if (only !== undefined) return alone(document, only, pins);
  if (upto === undefined) return document;
  const part = upstream(document, upto).add(upto);
  return { ...document, nodes: document.nodes.filter(({ id }) => part.has(id)), edges: document.edges.filter(({ from, to }) => part.has(to) && (from === "trigger" || part.has(from))) };
}

function alone(document: PlaybookDocument, only: string, pins: TestOptions["pins"]): PlaybookDocument {
  const before = upstream(document, only);
  const pinned = document.nodes.filter(({ id }) => before.has(id) && Object.hasOwn(pins, id));
  const target = document.nodes.filter(({ id }) => id === only);
  return {
    ...document,
    nodes: [...pinned, ...target].map(({ join: _join, in: _container, ...node }): PlaybookNode => node),
    edges: [
      ...[...pinned.map(({ id }) => id), only].map((to, at) => ({ id: `start${at}`, from: "trigger", port: "out", to })),
      ...pinned.map(({ id }, at) => ({ id: `pin${at}`, from: id, port: pins[id]!.port, to: only })),
    ],
  };
}

/** Ids of everything that leads to the node, however far away. Ends for circles too. */
export function upstream(document: PlaybookDocument, id: string): Set<string> {
  const found = new Set<string>();
  const open = [id];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { from, to } of document.edges) {
      if (to !== at || from === "trigger" || from === id || found.has(from)) continue;
      found.add(from);
      open.push(from);
    }
  }
  return found;
}
