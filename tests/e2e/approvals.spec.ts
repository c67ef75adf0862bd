import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { startSlack, type SlackSimulator } from "#tests/simulators/slack.ts";
import { api, type PostedAlert, postAlert, signIn } from "./session.ts";

let slack: SlackSimulator;

test.beforeEach(async () => {
  slack = await startSlack();
});
test.afterEach(() => slack.close());

type Node = Record<string, unknown>;

async function publish(page: Page, slug: string, nodes: Node[], edges: [string, string, string][]): Promise<void> {
  await api(page, "POST", "/playbooks", { slug, document: { format: 1, name: slug, trigger: { on: "manual" }, nodes, edges: edges.map(([from, port, to], at) => ({ id: `e${at}`, from, port, to })) } });
}

async function start(page: Page, slug: string, alert?: PostedAlert): Promise<string> {
  return (await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, alert ? { alert_id: alert.id } : {})).run_id;
}

/** A containment as playbooks do it today: it tells the people who pull the plug, and only when somebody allows it. */
async function containment(page: Page, slug: string, approval: object = { text: "Is it a server? Then call its owner first." }): Promise<void> {
  await api(page, "POST", "/integrations", { type: "slack", name: slug, settings: { webhook_url: slack.webhookUrl }, allow_private: true });
  await publish(page, slug, [
    { id: "isolate", type: "slack.post-message", title: "Isolate the host", connection: slug, approval, onFailure: "port", input: { text: { expr: "`isolate ${alert?.hostname} (${alert?.source_ip})`" } } },
    { id: "told", type: "core.set", title: "Isolated", input: { isolated: { value: true } } },
    { id: "kept", type: "core.set", title: "Left alone", input: { isolated: { value: false } } },
  ], [["trigger", "out", "isolate"], ["isolate", "out", "told"], ["isolate", "failed", "kept"]]);
}

const row = (page: Page, runId: string) => page.locator("article", { has: page.locator(`a[href^="/runs/${runId}"]`) });
const card = (page: Page, title: string) => page.locator(".react-flow__node", { hasText: title });

test("an analyst allows a containment, seeing exactly what it will do, and the run goes on", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const slug = `browser-test-approve-${Date.now()}`;
  await containment(page, slug);
  await page.goto(`${product().url}/approvals`);
  const before = Number((await page.getByRole("link", { name: /^Approvals/ }).getAttribute("aria-label"))?.match(/\d+/)?.[0] ?? 0);
  const runId = await start(page, slug, alert);

  // Nobody reloads: the list and the navigation hear of it.
  const asked = row(page, runId);
  await expect(asked).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("link", { name: `Approvals, ${before + 1} waiting for a person` })).toBeVisible();
  await expect(asked).toContainText("isolate web-01 (203.0.113.45)");
  await expect(asked).toContainText("Is it a server?");
  await expect(asked.getByRole("link", { name: alert.title })).toBeVisible();
  expect(slack.messages).toEqual([]);

  await asked.getByRole("textbox", { name: /^Reason/ }).fill("a laptop, owner told");
  await asked.getByRole("button", { name: "Approve" }).click();
  await expect(asked).toHaveCount(0);
  await expect(page.getByText("Approved", { exact: true })).toBeVisible();
  await expect.poll(() => slack.messages.map(({ text }) => text)).toEqual(["isolate web-01 (203.0.113.45)"]);

  await page.getByRole("link", { name: "Answered" }).click();
  const answered = page.getByRole("row", { name: new RegExp(slug) });
  await expect(answered).toContainText("Approved");
  await expect(answered).toContainText("a laptop, owner told");
  await answered.getByRole("link", { name: "Isolate the host" }).click();
  await expect(card(page, "Isolated")).toContainText("Success");
});

test("a refusal on the run's page takes the way that the playbook has for it", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const slug = `browser-test-refuse-${Date.now()}`;
  await containment(page, slug);
  const runId = await start(page, slug, alert);
  await page.goto(`${product().url}/runs/${runId}`);
  const panel = page.getByRole("region", { name: "Approval of Isolate the host" });
  await expect(panel).toContainText("isolate web-01 (203.0.113.45)", { timeout: 15_000 });
  await expect(card(page, "Isolate the host")).toContainText("Waits for approval");

  await panel.getByRole("textbox", { name: /^Reason/ }).fill("it is the mail server");
  await panel.getByRole("button", { name: "Refuse" }).click();
  await expect(panel).toHaveCount(0);
  await expect(card(page, "Left alone")).toContainText("Success", { timeout: 15_000 });
  await card(page, "Isolate the host").click();
  await expect(page.getByText("admin refused it: it is the mail server").first()).toBeVisible();
  expect(slack.messages).toEqual([]);
});

