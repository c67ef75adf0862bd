import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, finishedRun, postAlert, signIn } from "./session.ts";

const TEXT = "seen by the playbook that is repeated";

/** Comments on the alert, then comes to a step that fails until the playbook is published again. */
async function publish(page: Page, slug: string, isFixed: boolean): Promise<void> {
  await api(page, "POST", "/playbooks", {
    slug,
    document: {
      format: 1, name: slug, trigger: { on: "manual" },
      nodes: [
        { id: "look", type: "core.set", title: "Take a look", input: { at: { expr: "alert?.title ?? null" } } },
        { id: "tell", type: "alert.comment", title: "Say so", input: { text: { value: TEXT } } },
        { id: "weigh", type: "core.set", title: "Weigh it", input: { points: { expr: isFixed ? "7" : "JSON.parse('{').points" } } },
      ],
      edges: [{ id: "e1", from: "trigger", to: "look" }, { id: "e2", from: "look", to: "tell" }, { id: "e3", from: "tell", to: "weigh" }],
    },
  });
}

/** Other playbooks comment on alerts, too. */
async function commentsOf(page: Page, alertId: string): Promise<number> {
  const { activities } = await api<{ activities: { detail: string | null }[] }>(page, "GET", `/alerts/${alertId}/activities`);
  return activities.filter(({ detail }) => detail === TEXT).length;
}

const card = (page: Page, title: string) => page.locator(".react-flow__node", { hasText: title });

test("a failed run goes on where it failed on the version that was mended, and what it wrote is not written again", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const slug = `browser-test-rerun-${Date.now()}`;
  await publish(page, slug, false);
  const { run_id } = await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, { alert_id: alert.id });
  expect(await finishedRun(page, alert.id, slug)).toBe(run_id);
  expect(await commentsOf(page, alert.id)).toBe(1);
  await publish(page, slug, true);

  await page.goto(`${product().url}/runs/${run_id}`);
  await page.getByRole("button", { name: "Re-run…" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Re-run" });
  await expect(dialog.getByRole("radio", { name: /where it failed/ })).toBeChecked();
  await expect(dialog.getByRole("status")).toHaveText("1 step anew, 2 taken over.");
  await dialog.getByRole("radio", { name: "2, published now" }).check();
  await expect(dialog.getByRole("button", { name: "Re-run" })).not.toHaveAttribute("aria-disabled", "true");
  await dialog.getByRole("button", { name: "Re-run" }).click();
  await expect(page).not.toHaveURL(new RegExp(run_id));
  await expect(card(page, "Weigh it")).toContainText("Success");
  await expect(card(page, "Say so")).toContainText("Reused");
  expect(await commentsOf(page, alert.id)).toBe(1);

  // What was taken over leads to where it comes from.
  await card(page, "Say so").click();
  const inspector = page.getByRole("complementary", { name: "Step" });
  await inspector.getByRole("link", { name: "the run before" }).click();
  await expect(page).toHaveURL(new RegExp(run_id));
  await expect(inspector.getByRole("heading", { name: "Say so" })).toBeVisible();
  await expect(inspector.getByText("left by")).toBeVisible();

  // From a step that comes before the call: it is reused unless one says otherwise.
  await card(page, "Take a look").click();
  await inspector.getByRole("button", { name: "Re-run from here…" }).click();
  await expect(dialog.getByRole("radio", { name: "with “Take a look”" })).toBeChecked();
  const call = dialog.getByRole("group", { name: "What becomes of Say so" });
  await expect(call.getByRole("radio", { name: "Reuse" })).toBeChecked();
  await dialog.getByRole("radio", { name: "at the start" }).check();
  await expect(call.getByRole("radio", { name: "Repeat" })).toBeChecked();
  await expect(dialog.getByRole("status")).toHaveText("3 steps anew, 1 call repeated.");
  await call.getByText("Reuse").click();
  await dialog.getByRole("radio", { name: "2, published now" }).check();
  await expect(dialog.getByRole("status")).toHaveText("2 steps anew, 1 taken over.");
  await expect(dialog.getByRole("button", { name: "Re-run" })).not.toHaveAttribute("aria-disabled", "true");
  await dialog.getByRole("button", { name: "Re-run" }).click();
  await expect(page).not.toHaveURL(new RegExp(run_id));
  await expect(card(page, "Weigh it")).toContainText("Success");
  await expect(card(page, "Take a look")).toContainText("Success");
  expect(await commentsOf(page, alert.id)).toBe(1);
});

test("many runs are selected with Shift and retried, and each says what came of it", async ({ page, request }) => {
  const alert = await postAlert(request);
  await signIn(page);
  const slug = `browser-test-bulk-${Date.now()}`;
  await publish(page, slug, false);
  for (const _ of [1, 2, 3]) await api(page, "POST", `/playbooks/${slug}/run`, { alert_id: alert.id });
  await expect.poll(async () => (await api<{ total: number }>(page, "GET", `/runs?playbook=${slug}&status=failed`)).total, { timeout: 20_000 }).toBe(3);

  await page.goto(`${product().url}/runs?playbook=${slug}`);
  const boxes = page.getByRole("checkbox", { name: /^Select the failed run/ });
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  const bar = page.getByRole("toolbar", { name: "Selected runs" });
  await expect(bar.getByRole("status")).toHaveText("3 selected");
  await expect(bar.getByRole("button", { name: "Cancel" })).toHaveAttribute("aria-disabled", "true");
  await boxes.nth(1).press("Space");
  await expect(bar.getByRole("status")).toHaveText("2 selected");
  await bar.getByRole("button", { name: "Retry failed" }).click();
  await page.getByRole("dialog", { name: "Retry failed: 2 runs" }).getByRole("button", { name: "Retry 2 runs" }).click();
  const results = page.getByRole("dialog", { name: "2 retried" });
  await expect(results.getByRole("link", { name: "the new run" })).toHaveCount(2);
  await results.getByRole("button", { name: "Done" }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByRole("row", { name: new RegExp(slug) })).toHaveCount(5);
  expect(await commentsOf(page, alert.id)).toBe(3);
});
