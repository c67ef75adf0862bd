/**
 * Who may import whom (DESIGN section 3), as data and as the ESLint rule that holds it. The first zone whose pattern fits a file is
 * the file's; a zone says what its files may import besides their own zone. Patterns are prefixes of paths from the root; one
 * that ends in "$" is the whole path.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const { imports: aliases } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));

/** What the web process may know of the engine and the nodes: their doors, and the words and shapes both sides share. */
const DOORS = ["engine/index.ts$", "engine/alerts/", "engine/connections/index.ts$", "engine/status.ts$", "engine/events.ts$", "engine/metrics.ts$", "nodes/index.ts$", "nodes/catalog.ts$", "nodes/sdk/", "playbooks/format/", "prisma/", "package.json$"];

/** Pure functions, no way out of the process. */
const HARMLESS_BUILTINS = ["node:buffer", "node:crypto", "node:url", "node:util"];

export const ZONES = [
  { name: "tests and benches", files: /(^tests\/|^bench\/|\.test\.tsx?$|\/testing\.ts$|\.config\.[jt]s$)/, anything: true },
  { name: "the playbooks command", files: /^bin\/playbooks(\.ts$|\/)/, may: ["app/models/playbook-folder.server.ts$", "engine/index.ts$", "nodes/catalog.ts$", "playbooks/format/"] },
  { name: "starters", files: /^bin\//, may: ["prisma/"] },
  { name: "the seed", files: /^prisma\/seed\.ts$/, may: ["prisma/", "app/models/", "app/server/password.ts$"] },
  { name: "prisma", files: /^prisma\//, may: [] },
  { name: "the node SDK", files: /^nodes\/sdk\//, may: [], packages: ["zod"] },
  // croner: the editor and the engine must agree on when a schedule is due.
  { name: "the playbook format", files: /^playbooks\/format\//, may: [], packages: ["zod", "croner"] },
  { name: "the node registry", files: /^nodes\/(index|catalog)\.ts$/, may: ["nodes/", "playbooks/format/"] },
  // A node reaches Playgraph's records through ctx.records and the world through ctx.http, never around them.
  { name: "a node", files: /^nodes\/([^/]+)\//, may: ["nodes/sdk/"], ownFolderOnly: true, noNodeBuiltins: true },
  { name: "the worker's entry", files: /^engine\/worker\.ts$/, may: ["engine/", "nodes/index.ts$"] },
  { name: "the engine", files: /^engine\//, may: ["nodes/sdk/", "playbooks/format/", "prisma/"], not: ["engine/worker.ts$"] },
  { name: "the app's server side", files: /^app\/((server|api|models|routes)\/|root\.tsx$|entry\.server\.tsx$|routes\.ts$)|^app\/.*\.server\.tsx?$/, may: ["app/", ...DOORS], typesFromAnywhere: true },
  { name: "browser code", files: /^app\//, may: ["app/", "playbooks/format/"], not: ["app/server/", "app/api/", "app/models/", "app/routes/", ".server."], typesFromAnywhere: true },
];

const fits = (file, pattern) => (pattern.endsWith("$") ? file === pattern.slice(0, -1) : pattern.startsWith(".") ? file.includes(pattern) : file.startsWith(pattern));

/** @returns the path from the root that a specifier leads to, or undefined for a package. */
function resolve(specifier, importer) {
  if (specifier.startsWith(".")) return path.posix.normalize(path.posix.join(path.posix.dirname(importer), specifier));
  if (!specifier.startsWith("#")) return undefined;
  const exact = aliases[specifier];
  if (exact) return exact.slice(2);
  const prefix = Object.keys(aliases).find((key) => key.endsWith("/*") && specifier.startsWith(key.slice(0, -1)));
  return prefix && aliases[prefix].slice(2).replace("*", specifier.slice(prefix.length - 1));
}

/**
 * @param {string} importer path from the root
 * @param {boolean} typesOnly `import type`, which leaves nothing in the running program
 * @returns {string | undefined} what is wrong, in a sentence
 */
export function judge(importer, specifier, typesOnly) {
  const zone = ZONES.find(({ files }) => files.test(importer));
  if (!zone || zone.anything) return undefined;
  const target = resolve(specifier, importer);
  if (target === undefined) {
    // Types leave nothing in the running program, and say what the gateway hands over or what a syntax tree is.
    if (typesOnly && (specifier.startsWith("node:") || specifier === "typescript")) return undefined;
    if (zone.packages && !zone.packages.includes(specifier)) return `${zone.name} imports nothing but ${zone.packages.join(", ")}, not "${specifier}"`;
    if (zone.noNodeBuiltins && /^node:/.test(specifier) && !HARMLESS_BUILTINS.includes(specifier)) return `${zone.name} has no files, sockets or processes: "${specifier}" is not for it`;
    return undefined;
  }
  if (typesOnly && zone.typesFromAnywhere) return undefined;
  if (zone.not?.some((pattern) => fits(target, pattern))) return `${zone.name} must not import ${target}`;
  if (zone.may.some((pattern) => fits(target, pattern))) return undefined;
  const isOwn = zone.ownFolderOnly ? target.startsWith(`${importer.split("/").slice(0, 2).join("/")}/`) : zone.files.test(target);
  return isOwn ? undefined : `${zone.name} must not import ${target}`;
}

export const zonesRule = {
  meta: { type: "problem", schema: [], docs: { description: "Who may import whom: tests/guards/zones.js" } },
  create(context) {
    const importer = path.relative(ROOT, context.filename).split(path.sep).join("/");
    const check = (node, source, typesOnly) => {
      if (typeof source?.value !== "string") return;
      const message = judge(importer, source.value, typesOnly);
      if (message) context.report({ node, message: `${message} (tests/guards/zones.js)` });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === "type"),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === "type"),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === "type"),
      ImportExpression: (node) => check(node, node.source, false),
    };
  },
};
