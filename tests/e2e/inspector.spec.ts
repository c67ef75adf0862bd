/** The inspector and the trigger card, by keyboard where people use it: fields, expressions, upstream fields, conditions, the tester. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, postAlert, signIn } from "./session.ts";

interface Made { slug: string; revision: number }

/** trigger → score (code) → tell (comment), in a draft of its own. */
async function makeDraft(page: Page): Promise<Made> {
  const { slug } = await api<{ slug: string }>(page, "POST", "/playbooks/new", { name: `Inspector ${Date.now()}` });
  const { revision } = await api<{ revision: number }>(page, "GET", `/playbooks/${slug}/draft`);
  const operations = [
    { op: "write-file", path: "code/score.ts", text: "export default ({ alert }) => ({ total: 90, who: alert.username });\n" },
    { op: "add-node", node: { id: "score", type: "core.code", input: { result: { file: "code/score.ts" } } } },
    { op: "add-node", node: { id: "tell", type: "alert.comment", title: "Tell the team" } },
    { op: "add-node", node: { id: "request", type: "core.http-request", config: { method: "POST" }, input: { url: { value: "https://intel.example.com" } } } },
    { op: "add-node", node: { id: "by", type: "core.switch", config: { cases: [{ port: "high", when: { op: "==", value: "high" } }] }, input: { value: { expr: "alert.severity" } } } },
    { op: "add-node", node: { id: "names", type: "core.set" } },
    { op: "add-edge", edge: { id: "e4", from: "request", to: "by" } },
    { op: "add-edge", edge: { id: "e5", from: "by", port: "high", to: "names" } },
    { op: "add-edge", edge: { id: "e1", from: "trigger", to: "score" } },
    { op: "add-edge", edge: { id: "e2", from: "score", to: "tell" } },
    { op: "add-edge", edge: { id: "e3", from: "tell", to: "request" } },
  ];
  return { slug, ...(await api<{ revision: number }>(page, "POST", `/playbooks/${slug}/draft/operations`, { revision, operations })) };
}

async function openEditor(page: Page, slug: string): Promise<Locator> {
  await page.goto(`${product().url}/playbooks/${slug}/edit`);
  return page.getByRole("complementary", { name: "Inspector" });
}

