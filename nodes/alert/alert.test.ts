import { expect, test } from "vitest";
import { createTestRecords, runNode, TEST_ALERT } from "#sdk/testing.ts";
import { assignAlert } from "./assign.ts";
import { commentAlert } from "./comment.ts";
import { getAlert } from "./get.ts";
import { resolveAlert } from "./resolve.ts";
import { updateAlert } from "./update.ts";

test("update sends only what has a value, and gives the alert after the change", async () => {
  const { records, changes } = createTestRecords();
  const { data } = await runNode(updateAlert, { records, input: { risk_score: 91, status: null, add_tags: ["vt:malicious"] } });
  expect(changes).toEqual([{ risk_score: 91, add_tags: ["vt:malicious"] }]);
  expect(data).toMatchObject({ alert_id: TEST_ALERT.id, risk_score: 91, status: "new", tags: ["sshd", "vt:malicious"] });
});

test.each([{}, { status: null }, { risk_score: 101 }, { risk_score: 1.5 }, { status: "open" }, { severity: "urgent" }, { determination: "maybe" }, { alert_id: "1", risk_score: 1 }])("update refuses %j", async (input) => {
  const { records, changes } = createTestRecords();
  await expect(runNode(updateAlert, { records, input: input as object })).rejects.toMatchObject({ kind: "invalid-input" });
  expect(changes).toEqual([]);
});

test("stand-ins leave the rest of the run's alert as it is, and know nothing of another", () => {
  const input = updateAlert.input.parse({ risk_score: 10, add_tags: ["a"], remove_tags: ["sshd"] });
  const { data } = updateAlert.simulate!({ config: {}, input, alert: TEST_ALERT });
  expect(data).toMatchObject({ alert_id: TEST_ALERT.id, status: "new", severity: "high", risk_score: 10, risk_label: null, tags: ["a"] });
  const other = "99999999-9999-4999-8999-999999999999";
  expect(updateAlert.simulate!({ config: {}, input: { ...input, alert_id: other }, alert: TEST_ALERT }).data).toMatchObject({ alert_id: other, severity: "medium", tags: ["a"] });
  const held = { ...TEST_ALERT, status: "escalated" };
  expect(assignAlert.simulate!({ config: {}, input: { username: "ada" }, alert: held }).data).toMatchObject({ status: "escalated", assigned_username: "ada" });
  expect(assignAlert.simulate!({ config: {}, input: { username: "ada" }, alert: TEST_ALERT }).data).toMatchObject({ status: "in_progress" });
});

test("the stand-in of update fits its schema", () => {
  const { data } = updateAlert.simulate!({ config: {}, input: updateAlert.input.parse({ risk_score: 10 }) });
  expect(updateAlert.outputs.out.parse(data)).toMatchObject({ changed: ["risk_score"], risk_score: 10 });
});

test("comment writes its text", async () => {
  const { records, comments } = createTestRecords();
  expect((await runNode(commentAlert, { records, input: { text: " seen before " } })).data).toEqual({ comment_id: "comment-1" });
  expect(comments).toEqual(["seen before"]);
  await expect(runNode(commentAlert, { records, input: { text: "  " } })).rejects.toMatchObject({ kind: "invalid-input" });
});

test("get reads the alert as it is", async () => {
  expect((await runNode(getAlert, {})).data).toEqual(TEST_ALERT);
});

test("assign gives the alert to a user or to nobody, and never guesses which", async () => {
  const { records, assignments } = createTestRecords();
  expect((await runNode(assignAlert, { records, input: { username: " ann " } })).data).toMatchObject({ alert_id: TEST_ALERT.id, assigned_username: "ann", changed: ["assigned_to"] });
  expect((await runNode(assignAlert, { records, input: { username: null } })).data).toMatchObject({ assigned_username: null });
  for (const input of [{}, { username: "" }, { username: 7 }]) await expect(runNode(assignAlert, { records, input: input as { username: string } })).rejects.toMatchObject({ kind: "invalid-input" });
  expect(assignments).toEqual(["ann", null]);
});

test("resolve sets status, determination and reason together", async () => {
  const { records, changes } = createTestRecords();
  expect((await runNode(resolveAlert, { records, input: { determination: "benign", reason: " our own scanner " } })).data).toMatchObject({ alert_id: TEST_ALERT.id, status: "resolved", determination: "benign" });
  await runNode(resolveAlert, { records, input: { determination: "malicious", reason: null } });
  expect(changes).toEqual([{ status: "resolved", determination: "benign", resolve_reason: "our own scanner" }, { status: "resolved", determination: "malicious" }]);
});

test.each([{}, { determination: "unknown" }, { determination: null }, { determination: "benign", reason: "x".repeat(2001) }])("resolve refuses %j", async (input) => {
  const { records, changes } = createTestRecords();
  await expect(runNode(resolveAlert, { records, input: input as { determination: "benign" } })).rejects.toMatchObject({ kind: "invalid-input" });
  expect(changes).toEqual([]);
});
