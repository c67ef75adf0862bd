import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { denyImports } from "vite-env-only";
import { monaco } from "./bin/monaco-plugin.ts";
import remixOptions from "./remix.config.js";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }
}

/**
 * What the web process already runs from source: the page bundle must share its instances (one pool, one engine, one error class), so
 * the server build leaves these specifiers to Node, which resolves them by the `imports` of package.json.
 */
const SERVER_SOURCE = [/^#app\/(server|models|api)\//, /^#(engine|nodes|sdk|prisma)(\/|$)/];

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [
    denyImports({
      client: {
        specifiers: [/^node:/, "pg", "lucia", /^@prisma\//, /^@remix-run\/node/],
        files: [/^engine\//, /^nodes\//, /^prisma\//, "app/server/**", "app/api/**", "**/*.server.*"],
      },
    }),
    monaco(),
    remix(remixOptions),
    tailwindcss(),
  ],
  build: {
    target: "es2022",
    // React Flow's chunk is larger than Vite's default allows without a warning.
    chunkSizeWarningLimit: 900,
    ...(isSsrBuild ? { rollupOptions: { external: SERVER_SOURCE } } : {}),
  },
}));
