import { expect, test, type Page } from "@playwright/test";
import { product } from "#tests/support/product-access.ts";
import { api, signIn } from "./session.ts";

interface Draft { document: { name: string; nodes: { id: string; title?: string }[]; edges: { from: string; port: string; to: string }[] }; files: Record<string, string>; layout: { positions: Record<string, { x: number; y: number }> } }

async function openNew(page: Page, name: string): Promise<string> {
  const { slug } = await api<{ slug: string }>(page, "POST", "/playbooks/new", { name });
  await open(page, slug);
  return slug;
}

async function open(page: Page, slug: string): Promise<void> {
  await page.goto(`${product().url}/playbooks/${slug}/edit`);
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
}

const draftOf = (page: Page, slug: string) => api<Draft>(page, "GET", `/playbooks/${slug}/draft`);
const lines = ({ document }: Draft): string[] => document.edges.map(({ from, port, to }) => `${from}.${port} > ${to}`).sort();
const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const saved = (page: Page) => expect(page.getByRole("banner").or(page.locator("header")).getByText("Saved", { exact: true })).toBeVisible();

/** Types into the palette that is open and takes the first answer. */
async function take(page: Page, words: string): Promise<void> {
  await page.getByRole("combobox", { name: "Find a node" }).fill(words);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Add a node" })).toBeHidden();
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.mouse.up();
}

async function middle(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = (await page.locator(selector).boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const port = (id: string, name: string) => `.react-flow__node[data-id="${id}"] .react-flow__handle[data-handleid="${name}"]`;
const entry = (id: string) => `.react-flow__node[data-id="${id}"] .react-flow__handle.target`;

test("an analyst draws a playbook with the mouse, and finds it as it was left", async ({ page }) => {
  await page.setViewportSize({ width: 1680, height: 900 });
  await signIn(page);
  const slug = await openNew(page, "Drawn by hand");
  await page.getByRole("region", { name: "Start" }).getByRole("button", { name: "Condition" }).click();
  await expect(card(page, "condition")).toBeVisible();

  // A connection that is let go over nothing asks for what follows.
  const from = await middle(page, port("condition", "true"));
  await drag(page, from, { x: from.x + 120, y: from.y - 160 });
  await take(page, "update alert");
  await expect(page.locator(".react-flow__edge")).toHaveCount(2);

  // Dragged out of the palette, then connected by its port.
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("combobox", { name: "Find a node" }).fill("comment");
  await page.getByRole("option", { name: /^Comment/ }).dragTo(page.locator(".react-flow__pane"), { targetPosition: { x: 900, y: 640 } });
  await expect(card(page, "comment")).toBeVisible();
  await drag(page, await middle(page, port("condition", "false")), await middle(page, entry("comment")));
  await expect(page.locator(".react-flow__edge")).toHaveCount(3);

  // What would make a circle is refused in words.
  await drag(page, await middle(page, port("comment", "out")), await middle(page, entry("condition")));
  await expect(page.getByText(/would make a circle/).last()).toBeVisible();

  // A node goes into a connection.
  await page.locator('.react-flow__edge[data-id^="trigger"]').hover({ force: true });
  await page.locator('.react-flow__edge[data-id^="trigger"] .edge-plus').click({ force: true });
  await take(page, "set fields");
  await expect(card(page, "set")).toBeVisible();

  await page.keyboard.press("t");
  await saved(page);
  await expect.poll(async () => lines(await draftOf(page, slug))).toEqual(["condition.false > comment", "condition.true > update", "set.out > condition", "trigger.out > set"]);
  const before = await draftOf(page, slug);
  await page.reload();
  await expect(page.locator(".react-flow__node")).toHaveCount(5);
  expect((await draftOf(page, slug)).layout).toEqual(before.layout);

  // The name is edited where it stands, and a missing value is a problem on the card and in the list.
  await page.getByLabel("Name of the playbook").fill("Drawn and named");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /problems?$/ }).click();
  await page.getByRole("region", { name: "Problems" }).getByRole("button", { name: /"test" needs a value/ }).click();
  await expect(card(page, "condition")).toHaveClass(/selected/);
  await expect.poll(async () => (await draftOf(page, slug)).document.name).toBe("Drawn and named");
});

test("the same without a mouse: add, connect, undo, copy, delete", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  const slug = await openNew(page, "Typed");
  const key = (name: string) => page.keyboard.press(name);
  await key("ArrowRight");
  await key("Tab");
  await take(page, "code");
  await key("Tab");
  await take(page, "condition");
  await key("Tab");
  await take(page, "comment");
  await expect(page.locator(".react-flow__node")).toHaveCount(4);

  // The other port leads to the same card, by the list.
  await key("ArrowLeft");
  await expect(card(page, "condition")).toHaveClass(/selected/);
  await key("c");
  await page.getByRole("combobox").fill("false comment");
  await key("Enter");
  await expect(page.locator(".react-flow__edge")).toHaveCount(4);
  await key("Control+z");
  await expect(page.locator(".react-flow__edge")).toHaveCount(3);
  await key("Control+Shift+z");
  await expect(page.locator(".react-flow__edge")).toHaveCount(4);

  await key("Control+a");
  await key("Control+c");
  await key("Control+v");
  await expect(page.locator(".react-flow__node")).toHaveCount(7);
  await key("Delete");
  await expect(page.locator(".react-flow__node")).toHaveCount(4);

  // Removing one in the middle joins what it stood between.
  await key("Escape");
  await key("ArrowRight");
  await key("ArrowRight");
  await expect(card(page, "code")).toHaveClass(/selected/);
  await key("Delete");
  await key("Control+s");
  await expect.poll(async () => lines(await draftOf(page, slug))).toEqual(["condition.false > comment", "condition.true > comment", "trigger.out > condition"]);
  expect((await draftOf(page, slug)).files).toEqual({});
  await page.reload();
  await expect(page.locator(".react-flow__node")).toHaveCount(3);

  await page.evaluate(() => navigator.clipboard.writeText("something else"));
  await page.locator("#canvas").focus();
  await key("Control+v");
  await expect(page.getByText(/holds no playbook nodes/)).toBeVisible();
  await key("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
});

test("two people edit one draft: who saves second is asked, and loses nothing", async ({ page, context }) => {
  await signIn(page);
  const slug = await openNew(page, "Shared");
  const other = await context.newPage();
  await open(other, slug);

  await page.getByLabel("Name of the playbook").fill("Shared, renamed");
  await page.keyboard.press("Enter");
  await saved(page);
  await expect.poll(async () => (await draftOf(page, slug)).document.name).toBe("Shared, renamed");

  await other.getByRole("region", { name: "Start" }).getByRole("button", { name: "Condition" }).click();
  const dialog = other.getByRole("dialog", { name: "Somebody else has changed this draft" });
  await expect(dialog).toContainText("renamed to Shared, renamed");
  await expect(dialog).toContainText("Add “condition”");
  await dialog.getByRole("button", { name: "Put my edits on top" }).click();
  await saved(other);
  await expect.poll(async () => lines(await draftOf(page, slug))).toEqual(["trigger.out > condition"]);
  expect((await draftOf(page, slug)).document.name).toBe("Shared, renamed");
});
