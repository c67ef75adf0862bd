import { expect, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { signIn } from "./session.ts";

test("a key is shown once, works, and stops working when it is revoked", async ({ page, request }) => {
  await signIn(page);
  await page.goto(`${product().url}/settings/api-keys`);
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Browser test key");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = (await page.getByLabel("API key", { exact: true }).textContent())!.trim();
  expect(key).toMatch(/^soar_/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  const post = () => request.post(`${product().url}/api/v1/webhooks/alerts`, { headers: { "X-API-Key": key }, data: { title: "Sent with a new key", severity: "low" } });
  expect((await post()).status()).toBe(202);
  await page.getByRole("row", { name: /Browser test key/ }).first().getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row", { name: /Browser test key/ }).first()).toContainText("Revoked");
  await expect.poll(async () => (await post()).status()).toBe(401);
});

test("a connection takes its secret and never shows it", async ({ page }) => {
  await signIn(page);
  await page.goto(`${product().url}/settings/connections`);
  await page.getByRole("button", { name: "Connect a product" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Product").selectOption({ label: "VirusTotal" });
  await dialog.getByLabel("Name").fill("Browser test connection");
  await dialog.getByLabel("API key").fill("a-secret-that-nobody-sees-again");
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  const row = page.getByRole("row", { name: /Browser test connection/ });
  await expect(row).toContainText("not checked");
  expect(await page.content()).not.toContain("a-secret-that-nobody-sees-again");
  await row.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
});

test("an address without a page says so, inside the frame", async ({ page }) => {
  await signIn(page);
  const answer = await page.goto(`${product().url}/alerts/00000000-0000-4000-8000-000000000000`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(page.getByText("There is no such alert.")).toBeVisible();
});
