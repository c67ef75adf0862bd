/**
 * The document and the steps of a run, as the cards and lines of a picture. Pure: React Flow's types stay in trace-canvas,
 * the miniature and the tests use the same projection.
 */
import { type PlaybookDocument, type PlaybookLayout, type PlaybookNode, responseOf } from "#format";
import type { StepStatus } from "#engine/status.ts";
import type { StepWire } from "#app/models/wire.ts";
import { KINDS, triggerWords } from "#app/playbooks/trigger-kinds.ts";
import { arrange, CARD, type Position } from "./arrange.ts";
import { type Frame, framesOf } from "./frames.ts";
import { sentence } from "./sentence.ts";
import { waitingWords } from "./waiting-words.ts";

/** What the picture needs to know of a node type; made on the server from the catalogue. */
export interface CardType {
  type: string;
  version: number;
  title: string;
  icon: string;
  category: string;
  summary: string;
  effect: string;
  /** Of the config, for fields that the document leaves out. */
  defaults: Record<string, unknown>;
  /** The config field that changes the effect, and how. */
  effectBy: { field: string; effects: Record<string, string> } | null;
}

/** `idle`: no run is shown, or the run did not get here (yet). */
export type CardStatus = StepStatus | "idle";

export interface Card {
  id: string;
  kind: "trigger" | "node";
  position: Position;
  title: string;
  sentence: string;
  icon: string;
  effect: string;
  status: CardStatus;
  /** The steps of this node, in time order: several inside a loop. */
  steps: string[];
  duration_ms: number | null;
  attempt: number;
  ambiguous: boolean;
  /** A test said what the node gave: it was not executed. */
  pinned: boolean;
  /** Pinned, by a re-run: this is what it gave in the run before. */
  reused?: boolean;
  /** Of a step that waits: for whom or what, in a few words. */
  waits: string | null;
  /** Of a loop, and of what is inside one: how far it is. */
  note?: string | null;
  /** Ports that lead somewhere, in the document's order. */
  ports: string[];
  /** On the canvas that is edited: every way out of the card, each with a handle of its own. */
  outlets?: readonly string[];
  /** On the canvas that is edited: what is wrong with it. */
  problems?: CardProblems;
}

export interface CardProblems { count: number; severity: "error" | "warning"; /** The first one's message. */ first: string }

/** fired: this way the run went. dead: the run went another way. open: not decided (yet). */
export type LineState = "fired" | "dead" | "open";

export interface Line { id: string; from: string; to: string; port: string; label: string | null; state: LineState; moving: boolean }

export interface Picture { cards: Card[]; lines: Line[]; frames: Frame[] }

/** What a node with several steps (a loop's body) shows: whatever most needs to be seen. */
const URGENCY: readonly CardStatus[] = ["failed", "waiting", "running", "cancelled", "held", "pending", "success", "skipped", "idle"];

export const TRIGGER = "trigger";

