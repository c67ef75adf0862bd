/** The six steps of bench-triage as plain functions, each kept with its input and output. The code step is one call into an isolate. */

export interface BareStep {
  node: string;
  port: string;
  input: unknown;
  output: unknown;
  startedAt: number;
  finishedAt: number;
}

export interface BareAlert {
  severity: string;
  source_ip: string | null;
  techniques: string[];
}

export interface Score {
  score: number;
  reasons: string[];
}

/** Runs in the isolate: it must not refer to anything outside itself. */
export const SCORE_SOURCE = `
const BASE = { critical: 80, high: 60, medium: 40, low: 20, info: 5 };
function score(text) {
  const alert = JSON.parse(text);
  const reasons = ["severity " + alert.severity];
  let score = BASE[alert.severity];
  if (alert.source_ip !== null) { score += 5; reasons.push("from " + alert.source_ip); }
  for (const technique of alert.techniques.slice(0, 5)) { score += 3; reasons.push(technique); }
  return JSON.stringify({ score: Math.min(score, 100), reasons });
}`;

export async function runSteps(alert: BareAlert, callIsolate: (alert: BareAlert) => Promise<Score>): Promise<BareStep[]> {
  const steps: BareStep[] = [];
  const step = async <T>(node: string, input: unknown, run: () => Promise<{ port: string; output: T }>): Promise<T> => {
    const startedAt = Date.now();
    const { port, output } = await run();
    steps.push({ node, port, input, output, startedAt, finishedAt: Date.now() });
    return output;
  };
  const isWorthIt = alert.severity !== "info";
  await step("worth_it", { test: isWorthIt }, async () => ({ port: String(isWorthIt), output: { result: isWorthIt } }));
  const { score, reasons } = await step("score", { alert }, async () => ({ port: "out", output: await callIsolate(alert) }));
  const port = score >= 70 ? "high" : score >= 40 ? "medium" : "default";
  await step("by_score", { value: score }, async () => ({ port, output: { value: score, port } }));
  const queue = port === "high" ? { queue: "urgent", minutes: 15 } : { queue: "normal", minutes: 240 };
  await step(port === "high" ? "urgent" : "normal", queue, async () => ({ port: "out", output: queue }));
  const verdict = { queue: queue.queue, score, why: reasons.join(", ") };
  await step("verdict", verdict, async () => ({ port: "out", output: verdict }));
  await step("done", { result: verdict }, async () => ({ port: "stop", output: { message: null, result: verdict } }));
  return steps;
}
