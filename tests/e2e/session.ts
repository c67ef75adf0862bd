/** What page tests begin with: a signed-in page, an alert of their own, a look at the API as the same person. */
import { randomUUID } from "node:crypto";
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";

export async function signIn(page: Page): Promise<void> {
  const { url, username, password } = product();
  await page.goto(`${url}/login`);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/alerts/);
  // Only a page that has come alive hears keys.
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
}

export interface PostedAlert { id: string; title: string }

/** A title of its own, so that tests on one product never meet. */
export async function postAlert(request: APIRequestContext, payload: Record<string, unknown> = {}): Promise<PostedAlert> {
  const { url, apiKey } = product();
  const title = `Browser test ${randomUUID().slice(0, 8)}`;
  const answer = await request.post(`${url}/api/v1/webhooks/alerts/generic`, {
    headers: { "X-API-Key": apiKey },
    data: { title, severity: "high", source_ip: "203.0.113.45", hostname: "web-01", username: "j.doe", ...payload },
  });
  expect(answer.status()).toBe(202);
  const { alert_id } = (await answer.json()) as { alert_id: string };
  return { id: alert_id, title: typeof payload["title"] === "string" ? payload["title"] : title };
}

/** With the page's own session; writes name their origin, as a browser would. */
export async function api<T>(page: Page, method: "GET" | "POST", path: string, data?: unknown): Promise<T> {
  const { url } = product();
  const answer = await page.request.fetch(`${url}/api/v1${path}`, { method, headers: { Origin: url }, ...(data === undefined ? {} : { data }) });
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

/** The alert's run of a playbook, once it has ended. */
export async function finishedRun(page: Page, alertId: string, slug: string): Promise<string> {
  let id = "";
  await expect.poll(async () => {
    const { runs } = await api<{ runs: { id: string; status: string; playbook: { slug: string } }[] }>(page, "GET", `/runs?alert_id=${alertId}`);
    const run = runs.find(({ playbook }) => playbook.slug === slug);
    id = run?.id ?? "";
    return run?.status;
  }, { timeout: 20_000 }).toMatch(/success|failed/);
  return id;
}
