import { describe, expect, it } from "vitest";
import { checkTypes } from "./index.ts";
import { code, sketch } from "./testing.ts";

const files = { "code/a.ts": 'import { createHash } from "node:crypto";\nimport path from "path";\nexport default ({ alert }) => ({ id: createHash("sha256").update(alert.title).digest("hex") as string, base: path.basename(process.cwd()), bytes: Buffer.from("a") as Buffer });' };

describe("a file in the Node profile", () => {
  it("may import Node's modules and name its globals, and still types the next node", async () => {
    const nodes = { a: { ...code("code/a.ts"), config: { profile: "node" } }, b: { input: { x: { expr: "steps.a.id.length" }, y: { expr: "steps.a.nothing" } } } };
    expect(await checkTypes(sketch({ nodes, files }))).toMatchObject([{ severity: "error", node: "b", field: "y" }]);
  });
  it("may not, in the isolate", async () => {
    expect((await checkTypes(sketch({ nodes: { a: code("code/a.ts") }, files }))).map(({ severity, file, line }) => ({ severity, file, line }))).toContainEqual({ severity: "error", file: "code/a.ts", line: 1 });
  });
});
