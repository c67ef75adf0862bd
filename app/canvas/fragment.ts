/** A piece of a playbook as text: what the clipboard carries between tabs, playbooks and installations. */
import { z } from "zod";
import type { Binding, Draft, Operation, PlaybookNode } from "#format";
import { codeFilePath, playbookEdgeSchema, playbookNodeSchema, positionSchema } from "#format/schema.ts";
import { CARD, heightOf, type Position } from "./arrange.ts";
import { depth, withBodies } from "./containers.ts";
import { edgeId, freeFile, freeNodeId } from "./node-ids.ts";
import { freePlace, heightsOf, placesOf, settle } from "./placing.ts";
import { renameInBinding, renameStep } from "./references.ts";
import { type NodeTypes, portsOf, typeOf } from "./shapes.ts";

const fragmentSchema = z.object({
  /** Number of this shape. */
  playgraph_fragment: z.literal(1),
  nodes: z.array(playbookNodeSchema).min(1).max(500),
  /** Among these nodes. */
  edges: z.array(playbookEdgeSchema).max(2000),
  positions: z.record(z.string(), positionSchema),
  /** What the nodes are bound to, and what those files import. */
  files: z.record(codeFilePath, z.string().max(200_000)),
});
export type Fragment = z.infer<typeof fragmentSchema>;

