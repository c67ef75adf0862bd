import path from "node:path";
import { ESLint, type Linter } from "eslint";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const eslint = new ESLint({ cwd: ROOT });

async function problems(file: string, code: string): Promise<Linter.LintMessage[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(ROOT, file) });
  return result?.messages.filter(({ ruleId }) => ruleId !== "@typescript-eslint/no-unused-vars") ?? [];
}

/** Each line breaks the house rules in one way: a file, what it imports. */
const FORBIDDEN: [file: string, code: string][] = [
  ["app/canvas/editor.tsx", 'import "#engine";'],
  ["app/ui/button.tsx", 'import { SEVERITIES } from "#sdk";'],
  ["app/triage/queue.tsx", 'import "#prisma";'],
  ["app/runs/run.tsx", 'import "../server/session.ts";'],
  ["app/runs/run.tsx", 'import "./load.server.ts";'],
  ["app/entry.client.tsx", 'export * from "#app/models/alert.server.ts";'],
  ["app/canvas/editor.tsx", 'const later = import("#nodes");'],
  ["app/routes/login.tsx", 'import "#engine/journal/writer.ts";'],
  ["app/server/assemble.ts", 'import "#engine/start-worker.ts";'],
  ["app/api/runs.ts", 'import "#engine/connections/vault.ts";'],
  ["app/models/alert.server.ts", 'import "#nodes/slack/client.ts";'],
  ["engine/door.ts", 'import "#app/models/alert.server.ts";'],
  ["engine/door.ts", 'import "#nodes";'],
  ["engine/door.ts", 'import "./worker.ts";'],
  ["engine/alerts/ingest.ts", 'import "#nodes/wazuh/source.ts";'],
  ["engine/worker.ts", 'import "#nodes/slack/client.ts";'],
  ["nodes/slack/post-message.ts", 'import "#engine/errors.ts";'],
  ["nodes/slack/post-message.ts", 'import "../virustotal/client.ts";'],
  ["nodes/slack/post-message.ts", 'import "#format";'],
  ["nodes/slack/post-message.ts", 'import { readFileSync } from "node:fs";'],
  ["nodes/slack/post-message.ts", 'import { connect } from "node:net";'],
  ["nodes/slack/post-message.ts", 'await fetch("https://slack.com");'],
  ["nodes/sdk/node.ts", 'import "../core/set.ts";'],
  ["nodes/sdk/node.ts", 'import "pg";'],
  ["playbooks/format/check.ts", 'import "#sdk";'],
  ["playbooks/format/check.ts", 'import "node:crypto";'],
  ["prisma/client.ts", 'import "#engine";'],
  ["bin/run.ts", 'import "#app/server/main.ts";'],
  ["engine/bind.ts", "export const run = (text: string): unknown => eval(text);"],
  ["engine/bind.ts", "export const run = (text: string): unknown => new Function(text)();"],
  ["engine/bind.ts", "const Make = Function; Make('1');"],
  ["engine/code/compile.ts", 'import { runInNewContext } from "node:vm";'],
  ["app/server/live.ts", 'console.log("hello");'],
  ["nodes/core/set.ts", 'console.error("hello");'],
  ["engine/bind.ts", "\n".repeat(401)],
];

test.each(FORBIDDEN)("%s may not contain: %s", async (file, code) => {
  expect(await problems(file, code)).not.toEqual([]);
});

const ALLOWED: [file: string, code: string][] = [
  ["nodes/sdk/socket.ts", 'import type { Socket } from "node:net";\nexport type Connected = Socket;'],
  ["app/canvas/editor.tsx", 'import { parseDocument } from "#format";\nexport const parse = parseDocument;'],
  ["app/canvas/editor.tsx", 'import type { RunTrace } from "#engine";\nexport type Trace = RunTrace;'],
  ["app/runs/load.server.ts", 'import "#app/models/run.server.ts";'],
  ["app/routes/runs.tsx", 'import "#app/runs/load.server.ts";'],
  ["app/server/assemble.ts", 'import "#engine";\nimport "#engine/alerts/index.ts";\nimport "#nodes";'],
  ["engine/worker.ts", 'import "#nodes";'],
  ["engine/door.ts", 'import "./queue.ts";\nimport "#sdk";\nimport "#format";'],
  ["nodes/slack/post-message.ts", 'import "./client.ts";\nimport "#sdk";\nimport "zod";'],
  ["nodes/slack/post-message.test.ts", 'import "#tests/simulators/slack.ts";'],
  ["nodes/index.ts", 'import "./slack/post-message.ts";'],
];

test.each(ALLOWED)("%s may contain: %s", async (file, code) => {
  expect(await problems(file, code)).toEqual([]);
});
