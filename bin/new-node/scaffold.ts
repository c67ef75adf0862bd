/** The texts of a new node. Pure: reading and writing is the command's. */

/** An end that the person at the terminal can act on: printed without a stack. */
export class ScaffoldFailure extends Error {
  override readonly name = "ScaffoldFailure";
}

export interface NodeNames {
  /** "inventory" */
  product: string;
  /** "tag-host" */
  file: string;
  /** "tagHost" */
  constant: string;
  /** "Tag host" */
  title: string;
}

/** @throws ScaffoldFailure */
export function parseName(given: string | undefined): NodeNames {
  const parts = /^([a-z][a-z0-9-]*)\/([a-z][a-z0-9]*(?:-[a-z0-9]+)+)$/.exec(given ?? "");
  const [, product, file] = parts ?? [];
  if (product === undefined || file === undefined || product === "sdk") throw new ScaffoldFailure("npm run new:node <product>/<verb-noun>, such as inventory/tag-host");
  const words = file.split("-");
  return {
    product,
    file,
    constant: words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join(""),
    title: `${file.charAt(0).toUpperCase()}${words.join(" ").slice(1)}`,
  };
}

/** Path → text, the node first. */
export const scaffold = (names: NodeNames): Map<string, string> =>
  new Map([[`nodes/${names.product}/${names.file}.ts`, nodeText(names)], [`nodes/${names.product}/${names.file}.test.ts`, testText(names)]]);

const nodeText = ({ product, file, constant, title }: NodeNames): string => `import { z } from "zod";
import { defineNode, Failure } from "#sdk";

/** What of the answer is used: a vendor may add fields, and must not take these away. */
const answer = z.object({ name: z.string() });

export const ${constant} = defineNode({
  type: "${product}.${file}",
  version: 1,
  ui: { title: "${title}", category: "enrich", icon: "database", summary: "${title}: {id}", description: "Looks an id up and gives its name." },
  config: z.object({ base_url: z.url({ protocol: /^https?$/ }).default("https://${product}.example.com").meta({ title: "Address" }) }),
  input: z.object({ id: z.string().min(1).meta({ title: "Id" }) }),
  outputs: { found: z.object({ id: z.string(), name: z.string() }), missing: z.object({ id: z.string() }) },
  effect: "read",
  timeout: 30,
  async run({ config, input: { id }, http }) {
    const response = await http.request({ url: \`\${config.base_url}/\${encodeURIComponent(id)}\` });
    if (response.status === 404) return { port: "missing", data: { id } };
    const parsed = answer.safeParse(response.expectOk().json());
    if (!parsed.success) throw new Failure("rejected", "the answer has no name");
    return { port: "found", data: { id, name: parsed.data.name } };
  },
});
`;

const testText = ({ file, constant }: NodeNames): string => `import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runNode } from "#sdk/testing.ts";
import { testHttp } from "#tests/simulators/open.ts";
import { type Simulator, startSimulator } from "#tests/simulators/server.ts";
import { ${constant} } from "./${file}.ts";

let vendor: Simulator;
beforeAll(async () => {
  vendor = await startSimulator(() => ({ body: { name: "web-01" } }));
});
beforeEach(() => vendor.reset());
afterAll(() => vendor.close());

const run = (id: string) => runNode(${constant}, { config: { base_url: vendor.url }, input: { id }, http: testHttp({ timeout: 0.5 }) });

test("gives what the vendor knows", async () => {
  expect(await run("a/b")).toMatchObject({ port: "found", data: { id: "a/b", name: "web-01" } });
  expect(vendor.received).toMatchObject([{ method: "GET", path: "/a%2Fb" }]);
});

test("what the vendor does not know leaves by its own port", async () => {
  vendor.fail({ status: 404 });
  expect(await run("b")).toMatchObject({ port: "missing", data: { id: "b" } });
});

test("a bad day of the vendor is a failure of its kind", async () => {
  vendor.fail({ status: 401 }, { status: 429 }, { body: {} });
  for (const kind of ["unauthorized", "rate-limited", "rejected"]) await expect(run("c")).rejects.toMatchObject({ kind });
});
`;

/**
 * @param registry text of nodes/index.ts: imports sorted by path, nodes listed a product per line.
 * @throws ScaffoldFailure where the name is taken or the registry looks different.
 */
export function register(registry: string, { product, file, constant }: NodeNames): string {
  if (new RegExp(`\\b${constant}\\b`).test(registry)) throw new ScaffoldFailure(`nodes/index.ts has a "${constant}" already: choose another name.`);
  const lines = registry.split("\n");
  const pathOf = (line: string): string | undefined => /^import \{.*\} from "\.\/(.+)";$/.exec(line)?.[1];
  const own = `${product}/${file}.ts`;

  const imports = lines.flatMap((line, index) => (pathOf(line) === undefined ? [] : [index]));
  const start = lines.findIndex((line) => /^export const nodes\b.*\[$/.test(line));
  const end = lines.indexOf("];", start);
  if (imports.length === 0 || start === -1 || end === -1) throw new ScaffoldFailure("nodes/index.ts is not as expected: add the node there by hand.");

  const siblings = lines.flatMap((line) => (pathOf(line)?.startsWith(`${product}/`) ? [/\{ (\w+) \}/.exec(line)?.[1]] : []));
  const line = lines.findIndex((text, index) => index > start && index < end && siblings.some((name) => name !== undefined && new RegExp(`\\b${name}\\b`).test(text)));
  if (line === -1) lines.splice(end, 0, `  ${constant},`);
  else lines[line] += ` ${constant},`;

  const after = imports.findLast((index) => pathOf(lines[index]!)! < own);
  lines.splice(after === undefined ? imports[0]! : after + 1, 0, `import { ${constant} } from "./${own}";`);
  return lines.join("\n");
}
