import type { CatalogNode } from "#nodes/catalog.ts";
import type { CardType } from "./project.ts";

/** Of a catalogue entry only what a card shows. */
export function cardTypeOf({ type, version, ui, effect, effectBy, config }: CatalogNode): CardType {
  const properties = (config["properties"] ?? {}) as Record<string, { default?: unknown }>;
  const defaults = Object.fromEntries(Object.entries(properties).flatMap(([name, property]) => (property.default === undefined ? [] : [[name, property.default]])));
  return { type, version, title: ui.title, icon: ui.icon, category: ui.category, summary: ui.summary, effect, effectBy, defaults };
}
