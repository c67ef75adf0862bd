import { execFileSync } from "node:child_process";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";

const TITLE = "Multiple authentication failures followed by a success.";

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

test("a newcomer signs in, pastes the curl line, sees the alert appear and reads a step of its run", async ({ page }) => {
  const { url, username, password, curl } = product();

  await page.goto(url);
  await expect(page).toHaveURL(/\/login/);
  await expectAccessible(page);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/alerts/);
  await expect(page.getByText(TITLE)).toHaveCount(0);

  const answer = JSON.parse(execFileSync("bash", ["-c", curl], { encoding: "utf8" })) as { status: string; severity: string; duplicate: boolean };
  expect(answer).toMatchObject({ status: "accepted", severity: "high", duplicate: false });

  // Without a reload.
  const entry = page.getByRole("link", { name: TITLE }).first();
  await expect(entry).toBeVisible();
  await expectAccessible(page);
  await entry.click();
  await expect(page.getByRole("heading", { name: TITLE })).toBeVisible();
  await expect(page.getByText("185.220.101.34").first()).toBeVisible();

  // The run that needs no connection; what it did is drawn on the canvas, and each step can be read.
  await page.getByRole("link", { name: /^First look v\d+ Success/ }).click();
  await expect(page).toHaveURL(/\/runs\//);
  const cards = page.locator(".react-flow__node");
  await expect(cards.filter({ hasText: "Success" })).not.toHaveCount(0);
  await cards.filter({ hasText: "Success" }).first().click();
  const inspector = page.getByRole("complementary", { name: "Step" });
  await inspector.getByRole("tab", { name: "Output" }).click();
  await expect(inspector.getByRole("tabpanel")).toBeVisible();
  await expectAccessible(page);
});

test("a wrong password says so and nothing more", async ({ page }) => {
  await page.goto(`${product().url}/login`);
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page).toHaveURL(/\/login/);
});
