import { expect, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { finishedRun, postAlert, signIn } from "./session.ts";

test("an analyst works through the queue with the keyboard", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  await page.keyboard.press("/");
  await page.keyboard.type(alert.title);
  await expect(page.getByText("1 of", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: alert.title })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("c");
  await expect(page.getByRole("row", { name: alert.title })).toContainText("In progress");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/alerts/${alert.id}`));
  await expect(page.getByText("Assigned to admin")).toBeVisible();
});

test("resolving without a determination is refused at the field, and with one it is done", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  await page.goto(`${product().url}/alerts/${alert.id}`);
  await page.getByRole("button", { name: "Resolve" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Unknown").check();
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await expect(dialog.getByRole("alert")).toContainText("determination");
  await dialog.getByLabel("Benign").check();
  await dialog.getByLabel("Reason").fill("A scheduled scan");
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Resolved", { exact: true }).first()).toBeVisible();
  await expect(page.getByText("A scheduled scan").first()).toBeVisible();
});

test("a comment stays, and an automated change leads to the step that made it", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const runId = await finishedRun(page, alert.id, "first-look");
  await page.goto(`${product().url}/alerts/${alert.id}`);
  const history = page.getByRole("region", { name: "History" });
  await history.getByRole("textbox", { name: "Comment" }).fill("Looked at the sign-in log <b>twice</b>");
  await history.getByRole("button", { name: "Comment" }).click();
  await expect(history.getByText("Looked at the sign-in log <b>twice</b>", { exact: true }).last()).toBeVisible();

  await history.locator(`a[href*="/runs/${runId}?step="]`).first().click();
  await expect(page).toHaveURL(new RegExp(`/runs/${runId}\\?step=`));
  const inspector = page.getByRole("complementary", { name: "Step" });
  await inspector.getByRole("tab", { name: /Changes \([1-9]/ }).click();
  await expect(inspector.getByRole("tabpanel").getByRole("listitem").first()).toBeVisible();
});

test("the queue shows an alert as it arrives and keeps the chosen row chosen", async ({ page, request }) => {
  const first = await postAlert(request);
  await signIn(page);
  await expect(page.getByRole("link", { name: first.title })).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.keyboard.press("j");
  const chosen = page.locator('tr[aria-current="true"]');
  const id = await chosen.getAttribute("data-alert");
  const second = await postAlert(request);
  await expect(page.getByRole("link", { name: second.title })).toBeVisible();
  await expect(chosen).toHaveAttribute("data-alert", id!);
});
