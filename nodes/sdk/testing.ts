/** Runs a node the way the engine does: parse, run, JSON, check the port's schema. For tests of nodes, built-in and custom. */
import type { z } from "zod";
import { Failure } from "./failure.ts";
import type { Http } from "./http.ts";
import { type Json, toJson } from "./json.ts";
import type { LoopPlan, NodeContext, NodeDefinition, Wait, WaitAnswer } from "./node.ts";
import type { AlertChange, AlertView, Records } from "./records.ts";

export interface RunOptions<Config, Input, Client> {
  config?: Config;
  input?: Input;
  client?: Client;
  http?: Http;
  records?: Records;
  signal?: AbortSignal;
  now?: Date;
  /** Calls `resume` with it in place of `run`. */
  answer?: WaitAnswer;
}

export interface NodeOutcome {
  port?: string;
  // A test states what it expects of the data; typing it per port would only repeat the node's schema.
  data?: any;
  wait?: Wait;
  loop?: LoopPlan;
  logs: { message: string; data?: Json }[];
}

/** @throws Failure as the node does; `invalid-input` when config or input do not fit its schemas. */
export async function runNode<Config extends z.ZodObject, Input extends z.ZodObject, Outputs extends Record<string, z.ZodType>, Client>(
  node: NodeDefinition<Config, Input, Outputs, Client>,
  options: RunOptions<z.input<Config>, z.input<Input>, Client>,
): Promise<NodeOutcome> {
  const logs: NodeOutcome["logs"] = [];
  const context: NodeContext<z.infer<Config>, z.infer<Input>, Client> = {
    client: options.client as Client,
    config: parse(node.config, options.config ?? {}),
    input: parse(node.input, options.input ?? {}),
    http: options.http ?? refusingHttp,
    records: options.records ?? createTestRecords().records,
    signal: options.signal ?? new AbortController().signal,
    idempotencyKey: "11111111-1111-5111-8111-111111111111",
    run: { id: "22222222-2222-4222-8222-222222222222", mode: "live", alertId: TEST_ALERT.id, correlationId: TEST_ALERT.correlation_id },
    step: { id: "33333333-3333-5333-8333-333333333333", nodeId: "node", attempt: 1 },
    baseUrl: "https://playgraph.test",
    now: () => options.now ?? new Date("2026-03-01T12:00:00Z"),
    log: (message, data) => void logs.push(data === undefined ? { message } : { message, data }),
  };
  if (options.answer && !node.resume) throw new Error(`${node.type} cannot resume`);
  const result = await (options.answer ? node.resume!(context, options.answer) : node.run(context));
  if ("wait" in result) return { wait: result.wait, logs };
  if ("loop" in result) return { loop: result.loop, logs };
  const schema = node.outputs[result.port] ?? node.outputs["*"];
  if (!schema) throw new Error(`${node.type} left by the port ${result.port}, which it does not declare`);
  return { port: result.port, data: schema.parse(toJson(result.data)), logs };
}

function parse<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Failure("invalid-input", parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  return parsed.data;
}

const refusingHttp: Http = {
  request: () => Promise.reject(new Error("this test gave the node no http")),
};

export const TEST_ALERT: AlertView = {
  id: "44444444-4444-4444-8444-444444444444",
  title: "SSH brute force",
  description: null,
  severity: "high",
  source: "wazuh",
  source_id: "1700000000.1",
  rule_id: "5712",
  rule_name: "sshd: brute force trying to get access to the system",
  hostname: "web-01",
  username: "root",
  source_ip: "185.220.101.34",
  dest_ip: "10.0.0.5",
  tags: ["sshd"],
  partner: null,
  techniques: ["T1110"],
  observed_at: "2026-03-01T11:58:00.000Z",
  status: "new",
  determination: "unknown",
  risk_score: 72,
  risk_label: "high",
  duplicate_count: 1,
  correlation_id: "55555555-5555-4555-8555-555555555555",
  iocs: { ips: ["185.220.101.34"] },
  assigned_username: null,
  created_at: "2026-03-01T11:59:00.000Z",
};

/** Records over one alert in memory, which remember what was asked of them. */
export function createTestRecords(alert: AlertView = TEST_ALERT): { records: Records; changes: AlertChange[]; comments: string[]; assignments: (string | null)[] } {
  const changes: AlertChange[] = [];
  const comments: string[] = [];
  const assignments: (string | null)[] = [];
  let current = alert;
  return {
    changes,
    comments,
    assignments,
    records: {
      getAlert: async () => current,
      async updateAlert(_id, change) {
        changes.push(change);
        const { add_tags = [], remove_tags = [], resolve_reason: _, ...fields } = change;
        const tags = [...new Set([...current.tags, ...add_tags])].filter((tag) => !remove_tags.includes(tag));
        current = { ...current, ...fields, tags };
        return { alert: current, changed: Object.keys(change) };
      },
      async assign(_id, username) {
        assignments.push(username);
        current = { ...current, assigned_username: username };
        return { alert: current, changed: ["assigned_to"] };
      },
      async comment(_id, text) {
        comments.push(text);
        return { comment_id: `comment-${comments.length}` };
      },
    },
  };
}
