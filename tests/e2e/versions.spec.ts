import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, signIn } from "./session.ts";

const document = (name: string, title: string) => ({ format: 1, name, trigger: { on: "manual" }, nodes: [{ id: "a", type: "core.set", title, input: { x: { value: 1 } } }], edges: [{ id: "e1", from: "trigger", to: "a" }] });

async function published(page: Page): Promise<{ slug: string; name: string }> {
  const slug = `versions-${randomUUID().slice(0, 8)}`;
  const name = `Versions ${slug.slice(-8)}`;
  for (const title of ["Old step", "New step"]) await api(page, "POST", "/playbooks", { slug, document: document(name, title) });
  return { slug, name };
}

test("a playbook is made from the list, and is a draft until it is published", async ({ page }) => {
  await signIn(page);
  const name = `Made by hand ${randomUUID().slice(0, 8)}`;
  await page.goto(`${product().url}/playbooks`);
  await page.getByRole("button", { name: "New playbook" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/playbooks\/made-by-hand-[0-9a-f]{8}\/edit$/);
  await page.goto(`${product().url}/playbooks`);
  await expect(page.getByRole("row", { name })).toContainText("nothing until it is published");
  await page.getByRole("link", { name }).click();
  await expect(page.getByText("Nothing is drawn yet")).toBeVisible();
});

test("an old version is looked at and restored into the draft, and the draft is discarded", async ({ page }) => {
  await signIn(page);
  const { slug } = await published(page);
  await page.goto(`${product().url}/playbooks/${slug}`);
  const cards = page.locator(".react-flow__node");
  await expect(cards.filter({ hasText: "New step" })).toBeVisible();
  await page.getByRole("tab", { name: "Versions (2)" }).click();
  const versions = page.getByRole("list", { name: "Versions, newest first" });
  await expect(versions.getByRole("listitem").first()).toContainText("changed New step (title)");
  expect((await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  await versions.getByRole("link", { name: "v1" }).click();
  await expect(page).toHaveURL(/\?version=1$/);
  await expect(cards.filter({ hasText: "Old step" })).toBeVisible();
  await page.getByRole("button", { name: "Restore…" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await expect(page).toHaveURL(new RegExp(`/playbooks/${slug}/edit$`));
  expect(await api<{ document: { nodes: { title: string }[] } }>(page, "GET", `/playbooks/${slug}/draft`)).toMatchObject({ differs: true, document: { nodes: [{ title: "Old step" }] } });

  await page.goto(`${product().url}/playbooks/${slug}`);
  await expect(page.getByText("Shown here is version 2, which runs.")).toBeVisible();
  await page.getByRole("button", { name: "Discard…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("Shown here is version 2, which runs.")).toHaveCount(0);
  expect(await api(page, "GET", `/playbooks/${slug}/draft`)).toMatchObject({ differs: false, document: { nodes: [{ title: "New step" }] } });
});
