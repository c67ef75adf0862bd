import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, finishedRun, postAlert, signIn } from "./session.ts";

/** Colours are judged as they are at rest: a card that still fades in has another contrast. */
async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** A step of a test that would have changed something. */
async function heldStep(page: Page, alertId: string): Promise<{ runId: string; stepId: string }> {
  const { run_id: runId } = await api<{ run_id: string }>(page, "POST", "/playbooks/first-look/draft/test", { alert_id: alertId });
  let stepId: string | undefined;
  await expect.poll(async () => (stepId = (await api<{ steps: { id: string; status: string }[] }>(page, "GET", `/runs/${runId}`)).steps.find(({ status }) => status === "held")?.id)).toBeDefined();
  return { runId, stepId: stepId! };
}

/** A run that asks for approval and has a question, both with long words. */
async function waitingRun(page: Page, alertId: string): Promise<string> {
  const slug = `browser-test-asks-${Date.now()}`;
  await api(page, "POST", "/playbooks", { slug, document: {
    format: 1, name: "Contain", trigger: { on: "manual" },
    nodes: [
      { id: "ask", type: "core.ask", config: { fields: [{ name: "who", label: "Whose is it?", type: "choice", choices: ["IT"], required: true }, { name: "sure", label: "Sure", type: "boolean" }] }, input: { question: { expr: "alert?.title.slice(0, 400) ?? '?'" } } },
      { id: "close", type: "alert.resolve", approval: { text: "x".repeat(300), roles: ["admin", "tenant_admin"], timeout: 86_400 }, input: { determination: { value: "benign" }, reason: { expr: "alert?.hostname" } } },
    ],
    edges: [{ id: "e1", from: "trigger", to: "ask" }, { id: "e2", from: "trigger", to: "close" }],
  } });
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, { alert_id: alertId });
  await expect.poll(async () => (await api<{ total: number }>(page, "GET", `/approvals?run_id=${run_id}`)).total).toBe(2);
  return run_id;
}

for (const theme of ["dark", "light"] as const) {
  test(`every page is accessible and fits 1280 in the ${theme} theme`, async ({ page, request }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.context().addCookies([{ name: "theme", value: theme, url: product().url }]);
    await signIn(page);
    const long = await postAlert(request, { title: "A title that does not end ".repeat(22), hostname: `host-${"x".repeat(180)}`, tags: ["t".repeat(120)] });
    const runId = await finishedRun(page, long.id, "first-look");
    const tested = await heldStep(page, long.id);
    const asking = await waitingRun(page, long.id);
    const { playbooks } = { playbooks: await api<{ slug: string }[]>(page, "GET", "/playbooks") };
    expect(playbooks.length).toBeGreaterThan(0);

    const pages: [name: string, path: string, ready: RegExp | string][] = [
      ["queue", "/alerts", "Alerts"],
      ["empty queue", "/alerts?q=there-is-no-such-alert", "Alerts"],
      ["alert", `/alerts/${long.id}`, /A title that does not end/],
      ["approvals", "/approvals", "Approvals"],
      ["run that asks", `/runs/${asking}`, "Contain"],
      ["answered approvals", "/approvals?tab=answered", "Approvals"],
      ["no approvals", "/approvals?kind=decision", "Approvals"],
      ["runs", "/runs", "Runs"],
      ["run", `/runs/${runId}`, "First look"],
      ["test", `/runs/${tested.runId}?step=${tested.stepId}`, "First look"],
      ["playbooks", "/playbooks", "Playbooks"],
      ["playbook", `/playbooks/${playbooks[0]!.slug}`, /./],
      ["editor", "/playbooks/first-look/edit", "First look"],
      ["connections", "/settings/connections", "Settings"],
      ["API keys", "/settings/api-keys", "Settings"],
      ["account", "/settings/account", "Settings"],
      ["not found", "/there-is-no-such-page", "There is nothing here"],
    ];
    for (const [name, path, ready] of pages) {
      await page.goto(product().url + path);
      await expect(page.getByRole("heading", { level: 1, name: ready })).toBeVisible();
      if (["run", "test", "playbook"].includes(name)) await expect(page.locator(".react-flow__node").first()).toBeVisible();
      await expectNoSidewaysScroll(page, name);
      await expectAccessible(page, name);
    }
  });
}

test("dialogs and the palette are accessible", async ({ page, request }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await signIn(page);
  const alert = await postAlert(request);

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(alert.title);
  await expect(page.getByRole("option", { name: alert.title })).toBeVisible();
  await expectAccessible(page, "palette");

  await page.goto(`${product().url}/settings/connections`);
  await page.getByRole("button", { name: "Connect a product" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "connection form");
});
