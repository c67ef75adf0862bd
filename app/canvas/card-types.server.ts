import type { PlaybookDocument } from "#format";
import { catalog } from "#nodes/catalog.ts";
import type { CardType } from "./project.ts";

/** Of the catalogue only what the cards of this document show: the page does not carry forms that it does not have. */
export function cardTypes(document: PlaybookDocument): CardType[] {
  const used = new Set(document.nodes.map(({ type, version }) => `${type}@${version}`));
  return catalog()
    .nodes.filter(({ type, version }) => used.has(`${type}@${version}`))
    .map(({ type, version, ui, effect, effectBy, config }) => ({ type, version, title: ui.title, icon: ui.icon, category: ui.category, summary: ui.summary, effect, effectBy, defaults: defaultsOf(config) }));
}

function defaultsOf(schema: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema["properties"] ?? {}) as Record<string, { default?: unknown }>;
  return Object.fromEntries(Object.entries(properties).flatMap(([name, property]) => (property.default === undefined ? [] : [[name, property.default]])));
}
