/** What starts a playbook besides alerts: built in the editor, started by hand, called from outside. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, signIn } from "./session.ts";

/** A playbook that ends with what it was started with, and its trigger's card, open. */
async function open(page: Page, name: string): Promise<{ slug: string; inspector: Locator }> {
  const { slug } = await api<{ slug: string }>(page, "POST", "/playbooks/new", { name: `${name} ${Date.now()}` });
  const { revision } = await api<{ revision: number }>(page, "GET", `/playbooks/${slug}/draft`);
  await api(page, "POST", `/playbooks/${slug}/draft/operations`, {
    revision, operations: [{ op: "add-node", node: { id: "end", type: "core.stop", input: { result: { expr: "trigger" } } } }, { op: "add-edge", edge: { id: "e", from: "trigger", to: "end" } }],
  });
  await page.goto(`${product().url}/playbooks/${slug}/edit`);
  await page.locator('.react-flow__node[data-id="trigger"]').click();
  return { slug, inspector: page.getByRole("complementary", { name: "Inspector" }) };
}

async function publish(page: Page): Promise<void> {
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Publish/ }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(where).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test("a schedule shows its next times, and says what is wrong with it", async ({ page }) => {
  await signIn(page);
  const { slug, inspector } = await open(page, "Scheduled");
  await inspector.getByLabel("When").selectOption("schedule");
  await inspector.getByLabel("How often").selectOption({ label: "On weekdays at 08:00" });
  await inspector.getByLabel("Time zone").fill("Europe/Berlin");
  await expect(inspector.getByRole("list", { name: "Next times" }).getByRole("listitem")).toHaveCount(3);
  await expect(inspector.getByRole("list", { name: "Next times" })).toContainText("08:00");
  await expect(page.locator('.react-flow__node[data-id="trigger"]')).toContainText("On weekdays at 08:00, Berlin");
  await expectAccessible(page, "#inspector");

  await inspector.getByLabel("Times", { exact: true }).fill("0 25 * * *");
  await expect(inspector.getByText(/Invalid value for hour/)).toBeVisible();
  await inspector.getByLabel("Times", { exact: true }).fill("30 6 * * *");
  await publish(page);
  const { trigger } = await api<{ trigger: { schedule: { next_at: string | null } } }>(page, "GET", `/playbooks/${slug}`);
  expect(trigger).toMatchObject({ on: "schedule", schedule: { cron: "30 6 * * *", timezone: "Europe/Berlin" } });
  await expect.poll(async () => (await api<{ trigger: { schedule: { next_at: string | null } } }>(page, "GET", `/playbooks/${slug}`)).trigger.schedule.next_at).not.toBeNull();
});

test("a manual start asks by its form, and is refused field by field", async ({ page }) => {
  await signIn(page);
  const { slug, inspector } = await open(page, "Asked");
  await inspector.getByLabel("When").selectOption("manual");
  await inspector.getByRole("button", { name: "Ask for something" }).click();
  await inspector.getByLabel("Name", { exact: true }).fill("host");
  await inspector.getByLabel("Label").fill("Which host?");
  await inspector.getByRole("button", { name: "Ask for something" }).click();
  const second = inspector.getByRole("listitem", { name: "field2" });
  await second.getByLabel("Kind").selectOption("number");
  await second.getByLabel("Begins with").fill("24");
  await second.getByLabel("Needed").uncheck();
  await expectAccessible(page, "#inspector");
  await publish(page);

  await page.goto(`${product().url}/playbooks/${slug}`);
  await page.getByRole("button", { name: "Run…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await expect(dialog.getByText("this is needed")).toBeVisible();
  await dialog.getByLabel("Which host?").fill("web-1");
  await dialog.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForURL(/\/runs\//);
  const id = page.url().split("/").at(-1)!.split("?")[0]!;
  await expect.poll(async () => (await api<{ result: unknown }>(page, "GET", `/runs/${id}`)).result).toMatchObject({ result: { host: "web-1", field2: 24 } });
});

test("a webhook of its own: an address that is shown once, and the answer of the run", async ({ page }) => {
  await signIn(page);
  const { inspector } = await open(page, "Called");
  await inspector.getByLabel("When").selectOption("webhook");
  await inspector.getByLabel("Answers").selectOption("result");
  await inspector.getByRole("button", { name: "Make an address" }).click();
  const url = (await inspector.getByLabel("address", { exact: true }).textContent())!;
  expect(url).toMatch(/\/api\/v1\/hooks\/[\w-]{43}$/);
  await expectAccessible(page, "#inspector");
  await publish(page);
  const answer = await page.request.post(`${product().url}/api/v1/hooks/${url.split("/").at(-1)}`, { data: { a: 1 } });
  expect([answer.status(), await answer.json()]).toEqual([200, { a: 1 }]);
});