export function project(document: PlaybookDocument, layout: PlaybookLayout, types: readonly CardType[], steps?: readonly StepWire[]): Picture {
  const positions = arrange(document, layout);
  const typeOf = new Map(types.map((type) => [`${type.type}@${type.version}`, type]));
  const byNode = new Map<string, StepWire[]>();
  for (const step of steps ?? []) byNode.set(step.node_id, [...(byNode.get(step.node_id) ?? []), step]);

  const card = (node: PlaybookNode): Card => {
    const type = typeOf.get(`${node.type}@${node.version}`);
    const own = byNode.get(node.id) ?? [];
    const took = own.filter((step) => step.status !== "skipped");
    const status = URGENCY.find((candidate) => own.some((step) => step.status === candidate)) ?? "idle";
    const shown = own.find((step) => step.status === status);
    const ran = shown !== undefined && shown.status !== "skipped" && !shown.pinned;
    return {
      id: node.id,
      kind: "node",
      position: positions.get(node.id)!,
      title: node.title ?? type?.title ?? node.type,
      sentence: type === undefined ? node.type : sentence(type.summary, { ...node, config: { ...type.defaults, ...node.config } as PlaybookNode["config"] }, shown?.input, type.category === "control"),
      icon: type?.icon ?? "box",
      effect: ran ? shown.effect : declaredEffect(node, type),
      status,
      steps: own.map((step) => step.id),
      duration_ms: own.length === 1 ? own[0]!.duration_ms : null,
      attempt: Math.max(1, ...own.map((step) => step.attempt)),
      ambiguous: own.some((step) => step.ambiguous),
      pinned: took.length > 0 && took.every((step) => step.pinned),
      waits: status === "waiting" ? waitingWords(shown!, node) : null,
      ports: [...new Set(document.edges.filter((edge) => edge.from === node.id).map((edge) => edge.port))],
    };
  };

  const cards: Card[] = [
    {
      id: TRIGGER, kind: "trigger", position: positions.get(TRIGGER)!, title: KINDS[document.trigger.on].title, sentence: cardWords(document),
      icon: KINDS[document.trigger.on].icon, effect: "none", status: steps === undefined ? "idle" : "success", steps: [], duration_ms: null, attempt: 1, ambiguous: false, pinned: false, waits: null, ports: ["out"],
    },
    ...document.nodes.map(card),
  ];
  const branching = new Set(cards.filter(({ ports }) => ports.length > 1).map(({ id }) => id));

  const lines = document.edges.map((edge): Line => {
    const state = lineState(edge.from, edge.port, byNode.get(edge.from), steps !== undefined);
    const target = byNode.get(edge.to) ?? [];
    return {
      id: edge.id,
      from: edge.from,
      to: edge.to,
      port: edge.port,
      label: edge.port !== "out" || branching.has(edge.from) ? edge.port : null,
      state,
      moving: state === "fired" && target.some(({ status }) => status === "running"),
    };
  });
  const frames = framesOf(document, new Map(cards.map(({ id, position }) => [id, { ...position, height: CARD.height }])));
  return { cards, lines: withoutOverlap(lines), frames };
}

/**
 * Several ports that lead to the same card would be drawn over each other, and the label of one not taken would hide the one that was.
 * They become one line: the port that fired, or all of them by name.
 */
function withoutOverlap(lines: readonly Line[]): Line[] {
  return [...Map.groupBy(lines, ({ from, to }) => `${from} ${to}`).values()].map((parallel) => {
    const shown = parallel.find(({ state }) => state === "fired") ?? parallel[0]!;
    if (parallel.length === 1 || shown.state === "fired") return shown;
    return { ...shown, label: parallel.map(({ port }) => port).join(" / ") };
  });
}

function lineState(from: string, port: string, source: StepWire[] | undefined, traced: boolean): LineState {
  if (!traced) return "open";
  if (from === TRIGGER) return "fired";
  if (source?.some((step) => step.port === port)) return "fired";
  const decided = source !== undefined && source.length > 0 && source.every((step) => step.finished_at !== null || step.status === "skipped");
  return decided ? "dead" : "open";
}

function declaredEffect(node: PlaybookNode, type: CardType | undefined): string {
  if (type === undefined) return "none";
  const chosen = type.effectBy === null ? undefined : node.config[type.effectBy.field];
  return (typeof chosen === "string" ? type.effectBy?.effects[chosen] : undefined) ?? type.effect;
}

/** In its few words there: the title says already what kind it is. */
function cardWords({ trigger }: PlaybookDocument): string {
  switch (trigger.on) {
    case "alert": {
      const source = trigger.source.replace(/\.alert$/, "");
      return `${source === "webhook" ? "Any source" : source}, once ${trigger.moment}${trigger.conditions === undefined ? "" : ", with conditions"}`;
    }
    case "manual": return trigger.form ? `Asks for ${trigger.form.map(({ name, label }) => label ?? name).join(", ")}` : "When a person starts it";
    case "webhook": return responseOf(trigger).respond === "result" ? "Answers with the result" : "Answers at once";
    case "run-failed": return trigger.playbooks ? `Of ${trigger.playbooks.join(", ")}` : "Of any playbook";
    case "schedule": return triggerWords(trigger);
    default: return trigger.on satisfies never;
  }
}

/** Steps as a person reads a run: by start, those that never started last. */
export function inTimeOrder(steps: readonly StepWire[]): StepWire[] {
  const start = ({ started_at }: StepWire) => (started_at === null ? Infinity : Date.parse(started_at));
  return [...steps].sort((a, b) => (start(a) === start(b) ? 0 : start(a) - start(b)));
}

export { CARD };
