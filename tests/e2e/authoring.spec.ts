/** The first two journeys of DESIGN 1, from an empty page to a live run: the analyst's without code, the developer's with types. */
import { randomUUID } from "node:crypto";
import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, finishedRun, postAlert, signIn } from "./session.ts";

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const inspector = (page: Page) => page.getByRole("complementary", { name: "Inspector" });
const testPanel = (page: Page) => page.getByRole("region", { name: "Test" });

async function newPlaybook(page: Page, name: string): Promise<string> {
  await page.getByRole("link", { name: "Playbooks", exact: true }).click();
  await page.getByRole("button", { name: "New playbook" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/\/edit$/);
  await expect(card(page, "trigger")).toBeVisible();
  return /playbooks\/([^/]+)\/edit/.exec(page.url())![1]!;
}

/** After the selected card. */
async function add(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Tab");
  await page.getByRole("combobox", { name: "Find a node" }).fill(words);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Add a node" })).toBeHidden();
}

async function publish(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Publish/ }).click();
  await expect(page.getByText(/v1 published/).first()).toBeVisible();
}

/** Other tests' alerts are theirs. */
async function switchOff(page: Page, slug: string): Promise<void> {
  const { url } = product();
  expect((await page.request.patch(`${url}/api/v1/playbooks/${slug}`, { headers: { Origin: url }, data: { enabled: false } })).ok()).toBe(true);
}

async function testOn(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await testPanel(page).getByRole("searchbox").fill(title);
  await testPanel(page).getByRole("button", { name: new RegExp(title) }).click();
  await testPanel(page).getByRole("button", { name: "Run the test" }).click();
  await expect(testPanel(page).getByRole("status").getByText("Success", { exact: true })).toBeVisible({ timeout: 20_000 });
}

async function commentsBy(page: Page, playbook: string, alertId: string): Promise<(string | null)[]> {
  const { activities } = await api<{ activities: { action: string; detail: string | null; playbook_name?: string | null }[] }>(page, "GET", `/alerts/${alertId}/activities`);
  return activities.filter(({ action, playbook_name }) => action === "comment" && playbook_name === playbook).map(({ detail }) => detail);
}

test("an analyst draws a playbook, tries it on a past alert, publishes it, and the next alert runs it", async ({ page, request }) => {
  await page.setViewportSize({ width: 1680, height: 950 });
  const past = await postAlert(request, { severity: "medium" });
  await signIn(page);
  const name = `Analyst ${randomUUID().slice(0, 6)}`;
  const slug = await newPlaybook(page, name);

  // Drawn: a condition, and a comment where it holds.
  await page.keyboard.press("ArrowRight");
  await add(page, "condition");
  await expect(card(page, "condition")).toHaveClass(/selected/);
  await add(page, "comment");
  await expect(page.locator(".react-flow__edge")).toHaveCount(2);

  // Filled in by picking fields of the alert.
  await card(page, "condition").click();
  await inspector(page).locator("[data-field=test]").getByRole("textbox").first().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type('alert.severity === "medium"');
  await card(page, "comment").click();
  await inspector(page).getByRole("button", { name: "Insert field into Text" }).click();
  await inspector(page).getByRole("combobox", { name: "Search fields from upstream" }).fill("title");
  await expect(inspector(page).getByRole("treeitem", { name: /title/ }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();

  // Tried on the past alert: the condition is real, the comment is held back.
  await testOn(page, past.title);
  await expect(testPanel(page).getByText(/held back: nothing outside was changed/)).toBeVisible();
  await expect(page.locator(".react-flow__edge text").getByText("result: true")).toBeVisible();
  expect(await commentsBy(page, name, past.id)).toEqual([]);

  // Published: the next such alert is commented on, for real.
  await publish(page);
  const next = await postAlert(request, { severity: "medium" });
  const runId = await finishedRun(page, next.id, slug);
  await page.goto(`${product().url}/runs/${runId}`);
  await expect(page.getByRole("heading", { name }).first()).toBeVisible();
  expect(await commentsBy(page, name, next.id)).toEqual([next.title]);
  await switchOff(page, slug);
});

test("a developer writes a typed code node, breaks and mends it, publishes it, and edits it on", async ({ page, request }) => {
  await page.setViewportSize({ width: 1680, height: 950 });
  const past = await postAlert(request, { severity: "low" });
  await signIn(page);
  const slug = await newPlaybook(page, `Developer ${randomUUID().slice(0, 6)}`);
  await page.keyboard.press("ArrowRight");
  await add(page, "code");
  await add(page, "set fields");
  await expect(card(page, "set")).toBeVisible();

  const studio = page.getByRole("dialog", { name: /code\/.*\.ts/ });
  await card(page, "code").click();
  await inspector(page).getByRole("link", { name: "Open", exact: true }).click();
  await expect(studio.locator(".monaco-editor .view-line").first()).toBeVisible({ timeout: 30_000 });
  const write = async (source: string) => {
    await studio.locator(".monaco-editor .view-lines").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(source);
  };
  await write("export default ({ alert }) => ({ host: alert.hostname ?? 'nowhere', tags: alert.tags.length });\n");
  await expect(studio.getByLabel("Inferred return type")).toContainText("host: string;");
  await page.keyboard.press("Escape");

  // What the code gives is typed for the next node before anything has run.
  const draft = await api<{ revision: number }>(page, "GET", `/playbooks/${slug}/draft`);
  expect(draft.revision).toBeGreaterThan(0);
  const scope = await api<{ fields: { name: string; children?: { name: string; children?: { name: string; type: string }[] }[] }[] }>(page, "POST", `/playbooks/${slug}/draft/scope`, { node: "set" });
  const steps = scope.fields.find(({ name }) => name === "steps");
  expect(steps?.children?.find(({ name }) => name === "code")?.children?.map(({ name, type }) => `${name}: ${type}`)).toEqual(["host: string", "tags: number"]);

  await testOn(page, past.title);
  await publish(page);
  const next = await postAlert(request, { severity: "low" });
  const runId = await finishedRun(page, next.id, slug);
  const run = await api<{ steps: { node_id: string; output: unknown }[] }>(page, "GET", `/runs/${runId}`);
  await switchOff(page, slug);
  expect(run.steps.find(({ node_id }) => node_id === "code")?.output).toEqual({ host: "web-01", tags: expect.any(Number) as unknown });
});
