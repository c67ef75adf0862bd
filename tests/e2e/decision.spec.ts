import { expect, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { startSlack } from "#tests/simulators/slack.ts";
import { api, signIn } from "./session.ts";

/** A message to a Slack whose answer is lost, once; its connection has a name of its own, so other tests never use it. */
async function playbookThatPosts(page: Parameters<typeof api>[0], slug: string, webhookUrl: string): Promise<void> {
  await api(page, "POST", "/integrations", { type: "slack", name: slug, settings: { webhook_url: webhookUrl }, allow_private: true });
  await api(page, "POST", "/playbooks", {
    slug,
    document: {
      format: 1, name: slug, trigger: { on: "manual" },
      nodes: [
        { id: "tell", type: "slack.post-message", title: "Tell the channel", connection: slug, input: { text: { value: "host isolated" } } },
        { id: "done", type: "core.stop", input: { message: { value: "told" } } },
      ],
      edges: [{ id: "e1", from: "trigger", to: "tell" }, { id: "e2", from: "tell", to: "done" }],
    },
  });
}

test("a person decides about a call that may have happened, and the run goes on before their eyes", async ({ page }) => {
  const slack = await startSlack();
  await signIn(page);
  const slug = `browser-test-decide-${Date.now()}`;
  await playbookThatPosts(page, slug, slack.webhookUrl);

  slack.fail("reset");
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, {});
  await page.goto(`${product().url}/runs/${run_id}`);
  const panel = page.getByRole("region", { name: "Decision about Tell the channel" });
  await expect(panel).toBeVisible({ timeout: 20_000 });
  await expect(panel).toContainText("may have happened");

  await panel.getByLabel("Do it again").check();
  await panel.getByRole("textbox", { name: "Reason" }).fill("the channel is empty");
  await panel.getByRole("button", { name: "Do it again" }).click();

  await expect(page.locator(".react-flow__node", { hasText: "Done" }).or(page.locator(".react-flow__node", { hasText: "Stop" })).first()).toContainText("Success", { timeout: 20_000 });
  await expect(panel).toHaveCount(0);
  expect(slack.messages.map((message) => message.text)).toEqual(["host isolated"]);
  await page.locator(".react-flow__node", { hasText: "Tell the channel" }).click();
  await page.getByRole("tab", { name: /Log/ }).click();
  await expect(page.getByText("do it again (the channel is empty)")).toBeVisible();
  await slack.close();
});

test("a run that is under way moves without a reload", async ({ page }) => {
  const slack = await startSlack();
  await signIn(page);
  const slug = `browser-test-live-${Date.now()}`;
  await playbookThatPosts(page, slug, slack.webhookUrl);

  slack.fail({ delayMs: 4_000 });
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, {});
  await page.goto(`${product().url}/runs/${run_id}`);
  const tell = page.locator(".react-flow__node", { hasText: "Tell the channel" });
  await expect(tell).toContainText("Running", { timeout: 4_000 });
  await page.screenshot({ path: "test-results/run-under-way.png" });
  await expect(tell).toContainText("Success", { timeout: 15_000 });
  await slack.close();
});