const choose = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`).click();

/** What the server has, once everything is saved. */
async function saved(page: Page, slug: string): Promise<{ document: { trigger: { conditions?: unknown; source: string }; edges: { id: string; port: string }[]; nodes: { id: string; input: Record<string, unknown>; config: unknown; onFailure: unknown }[] } }> {
  await expect(page.getByText(/^Saved/).first()).toBeVisible();
  return api(page, "GET", `/playbooks/${slug}/draft`);
}

async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include("#inspector").analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test("a node's form: a value, an expression out of the tree by keyboard, problems at the field, and undo", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await signIn(page);
  const { slug } = await makeDraft(page);
  const inspector = await openEditor(page, slug);
  await choose(page, "tell");

  const text = inspector.getByRole("textbox", { name: /^Text/ });
  await expect(text).toHaveAttribute("aria-invalid", "true");
  await expect(inspector.getByText('"text" needs a value')).toBeVisible();
  await text.fill("Seen on ");
  await expect(text).not.toHaveAttribute("aria-invalid", "true");

  // A field from upstream, around what is typed; the code's return type is known before anything ran.
  await inspector.getByRole("button", { name: "Insert field into Text" }).press("Enter");
  const search = inspector.getByRole("combobox", { name: "Search fields from upstream" });
  await expect(search).toBeFocused();
  await search.pressSequentially("hostname");
  await expect(inspector.getByRole("treeitem", { name: /hostname/ })).toBeVisible();
  await search.press("Enter");
  await expect(inspector.getByText("`Seen on ${alert.hostname}`").first()).toBeVisible();

  // Monaco takes the plain field's place, and the cursor stays where it was.
  const expression = inspector.locator(".monaco-editor");
  await expect(expression).toBeVisible();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("steps.score.to");
  await expect(page.locator(".suggest-widget .monaco-list-row", { hasText: "total" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(expression.locator(".view-lines")).toHaveText("steps.score.total");
  await expect(inspector.getByText("Type 'number' does not satisfy the expected type 'string'.")).toBeVisible();
  await page.keyboard.press("End");
  await page.keyboard.type(".toString()");
  await expect(inspector.getByText("Type 'number' does not satisfy the expected type 'string'.")).toBeHidden();
  await expect(async () => expect((await saved(page, slug)).document.nodes.find(({ id }) => id === "tell")?.input).toEqual({ text: { expr: "steps.score.total.toString()" } })).toPass();
  await expectAccessible(page, "comment");

  // An expression that is no literal goes, and comes back.
  await inspector.getByRole("radio", { name: "Value" }).first().click();
  await expect(text).toHaveValue("");
  await page.keyboard.press("Control+z");
  await expect(expression.locator(".view-lines")).toHaveText("steps.score.total.toString()");
});

test("settings, lists, names of one's own and what happens on a failure reach the draft", async ({ page }) => {
  await signIn(page);
  const { slug } = await makeDraft(page);
  const inspector = await openEditor(page, slug);
  await choose(page, "request");
  await expect(inspector.getByText("Changes something outside")).toBeVisible();
  await inspector.getByLabel("Method", { exact: true }).selectOption("GET");
  await expect(inspector.getByText("Reads from outside")).toBeVisible();
  await inspector.getByLabel("Add to Expected status").fill("404");
  await inspector.getByLabel("Add to Expected status").press("Enter");
  await inspector.getByRole("button", { name: "Add to Headers" }).click();
  await inspector.getByLabel("Name 1 of Headers").fill("X-Team");
  await inspector.getByLabel("Value of X-Team").fill("soc");
  await inspector.getByText("Failure and timing").click();
  await inspector.getByLabel("When this step fails").selectOption("Go on by the port “failed”");
  await inspector.getByLabel("Time limit in seconds").fill("0");
  await expect(inspector.getByText("At least 0.1")).toBeVisible();
  await expectAccessible(page, "request");
  const node = (await saved(page, slug)).document.nodes.find(({ id }) => id === "request");
  expect(node).toMatchObject({ config: { method: "GET", expect: ["2xx", "404"] }, input: { headers: { value: { "X-Team": "soc" } } }, onFailure: "port" });
  expect(node).not.toHaveProperty("timeout");

  // A port that is renamed keeps its connection; a name that is another port's is refused.
  await page.getByRole("button", { name: /fit/i }).first().click();
  await choose(page, "by");
  const port = inspector.getByLabel("Port of case 1");
  await port.fill("default");
  await expect(inspector.getByText("There is a port “default” already")).toBeVisible();
  await port.fill("Very Urgent");
  await port.press("Enter");
  await expect.poll(async () => (await saved(page, slug)).document.edges.find(({ id }) => id === "e5")?.port).toBe("very-urgent");

  await choose(page, "names");
  await inspector.getByLabel("Name of a new field").fill("level");
  await inspector.getByLabel("Name of a new field").press("Enter");
  await inspector.getByLabel("Kind of level").selectOption("Number");
  await inspector.getByLabel("level", { exact: true }).fill("7");
  await inspector.getByRole("button", { name: "Rename level" }).click();
  await page.getByLabel("Name", { exact: true }).fill("grade");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await expect.poll(async () => (await saved(page, slug)).document.nodes.find(({ id }) => id === "names")?.input).toEqual({ grade: { value: 7 } });
});

test("conditions in groups, and the tester says why an alert does not start the draft", async ({ page, request }) => {
  await signIn(page);
  const { slug } = await makeDraft(page);
  const alert = await postAlert(request, { severity: "low" });
  const inspector = await openEditor(page, slug);
  await choose(page, "trigger");
  await inspector.getByRole("button", { name: "Add condition" }).click();
  await expect(inspector.getByLabel("Field of condition 1", { exact: true })).toHaveValue("severity");
  await inspector.getByRole("button", { name: "Add group", exact: true }).click();
  await inspector.getByLabel("Field of condition 2.1").fill("hostname");
  await inspector.getByLabel("Operator of condition 2.1").selectOption("contains");
  await inspector.getByLabel("Value of condition 2.1").fill("web");
  await inspector.getByRole("button", { name: "Add condition to group 2" }).click();
  await inspector.getByLabel("Field of condition 2.2").fill("raw_data.rule.level");
  await inspector.getByLabel("Operator of condition 2.2").selectOption("is at least");
  await inspector.getByLabel("Value of condition 2.2").fill("7");
  await inspector.getByRole("button", { name: "More for condition 2.2" }).click();
  await page.getByRole("menuitem", { name: "Negate" }).click();

  await inspector.getByLabel("Find an alert").fill(alert.title);
  await inspector.getByRole("button", { name: alert.title }).click();
  await expect(inspector.getByText("This draft would not start")).toBeVisible();
  await expect(inspector.getByText('severity ("low") in ["high","critical"]')).toBeVisible();
  await inspector.getByLabel("Add to Value of condition 1").fill("low");
  await expect(inspector.getByText("This draft would start", { exact: true })).toBeVisible();
  await expect(inspector.getByText("(this draft)")).toBeVisible();
  await expectAccessible(page, "trigger");
  expect((await saved(page, slug)).document.trigger.conditions).toEqual({ all: [
    { field: "severity", op: "in", value: ["high", "critical", "low"] },
    { any: [{ field: "hostname", op: "contains", value: "web" }, { not: { field: "raw_data.rule.level", op: ">=", value: 7 } }] },
  ] });
});
