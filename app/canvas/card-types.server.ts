import type { PlaybookDocument } from "#format";
import { catalog } from "#nodes/catalog.ts";
import { cardTypeOf } from "./card-type.ts";
import type { CardType } from "./project.ts";

/** Of the catalogue only what the cards of this document show: the page does not carry forms that it does not have. */
export function cardTypes(document: PlaybookDocument): CardType[] {
  const used = new Set(document.nodes.map(({ type, version }) => `${type}@${version}`));
  return catalog().nodes.filter(({ type, version }) => used.has(`${type}@${version}`)).map(cardTypeOf);
}
