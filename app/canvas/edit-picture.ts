/** The draft as the cards and lines of the canvas: the same projection as a run's, with every port, the problems, and a height for each card. */
import type { Draft, Problem } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";
import type { Heights } from "./arrange.ts";
import { cardTypeOf } from "./card-type.ts";
import { heightsOf, outletsOf, placesOf } from "./placing.ts";
import { type Card, type CardProblems, type Line, project } from "./project.ts";
import type { NodeTypes } from "./shapes.ts";
import type { TestRun } from "./store.ts";

/** `bend`: place of its port among those of the card, so that connections side by side do not run over each other. */
export interface EditLine extends Line { problem: string | undefined; bend: number }
export interface EditPicture { cards: Card[]; lines: EditLine[]; heights: Heights }

/** Makes pictures of one draft after the other. What did not change is the same object, so that only cards that changed are drawn. */
export function picturer(nodes: readonly CatalogNode[], types: NodeTypes) {
  const cardTypes = nodes.map(cardTypeOf);
  const cards = new Map<string, Known<Card>>();
  const lines = new Map<string, Known<EditLine>>();

  return (draft: Draft, problems: readonly Problem[], test: TestRun | null): EditPicture => {
    const layout = { positions: Object.fromEntries(placesOf(draft, types)) };
    const outlets = outletsOf(draft.document, types);
    const byNode = Map.groupBy(problems.filter(({ node }) => node !== undefined), ({ node }) => node!);
    const byEdge = new Map(problems.filter(({ edge }) => edge !== undefined).map((problem) => [problem.edge!, problem.message]));
    const picture = project(draft.document, layout, cardTypes, test?.steps);
    // Ports that lead to the same card have a line each: here every port can be taken hold of.
    const drawnOf = new Map(picture.lines.map((line) => [`${line.from} ${line.to}`, line]));
    return {
      heights: heightsOf(draft, types),
      cards: picture.cards.map((card) => {
        const next: Card = { ...card, outlets: card.kind === "trigger" ? ["out"] : (outlets.get(card.id) ?? []), ...problemsOf(byNode.get(card.kind === "trigger" ? "trigger" : card.id)) };
        return kept(cards, card.id, next);
      }),
      lines: draft.document.edges.map((edge) => {
        const drawn = drawnOf.get(`${edge.from} ${edge.to}`)!;
        const isOther = drawn.id !== edge.id && drawn.state === "fired";
        return kept(lines, edge.id, { id: edge.id, from: edge.from, to: edge.to, port: edge.port, label: null, state: isOther ? "dead" : drawn.state, moving: drawn.moving && !isOther, problem: byEdge.get(edge.id), bend: Math.max(0, outlets.get(edge.from)?.indexOf(edge.port) ?? 0) });
      }),
    };
  };
}

interface Known<T> { text: string; value: T }

function kept<T>(known: Map<string, Known<T>>, id: string, next: T): T {
  const text = JSON.stringify(next);
  const before = known.get(id);
  if (before?.text === text) return before.value;
  known.set(id, { text, value: next });
  return next;
}

function problemsOf(problems: readonly Problem[] | undefined): { problems?: CardProblems } {
  if (problems === undefined) return {};
  const first = problems.find(({ severity }) => severity === "error") ?? problems[0]!;
  return { problems: { count: problems.length, severity: first.severity, first: first.message } };
}
