/** Where in its graph an approval stands. */
import { project, type CardType, type Picture } from "#app/canvas/project.ts";
import { sentence } from "#app/canvas/sentence.ts";
import type { ApprovalWire } from "#app/models/wire.ts";
import type { RunGraph } from "#app/models/approval.server.ts";

/** The picture of the graph with nothing in it but the step that waits. */
export function pictureOf({ step }: ApprovalWire, { document, layout }: RunGraph, types: readonly CardType[]): Picture {
  const picture = project(document, layout, types);
  return { ...picture, cards: picture.cards.map((card) => (card.id === step.node_id ? { ...card, status: "waiting" as const } : card)) };
}

/** What the step does, in its type's words, with the input filled in. */
export function sentenceOf({ step, input }: ApprovalWire, { document }: Pick<RunGraph, "document">, types: readonly CardType[]): string {
  const node = document.nodes.find(({ id }) => id === step.node_id);
  const type = types.find((candidate) => candidate.type === node?.type && candidate.version === node.version);
  return node && type ? sentence(type.summary, { ...node, config: { ...type.defaults, ...node.config } as typeof node.config }, input) : "";
}
