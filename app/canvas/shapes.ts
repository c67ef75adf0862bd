/** The catalogue's JSON as the shapes that `checkDocument` and the canvas ask: which ports and fields a node has with its config. */
import type { NodeShape, PlaybookNode } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";

export type NodeTypes = ReadonlyMap<string, CatalogNode>;

const key = (type: string, version: number): string => `${type}@${version}`;

export const indexTypes = (nodes: readonly CatalogNode[]): NodeTypes => new Map(nodes.map((node) => [key(node.type, node.version), node]));

export const typeOf = (types: NodeTypes, node: Pick<PlaybookNode, "type" | "version">): CatalogNode | undefined => types.get(key(node.type, node.version));

/** What people call a node: its own title, else its type's. */
export const titleOf = (types: NodeTypes, node: Pick<PlaybookNode, "id" | "type" | "version" | "title">): string => node.title ?? typeOf(types, node)?.ui.title ?? node.id;

/** Ports that a node may be left by, its failure port included. */
export function portsOf(type: CatalogNode | undefined, { config, onFailure }: Pick<PlaybookNode, "config" | "onFailure">): string[] {
  const own = type === undefined ? [] : type.endsRun ? [] : type.portsFrom === null ? type.ports : listedPorts(type, config);
  return [...new Set([...own, ...(onFailure === "port" ? ["failed"] : [])])];
}

/** Where the config lists the ports (the cases of a switch). */
function listedPorts({ portsFrom, ports }: CatalogNode, config: Readonly<Record<string, unknown>>): string[] {
  if (portsFrom === null) return ports;
  const list = config[portsFrom.list];
  const named = Array.isArray(list) ? list.map((entry: unknown) => (entry as Record<string, unknown> | null)?.[portsFrom.name]).filter((name): name is string => typeof name === "string" && name !== "") : [];
  return [...named, ...portsFrom.always];
}

export const shapesOf = (types: NodeTypes) => (type: string, version: number): NodeShape | undefined => {
  const node = types.get(key(type, version));
  return node && {
    ports: (config) => portsOf(node, { config: config as PlaybookNode["config"], onFailure: "fail" }),
    inputFields: Object.keys((node.input["properties"] ?? {}) as object),
    anyInput: node.anyInput,
    requiredInputs: node.requiredInputs,
    isContainer: node.isContainer,
  };
};
