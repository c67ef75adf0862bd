import typescript from "typescript";
import { describe, expect, it } from "vitest";
import { insertInto } from "#format/code-file.ts";
import { insertionsFor, Lens } from "./lenses.ts";
import { expressionFile, parseExpressionFile } from "./paths.ts";

const WRAPPERS = { nodes: { n: { prefix: "before(", suffixes: { x: ") as X;", "*": ");" } } }, scopes: { "code/a.ts": "Scope" } };

function lensOf(file: string, written: string) {
  const insertions = insertionsFor(typescript, `file:///playbook/${file}`, written, WRAPPERS) ?? [];
  const read = insertInto(written, insertions);
  const lens = new Lens(insertions);
  /** The author's text of what TypeScript names by a piece of its own text. */
  const outward = (piece: string) => {
    const span = lens.outward({ start: read.indexOf(piece), length: piece.length });
    return span && written.slice(span.start, span.start + span.length);
  };
  return { read, lens, outward };
}

describe("an expression", () => {
  const { read, lens, outward } = lensOf("expr/n.x.ts", "a.b + c");

  it("stands in its node's scope, before what its field wants", () => {
    expect(read).toBe("before(a.b + c) as X;");
    expect(lensOf("expr/n.any-thing.ts", "1").read).toBe("before(1);");
  });
  it("has each of its places on both sides", () => {
    expect(read.slice(lens.inward(0))).toMatch(/^a\.b/);
    expect(read.slice(lens.inward(7))).toMatch(/^\) as X/);
    expect(outward("b + c")).toBe("b + c");
    expect(lens.outward({ start: lens.inward(7), length: 0 })).toEqual({ start: 7, length: 0 });
  });
  it("hides what the author did not write", () => {
    expect(outward("before")).toBeUndefined();
    expect(outward(") as")).toBeUndefined();
    expect(outward("X")).toBeUndefined();
    expect(outward("c) as X;")).toBe("c");
  });
});

describe("a file", () => {
  it.each([
    ["export default ({ alert }) => alert", "export default ({ alert }: Scope) => alert"],
    ["export default scope => scope", "export default (scope: Scope) => scope"],
    ["export default (scope: Mine) => scope", "export default (scope: Mine) => scope"],
  ])("%s", (written, expected) => {
    const { read, lens, outward } = lensOf("code/a.ts", written);
    expect(read).toBe(expected);
    for (let offset = 0; offset < written.length; offset++) expect([offset, lens.outward({ start: lens.inward(offset), length: 0 })]).toEqual([offset, { start: offset, length: 0 }]);
    if (read !== written) expect(outward("Scope")).toBeUndefined();
    expect(outward("=>")).toBe("=>");
  });
  it("that no node calls is read as it is", () => {
    expect(insertionsFor(typescript, "file:///playbook/code/b.ts", "x", WRAPPERS)).toBeUndefined();
  });
});

it("any field has a file of its own", () => {
  for (const field of ["text", "a.b", "two words", "_", "日本", "../x", "%2e"]) {
    const file = expressionFile("n", field);
    expect(file).toMatch(/^file:\/\/\/playbook\/expr\/n\.[\w-]*\.ts$/);
    expect(parseExpressionFile(file)).toEqual({ node: "n", field });
  }
});
