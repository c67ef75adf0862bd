import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, finishedRun, postAlert, signIn } from "./session.ts";

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
}

test("a draft is backtested from its playbook's page, and each alert shows both versions side by side", async ({ page, request }) => {
  await signIn(page);
  const slug = `backtest-${randomUUID().slice(0, 8)}`;
  const nodes = [
    { id: "severe", type: "core.condition", input: { test: { expr: "alert?.severity === 'critical'" } } },
    { id: "raise", type: "alert.update", input: { severity: { value: "critical" } } },
    { id: "close", type: "alert.resolve", input: { determination: { value: "benign" } } },
  ];
  const edges = [["trigger", "out", "severe"], ["severe", "true", "raise"], ["severe", "false", "close"]].map(([from, port, to], at) => ({ id: `e${at}`, from, port, to }));
  await api(page, "POST", "/playbooks", { slug, document: { format: 1, name: `Backtested ${slug}`, trigger: { on: "manual" }, nodes, edges } });
  const alerts = [await postAlert(request, { severity: "high" }), await postAlert(request, { severity: "low" })];
  for (const { id } of alerts) {
    await api(page, "POST", `/playbooks/${slug}/run`, { alert_id: id });
    await finishedRun(page, id, slug);
  }
  const { revision } = await api<{ revision: number }>(page, "GET", `/playbooks/${slug}/draft`);
  await api(page, "POST", `/playbooks/${slug}/draft/operations`, { revision, operations: [{ op: "set-input", id: "severe", field: "test", binding: { expr: "alert?.severity !== 'low'" } }] });

  await page.goto(`${product().url}/playbooks/${slug}`);
  await page.getByRole("button", { name: "Backtest…" }).click();
  const dialog = page.getByRole("dialog", { name: "Backtest the draft" });
  await dialog.getByLabel("Last alerts").fill("20");
  await dialog.getByRole("button", { name: "Start" }).click();
  await expect(page).toHaveURL(/\/backtests\/[0-9a-f-]{36}$/);
  // Nothing is loaded by hand: the page follows.
  await expect(page.getByRole("status").filter({ hasText: "2 alerts compared" })).toBeVisible();
  const outcomes = page.getByRole("navigation", { name: "Outcomes" });
  await expect(outcomes.getByRole("link", { name: "Different 1" })).toBeVisible();
  await expect(outcomes.getByRole("link", { name: "Same 1" })).toBeVisible();

  await outcomes.getByRole("link", { name: "Different 1" }).click();
  await expect(page.getByRole("link", { name: alerts[1]!.title })).toHaveCount(0);
  await page.getByRole("button", { name: `Both versions on ${alerts[0]!.title}` }).click();
  await expect(page.getByRole("list", { name: "Differences" })).toContainText("would also write by raise");
  await expect(page.getByRole("region", { name: "Draft", exact: true })).toContainText("critical");
  await expect(page.getByRole("region", { name: "Published", exact: true })).toContainText("close");
  await expectAccessible(page);
  await page.getByRole("region", { name: "Draft", exact: true }).getByRole("link", { name: "Open the run" }).click();
  await expect(page).toHaveURL(/\/runs\//);

  await page.goto(`${product().url}/playbooks/${slug}/backtests`);
  await expect(page.getByRole("link", { name: "2 alerts compared" })).toBeVisible();
  expect((await api<{ total: number }>(page, "GET", `/runs?playbook=${slug}`)).total).toBe(2);
});
