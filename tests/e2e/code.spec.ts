import { randomUUID } from "node:crypto";
import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, signIn } from "./session.ts";

/** A code node, and a comment that reads what it gives. */
async function openScored(page: Page): Promise<string> {
  const slug = `code-${randomUUID().slice(0, 8)}`;
  await api(page, "POST", "/playbooks", {
    slug,
    document: {
      format: 1, name: `Code ${slug}`,
      // Other tests' alerts are theirs.
      trigger: { on: "alert", conditions: { match: { title: slug } } },
      nodes: [
        { id: "score", type: "core.code", title: "Score", input: { result: { file: "code/score.ts" } } },
        { id: "tell", type: "alert.comment", title: "Tell", input: { text: { expr: "steps.score.summary" } } },
      ],
      edges: [{ id: "e1", from: "trigger", to: "score" }, { id: "e2", from: "score", to: "tell" }],
    },
    files: { "code/score.ts": 'export default ({ alert }) => ({ summary: "seen: " + alert.title });\n' },
  });
  await page.goto(`${product().url}/playbooks/${slug}/edit`);
  await expect(card(page, "tell")).toBeVisible();
  return slug;
}

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const studio = (page: Page) => page.getByRole("dialog", { name: /code\/.*\.ts/ });
const openCode = async (page: Page, id = "score") => {
  await card(page, id).click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  await expect(studio(page).locator(".monaco-editor .view-line").first()).toBeVisible({ timeout: 30_000 });
};
/** In place of everything that is there. */
const write = async (page: Page, text: string) => {
  await studio(page).locator(".monaco-editor .view-lines").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
};
const monacoRequests = (page: Page): string[] => {
  const urls: string[] = [];
  page.on("request", (request) => {
    if (/\/assets\/monaco-/.test(request.url())) urls.push(new URL(request.url()).pathname);
  });
  return urls;
};

test.beforeEach(({ page }) => signIn(page));

test("breaking what a code node gives turns the field red that reads it, without running anything", async ({ page }) => {
  const loaded = monacoRequests(page);
  const slug = await openScored(page);
  await card(page, "tell").hover();
  expect(loaded).toEqual([]);

  await openCode(page);
  expect(loaded.length).toBeGreaterThan(0);
  await expect(studio(page).getByLabel("Inferred return type")).toContainText("summary: string;");
  // The author's parameter has no type of its own: it is what the node sees.
  await write(page, "export default ({ alert }) => ({ summary: alert.tags.length });\n");
  await expect(studio(page).getByLabel("Inferred return type")).toContainText("summary: number;");
  await page.keyboard.press("Escape");
  await expect(studio(page)).toBeHidden();

  await expect(page.getByRole("button", { name: /1 (error|problem)/i }).or(page.getByLabel(/1 (error|problem)/i)).first()).toBeVisible();
  await card(page, "tell").click();
  await expect(page.getByLabel("Inspector").getByText("'number' does not satisfy the expected type 'string'")).toBeVisible();

  const refused = await page.request.post(`${product().url}/api/v1/playbooks/${slug}/draft/publish`, { headers: { Origin: product().url }, data: { revision: (await api<{ revision: number }>(page, "GET", `/playbooks/${slug}/draft`)).revision } });
  expect(refused.status()).toBe(422);
  expect((await api<{ total: number }>(page, "GET", `/runs?playbook=${slug}`)).total).toBe(0);
});

test("an expression is completed and typed by what is upstream", async ({ page }) => {
  await openScored(page);
  await card(page, "tell").click();
  const field = page.locator("[data-field=text]");
  await field.getByRole("textbox").first().focus();
  const editor = field.locator(".monaco-editor");
  await expect(editor).toBeVisible({ timeout: 30_000 });
  await editor.locator(".view-lines").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("steps.score.", { delay: 20 });
  await expect(page.locator(".suggest-widget").getByText("summary").first()).toBeVisible({ timeout: 15_000 });
  await page.keyboard.press("Enter");
  await page.keyboard.type(" + alert.nothing", { delay: 20 });
  await expect(editor.locator(".squiggly-error")).toHaveCount(1, { timeout: 15_000 });
  await expect(page.getByLabel("Inspector").getByText("'nothing' does not exist").first()).toBeVisible();
  // A field is left by Tab, like any other.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(editor.getByRole("textbox")).not.toBeFocused();
});

