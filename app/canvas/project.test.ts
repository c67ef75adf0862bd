import { describe, expect, it } from "vitest";
import { parseDocument } from "#format";
import type { StepWire } from "#app/models/wire.ts";
import { inTimeOrder, project, type CardType } from "./project.ts";

const document = parseDocument({
  format: 1,
  name: "Triage",
  nodes: [
    { id: "check", type: "core.condition", config: {}, input: { test: { expr: "alert.severity === 'high'" } } },
    { id: "look", type: "virustotal.ip", title: "Look up source", input: { ip: { expr: "alert.source_ip" } } },
    { id: "done", type: "core.stop", input: {} },
  ],
  edges: [
    { id: "e1", from: "trigger", to: "check" },
    { id: "e2", from: "check", port: "true", to: "look" },
    { id: "e3", from: "check", port: "false", to: "done" },
  ],
});

const types: CardType[] = [
  { type: "core.condition", version: 1, title: "Condition", icon: "split", category: "control", summary: "If {test}", effect: "none", defaults: {}, effectBy: null },
  { type: "virustotal.ip", version: 1, title: "IP report", icon: "radar", category: "enrich", summary: "Look up {ip}", effect: "read", defaults: {}, effectBy: null },
];

const step = (over: Partial<StepWire>): StepWire => ({
  id: "s", node_id: "check", node_type: "core.condition", item: "", status: "success", effect: "none", port: null, attempt: 1, attempts: [], input: null, output: null,
  error: null, ambiguous: false, pinned: false, waiting_on: null, logs: [], started_at: "2026-01-01T00:00:00.000Z", finished_at: "2026-01-01T00:00:01.000Z", duration_ms: 1000, ...over,
});

const picture = (steps?: StepWire[]) => project(document, { positions: {} }, types, steps);
const line = (steps: StepWire[] | undefined, id: string) => picture(steps).lines.find((candidate) => candidate.id === id)!;

describe("project", () => {
  it("fires the edge of the port taken, kills the other, and moves only into a running step", () => {
    const steps = [step({ port: "true" }), step({ id: "t", node_id: "look", status: "running", finished_at: null, duration_ms: null })];
    expect(line(steps, "e1")).toMatchObject({ state: "fired", moving: false });
    expect(line(steps, "e2")).toMatchObject({ state: "fired", moving: true, label: "true" });
    expect(line(steps, "e3")).toMatchObject({ state: "dead", moving: false });
  });

  it("leaves edges open while their source has not settled, and without a run", () => {
    expect(line([step({ status: "running", finished_at: null })], "e2").state).toBe("open");
    expect(line(undefined, "e1").state).toBe("open");
  });

  it("fills the sentence from the actual input, else from the binding", () => {
    const card = (steps?: StepWire[]) => picture(steps).cards.find(({ id }) => id === "look")!;
    expect(card().sentence).toBe("Look up alert.source_ip");
    expect(card([step({ node_id: "look", input: { ip: "203.0.113.7" } })]).sentence).toBe("Look up 203.0.113.7");
    expect(card().effect).toBe("read");
  });

  it("shows a type that is not installed by its name", () => {
    expect(picture().cards.find(({ id }) => id === "done")).toMatchObject({ title: "core.stop", icon: "box" });
  });

  it("shows of a loop's steps the one that most needs to be seen", () => {
    const card = picture([step({ id: "a", item: "each1[0]" }), step({ id: "b", item: "each1[1]", status: "failed" })]).cards.find(({ id }) => id === "check")!;
    expect(card).toMatchObject({ status: "failed", steps: ["a", "b"], duration_ms: null });
  });

  it("arranges left to right and never puts two cards in one place", () => {
    const places = picture().cards.map(({ position }) => `${position.x},${position.y}`);
    expect(new Set(places).size).toBe(places.length);
    const x = (id: string) => picture().cards.find((card) => card.id === id)!.position.x;
    expect(x("trigger")).toBeLessThan(x("check"));
    expect(x("check")).toBeLessThan(x("look"));
  });

  it("takes the author's layout when it is whole", () => {
    const positions = { check: { x: 0, y: 0 }, look: { x: 300, y: 0 }, done: { x: 300, y: 200 } };
    const { cards } = project(document, { positions }, types);
    expect(cards.find(({ id }) => id === "done")!.position).toEqual({ x: 300, y: 200 });
    expect(cards.find(({ id }) => id === "trigger")!.position.x).toBeLessThan(0);
  });
});

it("orders steps by their start, those that never started last", () => {
  const order = inTimeOrder([step({ id: "c", started_at: null }), step({ id: "b", started_at: "2026-01-01T00:00:02.000Z" }), step({ id: "a" })]);
  expect(order.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

it("shows what a pinned node would be, marked, and what a held one would have done", () => {
  const { cards, lines } = picture([step({ port: "true", pinned: true, effect: "none" }), step({ id: "h", node_id: "look", status: "held", effect: "write", port: "out", input: { ip: "203.0.113.7" } })]);
  expect(cards.find(({ id }) => id === "check")).toMatchObject({ pinned: true, status: "success" });
  expect(cards.find(({ id }) => id === "look")).toMatchObject({ pinned: false, status: "held", effect: "write", sentence: "Look up 203.0.113.7" });
  expect(project(document, { positions: {} }, types, [step({ node_id: "look", pinned: true, effect: "none" })]).cards.find(({ id }) => id === "look")!.effect).toBe("read");
  expect(lines.find(({ id }) => id === "e2")).toMatchObject({ state: "fired", moving: false });
});

it("names what a decision is taken by, not the value it met", () => {
  const { cards } = picture([step({ input: { test: true }, port: "true" })]);
  expect(cards.find(({ id }) => id === "check")!.sentence).toBe("If alert.severity === 'high'");
});

describe("ports that lead to the same card", () => {
  const both = parseDocument({
    format: 1, name: "both",
    nodes: [{ id: "ask", type: "core.set", onFailure: "port" }, { id: "score", type: "core.set" }],
    edges: [{ id: "e0", from: "trigger", to: "ask" }, { id: "ok", from: "ask", to: "score" }, { id: "sorry", from: "ask", port: "failed", to: "score" }],
  });
  const between = (steps?: StepWire[]) => project(both, { positions: {} }, types, steps).lines.filter(({ from }) => from === "ask");

  it("are one line with all their names while nothing has run", () => {
    expect(between()).toMatchObject([{ label: "out / failed", state: "open" }]);
  });

  it("are the one that was taken afterwards", () => {
    expect(between([step({ node_id: "ask", status: "success", port: "out" })])).toMatchObject([{ id: "ok", label: "out", state: "fired" }]);
    expect(between([step({ node_id: "ask", status: "failed", port: "failed" })])).toMatchObject([{ id: "sorry", label: "failed", state: "fired" }]);
  });
});
