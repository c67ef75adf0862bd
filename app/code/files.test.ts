import { describe, expect, it } from "vitest";
import { applyOperations, type Draft, parseDocument } from "#format";
import { addFile, asPath, type FileChange, removeFile, renameFile } from "./files.ts";

const draft: Draft = {
  document: parseDocument({ format: 1, name: "x", nodes: [{ id: "score", type: "core.code", input: { result: { file: "code/score.ts" } } }, { id: "again", type: "core.repeat", until: { file: "code/done.ts" } }], edges: [] }),
  layout: { positions: {} },
  files: { "code/score.ts": 'import { half } from "./half.ts";\nexport default () => half(2);', "code/half.ts": "export const half = (n: number) => n / 2;", "code/alone.ts": 'export * from "./half";', "code/done.ts": "export default () => true;" },
};

function after(change: FileChange): Draft {
  if (!change.ok) throw new Error(change.message);
  const applied = applyOperations(draft, change.operations);
  if (!applied.ok) throw new Error(applied.message);
  return applied.draft;
}
const why = (change: FileChange) => (change.ok ? "" : change.message);

it.each([["Score 2", "code/score-2.ts"], ["code/a.ts", "code/a.ts"], ["  x_y ", "code/x-y.ts"]])("%s is %s", (name, path) => expect(asPath(name)).toBe(path));

describe("files", () => {
  it("are added under a name that is free", () => {
    expect(after(addFile(draft, "code/new.ts")).files["code/new.ts"]).toBe("export {};\n");
    expect(why(addFile(draft, "code/half.ts"))).toContain("there already");
    expect(why(addFile(draft, asPath("???")))).toContain("letters");
  });
  it("take along the nodes that run them and the files that import them", () => {
    const { files, document } = after(renameFile(draft, "code/half.ts", "code/third.ts"));
    expect(Object.keys(files).sort()).toEqual(["code/alone.ts", "code/done.ts", "code/score.ts", "code/third.ts"]);
    expect(files["code/score.ts"]).toContain('from "./third.ts"');
    expect(files["code/alone.ts"]).toBe('export * from "./third";');
    expect(document).toEqual(draft.document);
    expect(after(renameFile(draft, "code/score.ts", "code/rate.ts")).document.nodes[0]!.input).toEqual({ result: { file: "code/rate.ts" } });
    expect(after(renameFile(draft, "code/done.ts", "code/enough.ts")).document.nodes[1]!.until).toEqual({ file: "code/enough.ts" });
    expect(why(renameFile(draft, "code/score.ts", "code/half.ts"))).toContain("there already");
  });
  it("that something depends on stay", () => {
    expect(why(removeFile(draft, "code/score.ts"))).toContain("The node score runs");
    expect(why(removeFile(draft, "code/half.ts"))).toContain("code/score.ts imports");
    expect(after(removeFile(draft, "code/alone.ts")).files).not.toHaveProperty("code/alone.ts");
  });
});
