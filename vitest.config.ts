import { defineConfig } from "vitest/config";

const ignored = ["**/node_modules/**", "build/**", "tests/e2e/**", ".data/**"];

/** .db: on a real PostgreSQL. .sandbox: processes that are attacked, killed and waited for. .slow: seconds of TypeScript or of waiting; the inner loop stays below 30 s. */
const INTEGRATION = ["**/*.db.test.ts", "**/*.sandbox.test.ts", "**/*.slow.test.ts"];

export default defineConfig({
  test: {
    // Two cores are the smallest machine we promise anything on.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...ignored, ...INTEGRATION],
        },
      },
      {
        test: {
          name: "integration",
          include: INTEGRATION,
          exclude: ignored,
          globalSetup: ["tests/support/postgres-server.ts"],
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
