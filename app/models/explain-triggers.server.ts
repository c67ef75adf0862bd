/** Why an alert starts a playbook or not (R111): the decision of ingestion, with its reasons, over the alert as it is now. */
import { explain, type Explanation, toAlertView, type TriggerSubject } from "#engine/alerts/index.ts";
import { parseDocument, type PlaybookTrigger } from "#format";
import type { Db } from "#prisma";
import { getAlert } from "./alert.server.ts";
import { Refusal } from "./refusal.ts";
import type { AlertDetail } from "./wire.ts";

export type TriggerExplanation = Explanation;

/** In the order in which they would run. @throws Refusal not-found for an unknown alert. */
export async function explainTriggers(db: Db, tenantId: string, { alertId, playbookId }: { alertId: string; playbookId?: string }): Promise<TriggerExplanation[]> {
  const alert = await getAlert(db, tenantId, alertId);
  if (!alert) throw new Refusal("not-found", "Alert not found");
  const rows = await db.withTenant(tenantId, (tx) => tx.$queryRaw<{ id: string; name: string; enabled: boolean; document: unknown }[]>`
    SELECT p.id, p.name, p.enabled, v.document FROM playbooks p LEFT JOIN playbook_versions v ON v.id = p.published_version_id
    WHERE p.tenant_id = ${tenantId}::uuid AND (${playbookId ?? null}::uuid IS NULL OR p.id = ${playbookId ?? null}::uuid)`);
  return explain(subjectOf(alert), rows.map(({ id, name, enabled, document }) => ({ id, name, enabled, published: document !== null, trigger: triggerOf(name, document) })));
}

/** The same names that conditions see at ingestion. */
function subjectOf(alert: AlertDetail): TriggerSubject {
  const view = toAlertView({ ...alert, observed_at: alert.observed_at ? new Date(alert.observed_at) : null, created_at: new Date(alert.created_at) });
  return { ...view, iocs: alert.iocs, observable_types: Object.keys(alert.iocs), raw_data: alert.raw_payload, normalized_data: alert.normalized };
}

const triggerOf = (name: string, document: unknown): PlaybookTrigger => parseDocument(document ?? { format: 1, name, nodes: [], edges: [] }).trigger;
