import { expect, test } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, signIn } from "./session.ts";

test("how many runs are at work at a time is set in the editor, and who waits for a place says so", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await signIn(page);
  const { slug } = await api<{ slug: string }>(page, "POST", "/playbooks/new", { name: "One after another" });
  await page.goto(`${product().url}/playbooks/${slug}/edit`);
  const limit = page.getByRole("textbox", { name: "Runs at a time" });
  await limit.fill("0");
  await expect(page.getByText("At least 1")).toBeVisible();
  await limit.fill("1");
  const document = async () => (await api<{ document: Record<string, unknown> }>(page, "GET", `/playbooks/${slug}/draft`)).document;
  await expect.poll(async () => (await document())["concurrency"]).toBe(1);
  await page.screenshot({ path: test.info().outputPath("editor.png") });

  // A delay keeps its place: the second run has to wait for it.
  await api(page, "POST", "/playbooks", { slug, document: { ...(await document()), trigger: { on: "manual" }, nodes: [{ id: "wait", type: "core.delay", input: { seconds: { value: 60 } } }], edges: [{ id: "e", from: "trigger", to: "wait" }] } });
  const runs: string[] = [];
  for (let at = 0; at < 2; at++) runs.push((await api<{ run_id: string }>(page, "POST", `/playbooks/${slug}/run`, {})).run_id);
  await page.goto(`${product().url}/runs/${runs[1]}`);
  await expect(page.getByText("a free place: its playbook limits how many of its runs are at work at a time")).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("run.png") });
  await api(page, "POST", `/runs/${runs[0]}/cancel`, {});
  await expect(page.getByText("a free place")).toBeHidden();
  await api(page, "POST", `/runs/${runs[1]}/cancel`, {});
});
