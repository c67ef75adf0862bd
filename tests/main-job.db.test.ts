/**
 * The main job from end to end: real alerts through real ingestion, the shipped playbooks on a real worker, VirusTotal and
 * Slack as they publish their API, on loopback. What is checked is what people rely on: the alert, the trace, the message.
 */
import { readFileSync } from "node:fs";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishFolder } from "#app/models/playbook.server.ts";
import { createIngest, type Ingest } from "#engine/alerts/index.ts";
import { createVault, parseSecretKey, sealSettings } from "#engine/connections/index.ts";
import { uuidv7 } from "#engine/ids.ts";
import { resolveConnection, sources } from "#nodes";
import { createDb, type Db } from "#prisma";
import { EngineWorld } from "#tests/support/engine.ts";
import { startSlack, type SlackSimulator } from "#tests/simulators/slack.ts";
import { errors, startVirusTotal, type VirusTotalSimulator, votes } from "#tests/simulators/virustotal.ts";

const ATTACKER = "45.155.205.233";

let world: EngineWorld;
let db: Db;
let ingest: Ingest;
let virustotal: VirusTotalSimulator;
let slack: SlackSimulator;

beforeAll(async () => {
  world = await EngineWorld.create();
  db = createDb({ webUrl: world.db.webUrl });
  ingest = createIngest({ pool: world.pool, sources, log: pino({ level: "silent" }) });
  [virustotal, slack] = await Promise.all([startVirusTotal(), startSlack()]);
  for (const slug of ["first-look", "triage-high-severity"]) await publishFolder(db, { tenantId: world.tenantId, folder: `playbooks/${slug}`, actor: { kind: "system", id: null, name: "test" } });
  await world.startWorker();
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await Promise.all([virustotal.close(), slack.close(), db.close()]);
  await world.close();
});

async function connect(type: string, values: Record<string, unknown>): Promise<void> {
  const id = uuidv7();
  const sealed = sealSettings(resolveConnection(type)!, values, { tenantId: world.tenantId, recordId: id }, createVault(parseSecretKey(world.secretKey)));
  if (!sealed.ok) throw new Error(JSON.stringify(sealed.issues));
  await world.pool.query("INSERT INTO connections (id, tenant_id, type, name, settings, secrets, allow_private) VALUES ($1, $2, $3, $3, $4, $5, true)", [id, world.tenantId, type, JSON.stringify(sealed.settings), sealed.secrets]);
}

/** The shipped sample with another identity, level and source address. */
function wazuh(id: string, change: { level?: number; srcip?: string } = {}): Buffer {
  const alert = JSON.parse(readFileSync("bin/sample-alert.json", "utf8")) as { id: string; rule: { level: number }; data: { srcip: string } };
  alert.id = id;
  alert.rule.level = change.level ?? alert.rule.level;
  alert.data.srcip = change.srcip ?? ATTACKER;
  return Buffer.from(JSON.stringify(alert));
}

async function deliver(raw: Buffer) {
  const accepted = await ingest.accept({ tenantId: world.tenantId, raw, sourceHint: null, actor: { kind: "api_key", id: uuidv7(), name: "siem" } });
  const { rows } = await world.pool.query<{ id: string; name: string }>("SELECT r.id, p.name FROM runs r JOIN playbooks p ON p.id = r.playbook_id WHERE r.alert_id = $1 ORDER BY r.sequence_position", [accepted.alert_id]);
  for (const run of rows) await world.finished(run.id);
  const { rows: alerts } = await world.pool.query("SELECT severity, status, determination, risk_score, tags, techniques, hostname, source_ip, iocs FROM alerts WHERE id = $1", [accepted.alert_id]);
  const { rows: events } = await world.pool.query<{ action: string; step_id: string | null; run_id: string | null }>("SELECT action, step_id, run_id FROM alert_events WHERE alert_id = $1", [accepted.alert_id]);
  return { accepted, runs: rows, alert: alerts[0] as Record<string, unknown>, events };
}

describe("the main job", () => {
  it("offline, the first look succeeds and the triage says what is missing, without pretending", async () => {
    const { accepted, runs, alert } = await deliver(wazuh("offline.1"));
    expect(accepted).toMatchObject({ title: "Multiple authentication failures followed by a success.", severity: "high", duplicate: false, playbooks_triggered: ["First look", "Triage high severity"] });
    expect(alert).toMatchObject({ hostname: "web-03.example.net", source_ip: ATTACKER, techniques: ["T1078", "T1110"], iocs: { ips: expect.arrayContaining([ATTACKER]) } });
    expect(await world.row(runs[0]!.id)).toMatchObject({ status: "success" });
    expect(await world.step(runs[1]!.id, "reputation")).toMatchObject({ status: "failed", port: "failed", error: { kind: "unauthorized", message: expect.stringContaining("no VirusTotal connection") } });
    expect(await world.row(runs[1]!.id)).toMatchObject({ status: "failed", error: { kind: "unauthorized", message: expect.stringContaining("no Slack connection"), node_id: "notify" } });
  });

  it("connected, it looks up, scores, records and tells, and every change leads to the step that made it", async () => {
    await connect("virustotal", { api_key: virustotal.apiKey, base_url: virustotal.baseUrl });
    await connect("slack", { bot_token: slack.token, default_channel: "#soc", api_url: slack.apiUrl });
    virustotal.know("ip_addresses", ATTACKER, votes({ malicious: 20, suspicious: 2, harmless: 40, undetected: 20 }));

    const { runs, alert, events } = await deliver(wazuh("connected.1"));
    const triage = runs[1]!.id;
    expect(await world.row(triage)).toMatchObject({ status: "success" });
    expect(await world.step(triage, "reputation")).toMatchObject({ status: "success", effect: "read", input: { ip: ATTACKER }, output: { found: true, malicious: 20 } });
    expect(alert["risk_score"]).toBeGreaterThanOrEqual(70);
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]!.text).toContain("Multiple authentication failures");

    const { steps } = await world.trace(triage);
    const made = events.filter((event) => event.run_id === triage);
    expect(made.length).toBeGreaterThan(0);
    for (const event of made) expect(steps.map((step) => step.id)).toContain(event.step_id);
    // Nothing that was sealed shows up in what people read.
    expect(JSON.stringify(await world.trace(triage))).not.toContain(virustotal.apiKey);
    expect(JSON.stringify(await world.trace(triage))).not.toContain(slack.token);
  });

  it("a duplicate starts nothing and a low alert only the first look", async () => {
    const again = await deliver(wazuh("connected.1"));
    expect(again.accepted).toMatchObject({ duplicate: true, duplicate_count: 2, playbooks_triggered: [] });
    expect(again.runs).toHaveLength(2);
    expect((await deliver(wazuh("low.1", { level: 3 }))).runs.map((run) => run.name)).toEqual(["First look"]);
    expect(slack.messages).toHaveLength(1);
  });

  it("a vendor's bad day is tried again, told apart from a verdict, and never sends a message twice", async () => {
    virustotal.fail(errors.transient);
    const { runs } = await deliver(wazuh("badday.1"));
    const step = await world.step(runs[1]!.id, "reputation");
    expect(step).toMatchObject({ status: "success", attempt: 2 });
    expect(step.attempts.map((attempt) => attempt.outcome)).toEqual(["failed", "success"]);
    expect(slack.messages).toHaveLength(2);
  });
});
