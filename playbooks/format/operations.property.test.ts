/** Random edits: whatever is applied can be undone exactly, and no list of them breaks what a document promises. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyOperation, applyOperations, checkDocument, documentSchema, type Draft, layoutSchema, type NodeShape, type Operation, operationSchema, parseDocument, printDocument } from "./index.ts";

const start: Draft = { document: parseDocument({ format: 1, name: "Random", nodes: [], edges: [] }), layout: { positions: {} }, files: {} };

/** Few names, so that operations meet: "constructor" is a name that every object inherits. */
const id = fc.constantFrom("a", "b", "c", "d", "constructor");
const from = fc.oneof(id, fc.constant("trigger"));
const port = fc.constantFrom("out", "failed");
const field = fc.constantFrom("x", "y", "constructor", "toString");
const literal = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 }));
const position = fc.record({ x: fc.integer(), y: fc.integer() });
const edgeId = fc.constantFrom("e1", "e2", "e3", "e4", "e5");
const at = fc.option(fc.nat(3), { nil: undefined });
const binding = fc.oneof(literal.map((value) => ({ value })), fc.constant({ expr: "alert.title" }), fc.constant({ file: "code/a.ts" }));
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const without = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constant("add-node" as const), node: fc.record({ id, type: fc.constantFrom("core.set", "core.each"), in: fc.option(id, { nil: undefined }) }).map(without), position: fc.option(position, { nil: undefined }), at }),
  fc.record({ op: fc.constant("remove-node" as const), id }),
  fc.record({ op: fc.constant("rename-node" as const), id, to: id }),
  fc.record({ op: fc.constant("set-node" as const), id, changes: fc.record({ title: orNull(fc.string({ maxLength: 9 })), in: orNull(id), timeout: orNull(fc.integer({ min: 1, max: 9 })), join: orNull(fc.constantFrom("all" as const, "any" as const)) }, { requiredKeys: [] }) }),
  fc.record({ op: fc.constant("set-config" as const), id, field, value: fc.option(literal, { nil: undefined }) }),
  fc.record({ op: fc.constant("set-input" as const), id, field, binding: fc.option(binding, { nil: undefined }) }),
  fc.record({ op: fc.constant("add-edge" as const), edge: fc.record({ id: edgeId, from, port, to: id }), at }),
  fc.record({ op: fc.constant("remove-edge" as const), id: edgeId }),
  fc.record({ op: fc.constant("set-trigger" as const), changes: fc.record({
    on: fc.constantFrom("alert" as const, "manual" as const, "schedule" as const), order: fc.nat(9), conditions: orNull(fc.constant({ match: { severity: "high" } })),
    schedule: orNull(fc.constant({ cron: "0 6 * * *", timezone: "Europe/Berlin", catchUp: false })), form: orNull(fc.constant([{ name: "host", type: "text" as const, required: true }])), playbooks: orNull(fc.constant(["a"])),
  }, { requiredKeys: [] }) }),
  fc.record({ op: fc.constant("set-details" as const), changes: fc.record({ name: fc.constantFrom("One", "Two"), description: fc.string({ maxLength: 9 }), onRunFailed: orNull(fc.constant("handler")), concurrency: orNull(fc.integer({ min: 1, max: 1000 })) }, { requiredKeys: [] }) }),
  fc.record({ op: fc.constant("set-var" as const), name: id, value: fc.option(literal, { nil: undefined }) }),
  fc.record({ op: fc.constant("move" as const), positions: fc.dictionary(from, orNull(position), { maxKeys: 3 }) }),
  fc.record({ op: fc.constant("write-file" as const), path: fc.constantFrom("code/a.ts", "code/b.ts"), text: fc.option(fc.string(), { nil: undefined }) }),
).map((raw) => operationSchema.parse(without(raw)));

const operations = fc.array(operation, { maxLength: 60 });

const container: NodeShape = { ports: () => ["out", "failed"], inputFields: [], anyInput: true, requiredInputs: [], isContainer: true };

/** Applies what is not refused. */
function play(list: readonly Operation[]): { draft: Draft; applied: Operation[]; undo: Operation[] } {
  let draft = start;
  const applied: Operation[] = [];
  const undo: Operation[] = [];
  for (const one of list) {
    const result = applyOperation(draft, one);
    if (!result.ok) continue;
    draft = result.draft;
    applied.push(one);
    undo.unshift(result.inverse);
  }
  return { draft, applied, undo };
}

test("an operation and its inverse together change nothing", () => {
  let tried = 0;
  fc.assert(fc.property(operations, operation, (before, one) => {
    const { draft } = play(before);
    const result = applyOperation(draft, one);
    if (!result.ok) return;
    tried++;
    const undone = applyOperation(result.draft, result.inverse);
    expect(undone).toMatchObject({ ok: true });
    if (!undone.ok) return;
    expect(undone.draft).toEqual(draft);
    expect(printDocument(undone.draft.document)).toBe(printDocument(draft.document));
    // And the inverse's inverse is a redo.
    expect(applyOperation(undone.draft, undone.inverse)).toMatchObject({ ok: true, draft: result.draft });
  }), { numRuns: 1500 });
  expect(tried).toBeGreaterThan(100);
});

test("a whole session can be undone to its beginning and done again", () => {
  fc.assert(fc.property(operations, (list) => {
    const { draft, applied, undo } = play(list);
    expect(applyOperations(draft, undo)).toMatchObject({ ok: true, draft: start });
    expect(applyOperations(start, applied)).toMatchObject({ ok: true, draft });
  }), { numRuns: 300 });
});

test("a draft stays a valid document, without dangling connections, circles or names used twice, whatever is edited", () => {
  fc.assert(fc.property(operations, (list) => {
    const { document, layout } = play(list).draft;
    expect(documentSchema.parse(document)).toEqual(document);
    expect(layoutSchema.parse(layout)).toEqual(layout);
    const structure = checkDocument(document, () => container, new Set(["code/a.ts"]));
    expect(structure.filter(({ code }) => code !== "missing-file" && code !== "missing-schedule")).toEqual([]);
  }), { numRuns: 500 });
});

test("operations cross the wire unchanged", () => {
  fc.assert(fc.property(operation, (one) => {
    expect(operationSchema.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
  }));
});
