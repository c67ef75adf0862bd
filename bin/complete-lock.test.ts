import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Lock, missingPlatforms } from "./complete-lock.ts";

it("package-lock.json names every platform's build (else npm ci refuses it: npm run lock)", () => {
  const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")) as Lock;
  expect([...missingPlatforms(lock).keys()]).toEqual([]);
});

it("finds a build that was left out", () => {
  const missing = missingPlatforms({ packages: { "node_modules/rollup": { dev: true, optionalDependencies: { "@rollup/rollup-darwin-arm64": "4.1.0", "@rollup/rollup-linux-x64-gnu": "4.1.0" } }, "node_modules/@rollup/rollup-linux-x64-gnu": { version: "4.1.0" } } });
  expect([...missing]).toEqual([["node_modules/@rollup/rollup-darwin-arm64", { version: "4.1.0", cpu: ["arm64"], dev: true, license: "MIT", optional: true, os: ["darwin"] }]]);
});
