import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { zonesRule } from "./tests/guards/zones.js";

const playgraph = { rules: { zones: zonesRule } };

/** Text that came from outside must never become code in web or worker: engine/code's host is the only place that runs it. */
const NO_CODE_FROM_TEXT = {
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-script-url": "error",
  "no-restricted-imports": ["error", { paths: ["vm", "node:vm"].map((name) => ({ name, message: "Code of users runs in the code host only (engine/code)." })) }],
  "no-restricted-globals": ["error", { name: "Function", message: "Code of users runs in the code host only (engine/code)." }],
};

export default tseslint.config(
  { ignores: ["node_modules/", "build/", "coverage/", "prisma/generated/", ".data/", ".cache/", "test-results/", "playwright-report/", "playbooks/*/code/", "public/", "tests/data/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{ts,tsx,mts,js,mjs}"],
    languageOptions: { parser: tseslint.parser },
    plugins: { "@typescript-eslint": tseslint.plugin, playgraph },
    rules: {
      "playgraph/zones": "error",
      // All-type braces leave a bare import behind, and with it a server's module in the browser's build.
      "@typescript-eslint/no-import-type-side-effects": "error",
      ...NO_CODE_FROM_TEXT,
      "max-lines": ["error", { max: 400, skipBlankLines: false, skipComments: false }],
      "no-debugger": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unreachable": "error",
      "no-fallthrough": "error",
      "no-self-compare": "error",
      "no-unsafe-finally": "error",
      "no-async-promise-executor": "error",
      "no-constant-binary-expression": "error",
      "no-duplicate-imports": ["error", { allowSeparateTypeImports: true }],
      "eqeqeq": ["error", "always", { null: "ignore" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none", ignoreRestSiblings: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-require-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  {
    files: ["app/**/*.tsx", "app/**/use-*.ts"],
    plugins: { "react-hooks": reactHooks },
    rules: { "react-hooks/rules-of-hooks": "error", "react-hooks/exhaustive-deps": "error" },
  },
  {
    // These write to a log that says which run, tenant and request it belongs to. Program entries may speak to the terminal.
    files: ["engine/**", "nodes/**", "app/server/**", "app/api/**", "app/models/**", "playbooks/format/**"],
    ignores: ["**/*.test.ts"],
    rules: { "no-console": "error" },
  },
  {
    // Runs inside the isolate, where it takes the constructors of functions away from users' code.
    files: ["engine/code/host/runtime/**"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    // "Any node, whatever its schemas": the parameters stand both for what goes in and what comes out, so only any fits all.
    files: ["nodes/sdk/**"],
    rules: { "@typescript-eslint/no-explicit-any": "off" },
  },
  {
    // Tests try what must be refused.
    files: ["**/*.test.ts"],
    rules: { "no-script-url": "off" },
  },
  {
    files: ["nodes/*/**/*.ts"],
    ignores: ["**/*.test.ts", "nodes/sdk/**"],
    rules: {
      "no-restricted-globals": ["error",
        { name: "Function", message: "Code of users runs in the code host only (engine/code)." },
        { name: "fetch", message: "Use ctx.http: the egress gateway." },
        { name: "process", message: "A node's settings come from its connection." },
      ],
    },
  },
);
