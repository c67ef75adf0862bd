import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, signIn } from "./session.ts";

type Node = Record<string, unknown>;

async function publish(page: Page, slug: string, nodes: Node[], edges: [string, string, string][]): Promise<void> {
  await api(page, "POST", "/playbooks", { slug, document: { format: 1, name: slug, trigger: { on: "manual" }, nodes, edges: edges.map(([from, port, to], at) => ({ id: `e${at}`, from, port, to })) } });
}

async function finished(page: Page, slug: string): Promise<string> {
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, {});
  await expect.poll(async () => (await api<{ status: string }>(page, "GET", `/runs/${run_id}`)).status, { timeout: 20_000 }).toMatch(/success|failed/);
  return run_id;
}

const card = (page: Page, title: string) => page.locator(".react-flow__node", { hasText: title });

test("a person finds the item that failed among thirty, in a loop within a loop", async ({ page }) => {
  await signIn(page);
  const slug = `browser-test-loop-${Date.now()}`;
  await publish(page, slug, [
    { id: "hosts", type: "core.each", title: "Each host", config: { concurrency: 5, onItemFailure: "continue" }, input: { items: { expr: "Array.from({ length: 30 }, (_, at) => ({ name: `web-${at + 1}`, ports: [22, 443] }))" } } },
    { id: "ports", type: "core.each", title: "Each port", in: "hosts", input: { items: { expr: "item.ports" } } },
    { id: "probe", type: "core.set", title: "Probe the port", in: "ports", input: { open: { expr: "steps.hosts.item.name === 'web-17' && item === 443 ? JSON.parse('{') : true" } } },
    { id: "done", type: "core.set", title: "Report", input: { failed: { expr: "steps.hosts.failed" } } },
  ], [["trigger", "out", "hosts"], ["hosts", "out", "done"]]);
  const runId = await finished(page, slug);
  await page.goto(`${product().url}/runs/${runId}`);
  await expect(card(page, "Each host")).toContainText("30 items, 1 failed");
  await expect(card(page, "Probe the port")).toContainText("60 times, 1 failed");

  // It opens where it failed.
  const inspector = page.getByRole("complementary", { name: "Step" });
  await expect(inspector.getByRole("heading", { name: "Probe the port" })).toBeVisible();
  await expect(inspector.getByRole("button", { name: /Each host 17 of 30: web-17/ })).toBeVisible();
  await expect(inspector.getByRole("button", { name: /Each port 2 of 2: 443/ })).toBeVisible();

  await inspector.getByRole("button", { name: "Previous of Each port" }).click();
  await expect(inspector.getByRole("button", { name: /Each port 1 of 2: 22/ })).toBeVisible();
  await expect(card(page, "Probe the port")).toContainText("Success");
  await inspector.getByRole("button", { name: /Each host 17 of 30/ }).click();
  const list = inspector.getByRole("list", { name: "Iterations" });
  await expect(list.getByRole("button").first()).toContainText("web-17");
  await inspector.getByRole("searchbox", { name: "Filter iterations" }).fill("web-9");
  await list.getByRole("button", { name: /web-9/ }).click();
  await expect(inspector.getByRole("button", { name: /Each host 9 of 30: web-9/ })).toBeVisible();
  await expect(page).toHaveURL(/\?step=/);
  await page.reload();
  await expect(inspector.getByRole("button", { name: /Each host 9 of 30: web-9/ })).toBeVisible();

  await card(page, "Each host").click();
  await inspector.getByRole("tab", { name: "Items (30)" }).click();
  await inspector.getByRole("list", { name: "Iterations" }).getByRole("button", { name: /web-17/ }).click();
  await expect(inspector.getByText("The input was not usable")).toBeVisible();
});

test("a run that another one started is a click away, and so is the way back", async ({ page }) => {
  await signIn(page);
  const [child, parent] = [`browser-test-child-${Date.now()}`, `browser-test-parent-${Date.now()}`];
  await publish(page, child, [{ id: "ask", type: "core.ask", title: "Go on?", input: { question: { value: "Go on?" } } }], [["trigger", "out", "ask"]]);
  await publish(page, parent, [{ id: "sub", type: "core.run-playbook", title: "Run the other", config: { playbook: child }, input: {} }], [["trigger", "out", "sub"]]);
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${parent}/run`, {});
  await page.goto(`${product().url}/runs/${run_id}`);
  await expect(card(page, "Run the other")).toContainText("Waits for its run", { timeout: 15_000 });
  await card(page, "Run the other").click();
  await page.getByRole("link", { name: `Run of ${child}` }).click();
  await expect(page.getByRole("heading", { level: 1, name: child })).toBeVisible();
  await expect(page.getByRole("region", { name: "Question of Go on?" })).toBeVisible();
  await page.getByRole("link", { name: parent }).click();
  await expect(page.getByRole("complementary", { name: "Step" }).getByRole("heading", { name: "Run the other" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelling, with 1 run that it started")).toBeVisible();
  await expect(page.getByText("Cancelled").first()).toBeVisible();
});