test("a question's form says what does not fit, and its answer is a port", async ({ page }) => {
  await signIn(page);
  const slug = `browser-test-ask-${Date.now()}`;
  await publish(page, slug, [
    { id: "ask", type: "core.ask", title: "Ask the owner", config: { answers: [{ port: "block", label: "Block it" }, { port: "leave", label: "Leave it" }], fields: [{ name: "hours", label: "For how many hours?", type: "number", required: true }, { name: "who", label: "Whose is it?", type: "choice", choices: ["IT", "Sales"] }] }, input: { question: { value: "Block 203.0.113.45?" }, details: { value: "It was seen twelve times today." } } },
    { id: "end", type: "core.stop", title: "Blocked", input: { result: { expr: "steps.ask" } } },
  ], [["trigger", "out", "ask"], ["ask", "block", "end"]]);
  const runId = await start(page, slug);
  await page.goto(`${product().url}/approvals?kind=question`);
  const asked = row(page, runId);
  await expect(asked).toContainText("Block 203.0.113.45?", { timeout: 15_000 });
  await expect(asked).toContainText("It was seen twelve times today.");

  await asked.getByLabel("For how many hours? (needed)").fill("a few");
  await asked.getByRole("button", { name: "Block it" }).click();
  await expect(asked.getByText("give a number")).toBeVisible();
  await asked.getByLabel("For how many hours? (needed)").fill("4");
  await asked.getByLabel("Whose is it?").selectOption("Sales");
  await asked.getByRole("button", { name: "Block it" }).click();
  await expect(asked).toHaveCount(0);
  await page.goto(`${product().url}/runs/${runId}`);
  await expect(card(page, "Blocked")).toContainText("Success", { timeout: 15_000 });
  expect((await api<{ result: unknown }>(page, "GET", `/runs/${runId}`)).result).toMatchObject({ result: { answer: "block", values: { hours: 4, who: "Sales" }, by: "admin" } });
});

test("by keys alone: one moves, says what Enter will mean, and may think better of it", async ({ page }) => {
  await signIn(page);
  const slug = `browser-test-keys-${Date.now()}`;
  await containment(page, slug, {});
  const [first, second] = [await start(page, slug), await start(page, slug)];
  await page.goto(`${product().url}/approvals?kind=approval`);
  await expect(row(page, second)).toBeVisible({ timeout: 15_000 });

  await page.keyboard.press("a");
  await expect(page.locator("article[aria-current]").getByText("Enter approves")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Enter approves")).toHaveCount(0);
  while (!(await row(page, first).getAttribute("aria-current"))) await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(row(page, second)).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("r");
  await page.keyboard.type("not today");
  await page.keyboard.press("Enter");
  await expect(row(page, second)).toHaveCount(0);
  // The last of the list is gone: the one before it has its place.
  await expect(row(page, first)).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("Enter refuses")).toHaveCount(0);
  await page.keyboard.press("a");
  await page.keyboard.press("Enter");
  await expect(row(page, first)).toHaveCount(0);
  await expect.poll(() => slack.messages.length).toBe(1);
  const { approvals } = await api<{ approvals: { run: { id: string }; answer: { choice: string; reason: string | null } }[] }>(page, "GET", "/approvals?status=answered");
  expect(approvals.filter(({ run }) => run.id === first || run.id === second).map(({ answer }) => [answer.choice, answer.reason])).toEqual([["approve", null], ["refuse", "not today"]]);
});

test("who may not answer sees everything, and why", async ({ page }) => {
  await signIn(page);
  const slug = `browser-test-roles-${Date.now()}`;
  await containment(page, slug, { roles: ["tenant_admin"], timeout: 86_400 });
  const runId = await start(page, slug);
  await page.goto(`${product().url}/approvals`);
  const asked = row(page, runId);
  await expect(asked).toContainText("tenant_admin", { timeout: 15_000 });
  await expect(asked).toContainText("refused in 23h");
  await expect(asked.getByRole("button", { name: "Approve" })).toHaveAttribute("aria-disabled", "true");
  await expect(asked.getByText("Only tenant_admin may answer this; your role is admin")).toBeVisible();
  await page.goto(`${product().url}/runs/${runId}`);
  await expect(card(page, "Isolate the host")).toContainText("Waits for approval by tenant_admin");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("button", { name: "Re-run" })).toBeVisible();
  await page.goto(`${product().url}/approvals?tab=answered`);
  await expect(page.getByRole("row", { name: new RegExp(slug) })).toContainText("Withdrawn");
});
