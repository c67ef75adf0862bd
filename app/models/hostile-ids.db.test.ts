import { afterAll, beforeAll, expect, it } from "vitest";
import { WebWorld } from "#app/server/testing.ts";
import { addComment, alertExists, changeAlert, claimAlert, getAlert, listAlertEvents, listAlerts } from "./alert.server.ts";
import { revokeApiKey } from "./api-key.server.ts";
import { changeConnection, checkConnection, deleteConnection, getConnection } from "./connection.server.ts";
import { discardDraft, editDraft, explainTriggers, getPlaybook, getVersion, listVersions, publishDraft, readDraft, replaceDraft, resolvePlaybookId, restoreVersion, setEnabled } from "./playbook.server.ts";
import { isRefusal } from "./refusal.ts";
import { answerRun, cancelRun, rerunRun, startRun } from "./run-actions.server.ts";
import { getRun, listRuns } from "./run.server.ts";

/** Pages hand their parameters to the models as they come from the address bar. */
const NO_ID = "not-an-id";

let world: WebWorld;
beforeAll(async () => {
  world = await WebWorld.create();
});
afterAll(() => world.close());

it("what is no id is unknown, to every model", async () => {
  const { services, tenantId } = world;
  const { db, engine } = services;
  const { id, username } = await world.person("admin");
  const actor = { kind: "user", id, name: username } as const;
  const page = { limit: 10 };

  expect(await Promise.all([getAlert(db, tenantId, NO_ID), getRun(db, engine, tenantId, NO_ID), getPlaybook(db, tenantId, NO_ID), getConnection(services, tenantId, NO_ID), resolvePlaybookId(db, tenantId, NO_ID), readDraft(db, tenantId, NO_ID), getVersion(db, tenantId, NO_ID, 1)])).toEqual(Array(7).fill(null));
  expect(await alertExists(db, tenantId, NO_ID)).toBe(false);
  expect((await listAlertEvents(db, tenantId, NO_ID, page)).total).toBe(0);
  expect((await listRuns(db, tenantId, { alert_id: NO_ID, playbook_id: NO_ID, playbook_slug: NO_ID }, page)).total).toBe(0);
  expect((await listAlerts(db, tenantId, { assigned_to: NO_ID }, page)).total).toBe(0);

  const refused: (() => Promise<unknown>)[] = [
    () => changeAlert(db, tenantId, NO_ID, { severity: "low" }, actor),
    () => claimAlert(db, tenantId, NO_ID, actor),
    () => addComment(db, tenantId, NO_ID, "x", actor),
    () => revokeApiKey(db, tenantId, NO_ID, actor),
    () => changeConnection(services, tenantId, NO_ID, {}, actor),
    () => deleteConnection(services, tenantId, NO_ID, actor),
    () => checkConnection(services, tenantId, NO_ID),
    () => explainTriggers(db, tenantId, { alertId: NO_ID }),
    () => editDraft(db, tenantId, NO_ID, { revision: 0, operations: [] }, actor),
    () => replaceDraft(db, tenantId, NO_ID, { document: { format: 1, name: "x", nodes: [], edges: [] } }, actor),
    () => discardDraft(db, tenantId, NO_ID, actor),
    () => publishDraft(db, tenantId, NO_ID, 0, actor),
    () => listVersions(db, tenantId, NO_ID, { limit: 1 }),
    () => restoreVersion(db, tenantId, NO_ID, { number: 1 }, actor),
    () => setEnabled(db, tenantId, NO_ID, true, actor),
    () => startRun(services, tenantId, { playbook: NO_ID }, actor),
    () => cancelRun(services, tenantId, NO_ID, actor),
    () => rerunRun(services, tenantId, NO_ID, actor),
    () => answerRun(services, tenantId, NO_ID, { stepId: NO_ID, decision: "fail" }, actor),
  ];
  for (const call of refused) {
    const error = await call().then(() => undefined, (reason: unknown) => reason);
    expect(isRefusal(error) && error.kind, String(error)).toBe("not-found");
  }
});
