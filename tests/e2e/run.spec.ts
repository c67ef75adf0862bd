import { expect, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, finishedRun, postAlert, signIn } from "./session.ts";

test("a person reads a run step by step with the arrow keys, and a link brings another to the same step", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const runId = await finishedRun(page, alert.id, "first-look");
  await page.goto(`${product().url}/runs/${runId}`);
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  await expect(page.locator(".react-flow__edge.line-fired").first()).toBeAttached();

  await page.keyboard.press("ArrowRight");
  const inspector = page.getByRole("complementary", { name: "Step" });
  const first = await inspector.getByRole("heading", { level: 2 }).textContent();
  await page.keyboard.press("ArrowRight");
  await expect(inspector.getByRole("heading", { level: 2 })).not.toHaveText(first!);
  const second = await inspector.getByRole("heading", { level: 2 }).textContent();
  await expect(page).toHaveURL(/\?step=/);
  await page.reload();
  await expect(inspector.getByRole("heading", { level: 2 })).toHaveText(second!);
  await expect(page.getByRole("list", { name: "Steps in time order" }).getByRole("button", { name: second! })).toHaveAttribute("aria-current", "step");
  await page.keyboard.press("Escape");
  await expect(inspector).toBeHidden();
});

test("a run that waits says for what, moves when it is cancelled, and runs again", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const slug = `browser-test-wait-${Date.now()}`;
  await api(page, "POST", "/playbooks", {
    slug,
    document: {
      format: 1, name: slug, trigger: { on: "manual" },
      nodes: [{ id: "pause", type: "core.delay", title: "Give it time", input: { seconds: { value: 3600 } } }, { id: "done", type: "core.stop", input: {} }],
      edges: [{ id: "e1", from: "trigger", to: "pause" }, { id: "e2", from: "pause", to: "done" }],
    },
  });
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, { alert_id: alert.id });
  await page.goto(`${product().url}/runs/${run_id}`);
  await expect(page.locator(".react-flow__node", { hasText: "Give it time" })).toContainText("Waiting");
  await expect(page.getByText(/"Give it time" waits/)).toBeVisible();

  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Re-run" })).toBeVisible();
  await expect(page.getByText("Cancelled").first()).toBeVisible();

  await page.getByRole("button", { name: "Re-run" }).click();
  await page.getByRole("dialog", { name: "Re-run" }).getByRole("button", { name: "Re-run" }).click();
  await expect(page).not.toHaveURL(new RegExp(run_id));
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Re-run" })).toBeVisible();
});

test("a playbook runs on an alert that one looks up", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  await page.goto(`${product().url}/playbooks/first-look`);
  await page.getByRole("button", { name: /Run on alert/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Find the alert").fill(alert.title);
  await dialog.getByRole("button", { name: alert.title }).click();
  await expect(dialog.getByText(/The trigger would/)).toBeVisible();
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole("heading", { level: 1, name: "First look" })).toBeVisible();
});
