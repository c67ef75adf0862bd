import { expect, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, postAlert, signIn } from "./session.ts";

test("a test's page shows what would have run and with what, and repeats it as a test", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const slug = `browser-test-held-${Date.now()}`;
  await api(page, "POST", "/playbooks", {
    slug,
    document: {
      format: 1, name: slug,
      nodes: [
        { id: "score", type: "core.set", title: "Score it", input: { points: { value: 7 } } },
        { id: "tell", type: "slack.post-message", title: "Tell the team", input: { text: { expr: "`${alert.title}: ${steps.score.points}`" } } },
        { id: "close", type: "alert.resolve", title: "Resolve it", input: { determination: { value: "benign" } } },
        { id: "note", type: "core.set", title: "Take note", input: { status: { expr: "steps.close.status" } } },
      ],
      edges: [["trigger", "score"], ["score", "tell"], ["tell", "close"], ["close", "note"]].map(([from, to], at) => ({ id: `e${at}`, from, to })),
    },
  });
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/draft/test`, { alert_id: alert.id, upto: "close", pins: { score: { port: "out", data: { points: 99 } } } });
  await page.goto(`${product().url}/runs/${run_id}`);
  const card = (text: string) => page.locator(".react-flow__node", { hasText: text });
  await expect(card("Tell the team")).toContainText("Would have run");
  await expect(card("Resolve it")).toContainText("Would have run");
  await expect(card("Score it")).toContainText("Pinned");
  await expect(card("Take note")).toContainText("Not reached");
  await expect(page.getByText("draft", { exact: true })).toBeVisible();
  await expect(page.getByText(/up to/)).toContainText("Resolve it");

  await card("Tell the team").click();
  const inspector = page.getByRole("complementary", { name: "Step" });
  await expect(inspector.getByText("Held back: this is what it would have sent.", { exact: false })).toBeVisible();
  await expect(inspector.getByRole("tabpanel", { name: "Input" })).toContainText(`${alert.title}: 99`);
  await inspector.getByRole("tab", { name: "Output, simulated" }).click();
  await expect(inspector.getByRole("tabpanel", { name: "Output, simulated" })).toContainText("channel");
  await card("Score it").click();
  await expect(inspector.getByText("Pinned: it was not executed", { exact: false }).first()).toBeVisible();

  await page.getByRole("button", { name: "Test again" }).click();
  await expect(page).not.toHaveURL(new RegExp(run_id));
  await expect(card("Tell the team")).toContainText("Would have run");

  // Nothing of it shows where live runs do.
  await page.goto(`${product().url}/alerts/${alert.id}`);
  await expect(page.getByRole("heading", { name: alert.title })).toBeVisible();
  await expect(page.getByText(slug)).toHaveCount(0);
  await page.goto(`${product().url}/runs?mode=test&playbook=${slug}`);
  await expect(page.getByRole("row", { name: new RegExp(slug) })).toHaveCount(2);
});