const IMPORT = /["']\.\/([a-z0-9][a-z0-9-]*)(?:\.[jt]s)?["']/g;

/** @returns undefined where nothing that can be copied is selected; the trigger cannot. */
export function cutOut(draft: Draft, types: NodeTypes, ids: readonly string[]): Fragment | undefined {
  const { document, files } = draft;
  const wanted = withBodies(draft, ids);
  const nodes = document.nodes.filter(({ id }) => wanted.has(id));
  if (nodes.length === 0) return undefined;
  const copied = new Set(nodes.map(({ id }) => id));
  const places = placesOf(draft, types);
  const paths = new Set(nodes.flatMap(({ input }) => Object.values(input).flatMap((binding) => ("file" in binding ? [binding.file] : []))));
  for (const path of paths) for (const [, name] of (files[path] ?? "").matchAll(IMPORT)) if (Object.hasOwn(files, `code/${name}.ts`)) paths.add(`code/${name}.ts`);
  return {
    playgraph_fragment: 1,
    nodes,
    edges: document.edges.filter(({ from, to }) => copied.has(from) && copied.has(to)),
    positions: Object.fromEntries(nodes.map(({ id }) => [id, places.get(id)!])),
    files: Object.fromEntries([...paths].flatMap((path) => (Object.hasOwn(files, path) ? [[path, files[path]!]] : []))),
  };
}

/** @returns undefined for text that is something else. */
export function readFragment(text: string): Fragment | undefined {
  if (text.length > 5_000_000 || !text.includes("playgraph_fragment")) return undefined;
  try {
    return fragmentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export interface Pasted { operations: Operation[]; /** Of the nodes, as they are called now. */ ids: string[] }

/**
 * Puts it in with ids and file names that are free here, and lets what it says of itself (`steps.<id>`, imports) follow them.
 * @param at where its top left corner goes; undefined: a little beside where it came from.
 */
export function putIn(draft: Draft, types: NodeTypes, fragment: Fragment, at?: Position): Pasted {
  const ids = new Map<string, string>();
  for (const { id } of fragment.nodes) ids.set(id, freeNodeId(draft, id, new Set([...ids.values(), ...fragment.nodes.map((node) => node.id).filter((other) => other !== id && !ids.has(other))])));
  const renamed = [...ids].filter(([before, now]) => before !== now);
  const files = namedFiles(draft, fragment, renamed);
  const nodes = fragment.nodes.map((node): PlaybookNode => {
    const { in: container, ...rest } = node;
    const into = container === undefined ? undefined : (ids.get(container) ?? (draft.document.nodes.some(({ id }) => id === container) ? container : undefined));
    const input = Object.fromEntries(Object.entries(node.input).map(([field, binding]) => {
      if ("file" in binding) return [field, { file: files.paths.get(binding.file) ?? binding.file }];
      return [field, renamed.reduce<Binding>((text, [before, now]) => renameInBinding(text, before, now), binding)];
    }));
    return { ...rest, id: ids.get(node.id)!, input, ...(into === undefined ? {} : { in: into }) };
  });
  const inside = new Map(nodes.map((node) => [node.id, node.in]));
  const taken = new Set<string>();
  const edges = fragment.edges.flatMap(({ from, port, to }): Operation[] => {
    const ends = { from: ids.get(from), port, to: ids.get(to) };
    if (ends.from === undefined || ends.to === undefined || inside.get(ends.from) !== inside.get(ends.to)) return [];
    const id = edgeId(draft, ends as { from: string; port: string; to: string }, taken);
    taken.add(id);
    return [{ op: "add-edge", edge: { id, from: ends.from, port, to: ends.to } }];
  });
  const offset = placeFor(draft, types, fragment, at);
  const pasted = { document: { ...draft.document, nodes } };
  const order = nodes.map(({ id }) => id).sort((a, b) => depth(pasted, a) - depth(pasted, b));
  return {
    ids: nodes.map(({ id }) => id),
    operations: [
      ...settle(draft, types),
      ...files.written,
      // Containers before what is in them.
      ...nodes.map((node, index) => ({ node, index })).sort((a, b) => order.indexOf(a.node.id) - order.indexOf(b.node.id)).map(({ node, index }): Operation => {
        const place = fragment.positions[fragment.nodes[index]!.id] ?? { x: 0, y: 0 };
        return { op: "add-node", node, position: { x: place.x + offset.x, y: place.y + offset.y } };
      }),
      ...edges,
    ],
  };
}

/** A file of the same name and text is shared; one that differs here, or that has to, comes under a name of its own. */
function namedFiles(draft: Draft, fragment: Fragment, renamed: readonly [string, string][]): { paths: Map<string, string>; written: Operation[] } {
  const texts = new Map(Object.entries(fragment.files).map(([path, text]) => [path, renamed.reduce((result, [before, now]) => renameStep(result, before, now), text)]));
  const used = new Set([...Object.keys(draft.files), ...texts.keys()]);
  const paths = new Map([...texts].map(([path, text]) => {
    if (!Object.hasOwn(draft.files, path) || draft.files[path] === text) return [path, path];
    const name = freeFile(used, path.slice("code/".length, -".ts".length));
    used.add(name);
    return [path, name];
  }));
  const written = [...texts].flatMap(([path, text]): Operation[] => {
    const now = paths.get(path)!;
    const linked = text.replace(IMPORT, (found, name: string) => {
      const target = paths.get(`code/${name}.ts`);
      return target === undefined || target === `code/${name}.ts` ? found : found.replace(`./${name}`, `./${target.slice("code/".length, -".ts".length)}`);
    });
    return draft.files[now] === linked ? [] : [{ op: "write-file", path: now, text: linked }];
  });
  return { paths, written };
}

/** How far everything moves, so that it lies on nothing. */
function placeFor(draft: Draft, types: NodeTypes, { nodes, positions }: Fragment, at: Position | undefined): Position {
  const boxes = nodes.map((node) => ({ ...(positions[node.id] ?? { x: 0, y: 0 }), height: heightOf(portsOf(typeOf(types, node), node).length) }));
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const places = placesOf(draft, types);
  const heights = heightsOf(draft, types);
  const wish = at ?? { x: left + 40, y: top + 40 };
  let offset = { x: Math.round(wish.x - left), y: Math.round(wish.y - top) };
  for (let tries = 0; tries < 200; tries++) {
    const hit = boxes.find(({ x, y, height }) => freePlace(places, heights, { x: x + offset.x, y: y + offset.y }, height).y !== y + offset.y);
    if (!hit) break;
    offset = { x: offset.x, y: offset.y + CARD.height / 2 };
  }
  return offset;
}
