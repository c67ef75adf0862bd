/** What the palette offers for what is typed: pure, but for the memory of what was used last. */
import { bestScore } from "#app/ui/fuzzy.ts";
import type { CatalogNode } from "#nodes/catalog.ts";
import type { EditorData } from "./store.ts";

/** Type of what is dragged out of the palette. */
export const NODE_DRAG = "application/x-playgraph-node";

const CATEGORIES: [CatalogNode["ui"]["category"], string][] = [
  ["control", "Decide and order"], ["code", "Code"], ["alert", "The alert"], ["enrich", "Look up"], ["notify", "Tell people"], ["respond", "Respond"], ["web", "Web"],
];
const RECENT = "Used last";

export interface PaletteItem {
  node: CatalogNode;
  group: string;
  /** "VirusTotal": the connection it needs, where none is set up. */
  missing: string | undefined;
}

const productOf = ({ connection, type }: CatalogNode, { connectionTypes }: Pick<EditorData, "connectionTypes">): string =>
  connectionTypes.find((candidate) => candidate.type === connection)?.title ?? type.split(".")[0]!;

/** Without a word: those used last, then all by category. With one: the best match first. */
export function paletteItems(data: Pick<EditorData, "nodes" | "connectionTypes" | "connections">, query: string, recent: readonly string[]): PaletteItem[] {
  const newest = data.nodes.filter(({ type, version }) => !data.nodes.some((other) => other.type === type && other.version > version));
  const item = (node: CatalogNode, group: string): PaletteItem => ({
    node,
    group,
    missing: node.connection === null || data.connections.some(({ type, enabled }) => type === node.connection && enabled) ? undefined : productOf(node, data),
  });
  const grouped = CATEGORIES.flatMap(([category, title]) => newest.filter(({ ui }) => ui.category === category).map((node) => ({ node, title })));
  if (query.trim() === "") {
    const used = recent.flatMap((type) => newest.find((node) => node.type === type) ?? []);
    return [...used.map((node) => item(node, RECENT)), ...grouped.map(({ node, title }) => item(node, title))];
  }
  const found = grouped
    .map(({ node, title }) => ({
      entry: item(node, title),
      points: bestScore(query, [[node.ui.title, 1], [productOf(node, data), 0.9], [node.type, 0.8], [title, 0.6], [node.ui.description ?? "", 0.45], [node.ui.summary, 0.45]]),
    }))
    .sort((a, b) => b.points - a.points);
  // Next to a title that begins so, a word somewhere in a description is noise.
  const least = Math.max(4, (found[0]?.points ?? 0) * 0.4);
  return found
    .filter(({ points }) => points > least)
    .map(({ entry }) => ({ ...entry, group: "" }));
}

const SLOT = "playgraph:recent-nodes";
const KEPT = 4;

export function recentTypes(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(SLOT) ?? "[]");
    return Array.isArray(stored) ? stored.filter((type) => typeof type === "string").slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

export function rememberRecent(type: string): void {
  try {
    localStorage.setItem(SLOT, JSON.stringify([type, ...recentTypes().filter((other) => other !== type)].slice(0, KEPT)));
  } catch {
    // A browser that keeps nothing forgets this, too.
  }
}
