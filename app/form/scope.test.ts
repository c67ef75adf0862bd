import { describe, expect, it } from "vitest";
import type { StepWire } from "#app/models/wire.ts";
import { completionsAt, inReadingOrder, type ScopeField, valueInTest, visibleRows } from "./scope.ts";

const field = (path: string, type = "string", children?: ScopeField[]): ScopeField => ({ path, name: path.split(/\??\./).at(-1)!, type, optional: false, ...(children ? { children } : {}) });
const fields: ScopeField[] = [
  field("alert", "object", [field("alert.title"), field("alert.source_ip")]),
  field("steps", "object", [field("steps.vt", "object", [field("steps.vt?.malicious", "number"), field("steps.vt?.tags", "string[]", [field("steps.vt?.tags[0]")])]), field('steps["a b"]')]),
  field("vars", "object"),
];

const paths = (open: string[], query?: string) => visibleRows(fields, new Set(open), query).map((row) => row.field.path);

it("shows what is open", () => {
  expect(paths([])).toEqual(["alert", "steps", "vars"]);
  expect(paths(["alert"])).toEqual(["alert", "alert.title", "alert.source_ip", "steps", "vars"]);
});

it("begins with what steps gave", () => expect(inReadingOrder([field("run"), field("alert"), field("steps")]).map(({ name }) => name)).toEqual(["steps", "alert", "run"]));

it("tells what a search is about from what leads there", () => expect(visibleRows(fields, new Set(), "malic").map(({ isHit }) => isHit)).toEqual([false, false, true]));

it("a search opens what leads to its hits, and leaves hits closed", () => {
  expect(paths([], "malic")).toEqual(["steps", "steps.vt", "steps.vt?.malicious"]);
  expect(paths([], "ALERT title")).toEqual(["alert", "alert.title"]);
  expect(paths([], "nothing")).toEqual([]);
});

describe("completion", () => {
  it.each<[string, string[] | null]>([
    ["al", ["alert"]], ["alert.", ["alert.title", "alert.source_ip"]], ["1 + alert.ti", ["alert.title"]], ["steps.vt.mal", ["steps.vt?.malicious"]], ["steps.vt?.", ["steps.vt?.malicious", "steps.vt?.tags"]],
    ["alert.title", null], ["", null], ["1 + ", null], ['"al', null], ['"x" + al', ["alert"]], ["`${al", ["alert"]], ["`${alert.title} al", null], ["nothing.", null],
  ])("%s|", (text, expected) => expect(completionsAt(text, text.length, fields)?.options.map(({ path }) => path) ?? null).toEqual(expected));

  it("replaces from where the path begins", () => expect(completionsAt("1 + alert.ti", 12, fields)?.from).toBe(4));
});

it("finds a field's value in the last test", () => {
  const steps = [{ node_id: "vt", output: null }, { node_id: "vt", output: { malicious: 3, tags: ["a"] } }] as StepWire[];
  expect(["steps.vt", "steps.vt?.malicious", "steps.vt?.tags[0]", "steps.vt.none.x", "steps.other.a", "alert.title"].map((path) => valueInTest(path, steps)))
    .toEqual([{ malicious: 3, tags: ["a"] }, 3, "a", undefined, undefined, undefined]);
});
