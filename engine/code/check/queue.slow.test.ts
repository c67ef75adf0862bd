import { expect, test } from "vitest";
import { checkTypesOrYield, describeScope } from "./index.ts";
import { sketch } from "./testing.ts";

const draft = { nodes: { n: { input: { x: { expr: "alert.title" } } } } };

test("who asks much waits for their own questions, and others are served in between", async () => {
  const served: string[] = [];
  const ask = (turn: string, name: string) => checkTypesOrYield({ ...sketch(draft), turn }).then(() => served.push(name));
  await Promise.all([ask("a", "a1"), ask("a", "a2"), ask("a", "a3"), ask("b", "b1")]);
  expect(served).toEqual(["a1", "a2", "b1", "a3"]);
});

test("a newer question takes the place of a waiting one, of the same kind only", async () => {
  const asking = { turn: "a", replaces: "a:playbook" };
  const [running, old, scope, newest] = await Promise.all([
    checkTypesOrYield({ ...sketch(draft), ...asking }),
    checkTypesOrYield({ ...sketch(draft), ...asking }),
    describeScope({ ...sketch(draft), ...asking, node: "n" }),
    checkTypesOrYield({ ...sketch(draft), ...asking }),
  ]);
  expect([running, old, scope, newest].map(({ status }) => status)).toEqual(["answered", "superseded", "answered", "answered"]);
});
