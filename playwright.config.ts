import { defineConfig } from "@playwright/test";
import chromium from "@sparticuz/chromium";

/**
 * Browser tests against the real product: tests/support/product.ts runs `npm start` once on a free port and a data folder of its
 * own. Chromium comes out of an npm package, so that nothing is downloaded from anywhere else.
 */
export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./tests/support/product.ts",
  // One product, one database: files take turns.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env["CI"] ? "line" : "list",
  use: {
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    // In a single process (made for functions in a cloud) the whole browser ends with the first page that closes.
    launchOptions: { executablePath: await chromium.executablePath(), args: chromium.args.filter((flag) => flag !== "--single-process") },
  },
});