test("files are added, imported, renamed with what imports them, and kept while something needs them", async ({ page }) => {
  const slug = await openScored(page);
  await openCode(page);
  const files = studio(page).getByRole("region", { name: "Files" });
  await files.getByRole("button", { name: "New file" }).click();
  await files.getByLabel("Name of the new file").fill("helper");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "code/helper.ts" })).toBeVisible();
  await write(page, "export const twice = (n: number) => n * 2;\n");
  await files.getByRole("button", { name: /^score\.ts/ }).click();
  await expect(page.getByRole("dialog", { name: "code/score.ts" })).toBeVisible();
  await write(page, 'import { twice } from "./helper.ts";\nexport default () => ({ summary: String(twice(21)) });\n');
  await expect(studio(page).getByText("No problems in the code.")).toBeVisible();

  await files.getByRole("button", { name: "More for code/helper.ts" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("code/score.ts imports code/helper.ts").first()).toBeVisible();

  await files.getByRole("button", { name: "More for code/helper.ts" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await files.getByLabel("New name of helper.ts").fill("maths");
  await page.keyboard.press("Enter");
  await expect(files.getByRole("button", { name: /^maths\.ts/ })).toBeVisible();
  await expect(studio(page).getByText("No problems in the code.")).toBeVisible();
  await expect.poll(async () => (await api<{ files: Record<string, string> }>(page, "GET", `/playbooks/${slug}/draft`)).files["code/score.ts"]).toContain('"./maths.ts"');
});

test("a definition leads into the file where it stands, and F8 to what is wrong", async ({ page }) => {
  await openScored(page);
  await openCode(page);
  await write(page, 'import { twice } from "./helper.ts";\n\nexport default () => ({ summary: twice("2") });\n');
  const files = studio(page).getByRole("region", { name: "Files" });
  await files.getByRole("button", { name: "New file" }).click();
  await files.getByLabel("Name of the new file").fill("helper");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "code/helper.ts" })).toBeVisible();
  await write(page, "// First line.\nexport const twice = (text: number) => text * 2;\n");
  await files.getByRole("button", { name: /^score\.ts/ }).click();
  // The file that was just written is known to the one that imports it: what is wrong is the argument.
  await expect(studio(page).locator(".squiggly-error")).toHaveCount(1, { timeout: 20_000 });
  await studio(page).locator(".view-line").first().click();
  await page.keyboard.press("F8");
  await expect(studio(page).getByText("Argument of type 'string' is not assignable to parameter of type 'number'.").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(studio(page)).toBeVisible();
  await studio(page).locator(".view-line").first().click();
  await page.keyboard.press("ControlOrMeta+Home");
  for (let step = 0; step < 10; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F12");
  await expect(page.getByRole("dialog", { name: "code/helper.ts" })).toBeVisible();
});

test("what is typed before the editor has come is kept, and so is everything when it never comes", async ({ page }) => {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/assets\/monaco-editor-/, async (route) => {
    await held;
    await route.continue();
  });
  await openScored(page);
  await card(page, "score").click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  const plain = studio(page).getByRole("textbox", { name: "Code of code/score.ts" });
  await expect(plain).toHaveValue(/seen/);
  await plain.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.type("// Typed early.");
  letGo();
  await expect(studio(page).locator(".monaco-editor .view-line").first()).toHaveText("// Typed early.export default ({ alert }) => ({ summary: \"seen: \" + alert.title });".replaceAll(" ", "\u00a0"), { timeout: 30_000 });
  await page.keyboard.type("!");
  await expect(studio(page).locator(".monaco-editor .view-line").first()).toContainText("early.!export");

  await page.unroute(/\/assets\/monaco-editor-/);
  await page.route(/\/assets\/monaco-editor-/, (route) => route.abort());
  await openScored(page);
  await card(page, "score").click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  await expect(studio(page).getByText("could not be loaded")).toBeVisible();
  await plain.fill("export default () => ({ summary: oops });\n");
  await expect(studio(page).getByText("Cannot find name 'oops'")).toBeVisible();
});
