import { describe, expect, it } from "vitest";
import { childPath, findInJson, groupPath, ROOT } from "./json-search.ts";

describe("findInJson", () => {
  it("finds keys and values and opens what hides them", () => {
    const found = findInJson({ host: { name: "WEB-01" }, list: [1, "web"] }, "web");
    const host = childPath(ROOT, "host");
    expect(found.matches).toEqual([childPath(host, "name"), childPath(childPath(ROOT, "list"), 1)]);
    expect(found.open.has(host)).toBe(true);
  });

  it("opens the group of a long list", () => {
    const found = findInJson(Array.from({ length: 250 }, (_, index) => `item ${index}`), "item 240");
    expect(found.open).toContain(groupPath(ROOT, 240));
  });

  it("survives 10 000 levels and stops at the limit", () => {
    let deep: unknown = "needle";
    for (let level = 0; level < 10_000; level++) deep = { a: deep };
    expect(findInJson(deep, "needle").matches).toHaveLength(1);
    expect(findInJson(Array(500).fill("x"), "x", 20).matches).toHaveLength(20);
  });
});
