import { defineConfig } from "vitest/config";

const ignored = ["**/node_modules/**", "build/**", "tests/e2e/**", ".data/**"];

export default defineConfig({
  test: {
    // Two cores are the smallest machine we promise anything on.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: [...ignored, "**/*.db.test.ts", "**/*.sandbox.test.ts"],
        },
      },
      {
        test: {
          name: "integration",
          // .db: on a real PostgreSQL. .sandbox: processes that are attacked, killed and waited for.
          include: ["**/*.db.test.ts", "**/*.sandbox.test.ts"],
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
