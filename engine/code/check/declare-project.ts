/** Everything that another TypeScript (Monaco's, in the browser) needs to see the playbook as the check does. */
import type { PlaybookNode } from "#format";
import { UNTIL, untilPrefix } from "./loop-types.ts";
import { fieldType, UNTYPED } from "./schema-type.ts";
import { PARTS, ROOT, WORLD } from "./node-module.ts";
import { packageTypes } from "./package-types.ts";
import { openProject, type ProjectInput } from "./project.ts";

export interface NodeDeclaration {
  /** What stands before an expression of this node, in a file of a folder beside `node/`. */
  prefix: string;
  /** Field → what stands behind its expression; "*" for fields that are not named here. */
  suffixes: Record<string, string>;
  /** Fields that are written in a scope of their own. */
  own?: Record<string, { prefix: string; suffix: string }> | undefined;
}

export interface Declarations {
  /** Path from the project's root → text; the code files are not among them. */
  files: Record<string, string>;
  nodes: Record<string, NodeDeclaration>;
  /** Code file → the type that its default export's first parameter gets where it has none. */
  scopes: Record<string, string>;
  /** Imports that are `any` in the browser: they bring no types, or types that are too large to send. The server checks the latter. */
  untyped: string[];
}

export function declareProject(input: ProjectInput): Declarations {
  const { program, packages, modules, texts, scopes } = openProject(input);
  const files: Record<string, string> = {};
  for (const [path, text] of texts) {
    const inside = path.slice(ROOT.length + 1);
    if (!(inside in input.files)) files[inside] = text;
  }
  const { texts: packageTexts, untyped } = packageTypes(program, packages, Object.values(input.files));
  const byId = new Map(input.document.nodes.map((node) => [node.id, node]));
  const inLoop = new Set(input.document.nodes.filter((node) => node.in !== undefined).map(({ id }) => id));
  return {
    files: { ...files, ...packageTexts },
    nodes: Object.fromEntries(modules.map(({ node }) => [node, { prefix: prefixOf(node, inLoop.has(node)), suffixes: suffixesOf(input.types[node]?.input), own: ownOf(byId.get(node)!, input) }])),
    scopes: Object.fromEntries(scopes),
    untyped,
  };
}

/** What ends a loop's rounds is written in the scope of its body. */
const ownOf = (node: PlaybookNode, { document, types }: ProjectInput): NodeDeclaration["own"] =>
  types[node.id]?.container ? { [UNTIL]: { prefix: [...untilPrefix(document, node, (id) => types[id]), "export const value = () => (\n"].join("\n"), suffix: "\n) satisfies boolean;\n" } } : undefined;

const prefixOf = (node: string, isInLoop: boolean): string => [
  WORLD,
  `import type { Scope } from "../node/${node}.ts";`,
  ...[...PARTS, ...(isInLoop ? (["item"] as const) : [])].map((part) => `declare const ${part}: Scope["${part}"];`),
  "export const value = () => (\n",
].join("\n");

function suffixesOf(input: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const properties = input?.["properties"];
  const fields = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return Object.fromEntries([...fields, "*"].map((field) => {
    const type = input === undefined ? undefined : fieldType(input, field);
    return [field, `\n)${type === undefined || type === UNTYPED ? "" : ` satisfies ${type}`};\n`];
  }));
}
