/** Testing a draft: on an alert, whole or in part, with every write held back. The engine executes it; here it is decided what that is. */
import type { Actor, Services } from "#app/server/context.ts";
import type { Pin } from "#engine";
import type { PlaybookDocument } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import type { Json } from "#sdk";
import { recordAudit } from "./audit.server.ts";
import { readDraft } from "./draft.server.ts";
import { Refusal, type RefusalDetail } from "./refusal.ts";
import { snapshotDraft } from "./test-snapshot.server.ts";
import { asStarted, earlierPins, pastedTrigger, readEarlierRun, type TestTrigger } from "./test-trigger.server.ts";

export interface TestRequest {
  /** Id or slug. */
  playbook: string;
  alertId?: string | undefined;
  /** As text, or as the value that it says. */
  payload?: Json | undefined;
  /** Of the payload; absent recognises it. */
  source?: string | undefined;
  /** Id of the node that runs alone. */
  only?: string | undefined;
  /** Id of the node at which it ends. */
  upto?: string | undefined;
  /** By node id: what it is taken to have given. */
  pins?: Record<string, Pin> | undefined;
  /** An earlier run of this playbook: its trigger, unless another is given, and with `only` what the nodes before it gave. */
  fromRun?: string | undefined;
}

/** @throws Refusal not-found (playbook, alert, run); invalid with what is wrong. */
export async function startTest(access: Pick<Services, "db" | "engine">, tenantId: string, request: TestRequest, actor: Actor & { name: string }): Promise<{ run_id: string }> {
  const { db, engine } = access;
  const draft = await readDraft(db, tenantId, request.playbook);
  if (!draft) throw new Refusal("not-found", "Playbook not found");
  const { playbook_id: playbookId, slug, document, layout, files } = draft;
  const { only, upto } = request;
  refuseUnknownNodes(document, request);

  const earlier = request.fromRun === undefined ? null : await readEarlierRun(access, tenantId, playbookId, request.fromRun);
  const trigger = triggerOf(document, request, earlier?.trigger);
  const pins = { ...(earlier && only !== undefined ? earlierPins(document, only, earlier) : {}), ...request.pins };
  const versionId = await snapshotDraft(db, { tenantId, playbookId, slug, document, layout, files, only, upto, pins, actor });

  const outcome = await engine.test({
    tenantId, playbookId, versionId, alertId: trigger.alertId, input: trigger.input, actor,
    options: { pins, by: actor.name, ...(only === undefined ? {} : { only }), ...(upto === undefined ? {} : { upto }), ...(trigger.alert ? { alert: trigger.alert } : {}) },
  });
  if ("error" in outcome) {
    switch (outcome.error) {
      case "alert-not-found": throw new Refusal("not-found", "Alert not found");
      case "version-not-found": throw new Refusal("not-found", "Playbook not found");
      default: throw outcome.error satisfies never;
    }
  }
  await db.withTenant(tenantId, (tx) => recordAudit(tx, tenantId, { actor, action: "playbook_tested", target: playbookId, data: { run_id: outcome.runId, alert_id: trigger.alertId } }));
  return { run_id: outcome.runId };
}

function refuseUnknownNodes(document: PlaybookDocument, { only, upto, pins = {}, alertId, payload }: TestRequest): void {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const wrong: RefusalDetail[] = [];
  const say = (loc: string[], msg: string) => wrong.push({ loc: ["body", ...loc], msg });
  if (only !== undefined && upto !== undefined) say(["upto"], "give either only or upto");
  if (alertId !== undefined && payload !== undefined) say(["payload"], "give either alert_id or payload");
  for (const [field, id] of Object.entries({ only, upto })) if (id !== undefined && !nodes.has(id)) say([field], `the draft has no node "${id}"`);
  if (only !== undefined && Object.hasOwn(pins, only)) say(["pins", only], `"${only}" is the node to run: remove its pin`);
  for (const [id, { port }] of Object.entries(pins)) {
    const node = nodes.get(id);
    if (!node) {
      say(["pins", id], `the draft has no node "${id}"`);
      continue;
    }
    const ports = [...(shapeOf(node.type, node.version)?.ports(node.config) ?? [port]), ...(node.onFailure === "port" ? ["failed"] : [])];
    if (!ports.includes(port)) say(["pins", id, "port"], `"${id}" has no port "${port}" (it has ${ports.join(", ")})`);
  }
  if (wrong.length > 0) throw new Refusal("invalid", wrong[0]!.msg, wrong);
}

function triggerOf(document: PlaybookDocument, { alertId, payload, source }: TestRequest, earlier: TestTrigger | undefined): TestTrigger {
  if (payload !== undefined) return asStarted(document, pastedTrigger(document, payload, source ?? null));
  if (alertId !== undefined) return asStarted(document, { alertId, input: null });
  // What an earlier run was started with is repeated as it was.
  return earlier ?? asStarted(document, { alertId: null, input: null });
}
