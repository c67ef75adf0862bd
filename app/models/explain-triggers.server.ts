/** Which playbooks an alert starts and why others stay (R111): the decision of ingestion, with its reasons, over the alert as it is now. */
import { explain, toAlertView, type TriggerSubject } from "#engine/alerts/index.ts";
import { type ConditionTrace, parseDocument, type PlaybookTrigger } from "#format";
import type { Db } from "#prisma";
import { getAlert } from "./alert.server.ts";
import { Refusal } from "./refusal.ts";
import type { AlertDetail } from "./wire.ts";

/** Whether an alert starts a playbook, and why (not). */
export interface TriggerExplanation {
  id: string;
  slug: string;
  name: string;
  enabled: boolean;
  /** Judged by the trigger that the request brought, not by the published one. */
  by_draft: boolean;
  moment: "ingested" | "enriched";
  order: number;
  matches: boolean;
  /** Among those that match at the same moment, from 1. */
  position: number | null;
  reasons: ConditionTrace[];
}

interface ExplainRequest {
  alertId: string;
  /** Judged by this trigger instead of the published one: a draft's. */
  draft?: { playbookId: string; trigger: PlaybookTrigger };
  /** Only this playbook. */
  playbookId?: string;
}

interface Row { id: string; slug: string; name: string; enabled: boolean; document: unknown }

/** In the order in which they would run. @throws Refusal not-found for an unknown alert. */
export async function explainTriggers(db: Db, tenantId: string, { alertId, draft, playbookId }: ExplainRequest): Promise<TriggerExplanation[]> {
  const alert = await getAlert(db, tenantId, alertId);
  if (!alert) throw new Refusal("not-found", "Alert not found");
  const rows = await db.withTenant(tenantId, (tx) => tx.$queryRaw<Row[]>`
    SELECT p.id, p.slug, p.name, p.enabled, v.document FROM playbooks p LEFT JOIN playbook_versions v ON v.id = p.published_version_id
    WHERE p.tenant_id = ${tenantId}::uuid AND (${playbookId ?? null}::uuid IS NULL OR p.id = ${playbookId ?? null}::uuid)`);
  const explained = explain(subjectOf(alert), rows.map((row) => ({ ...row, ...judgedBy(row, draft) })));
  const places = new Map<string, number>();
  return explained.map(({ playbook: { id, slug, name, enabled, trigger: { moment, order }, version }, matches, reasons }): TriggerExplanation => {
    const position = matches ? (places.get(moment) ?? 0) + 1 : null;
    if (position !== null) places.set(moment, position);
    return { id, slug, name, enabled, by_draft: version === "draft", moment, order, matches, position, reasons };
  });
}

function judgedBy({ id, name, document }: Row, draft: ExplainRequest["draft"]): { trigger: PlaybookTrigger; version: "published" | "draft" | "none" } {
  if (draft?.playbookId === id) return { trigger: draft.trigger, version: "draft" };
  return { trigger: parseDocument(document ?? { format: 1, name, nodes: [], edges: [] }).trigger, version: document === null ? "none" : "published" };
}

/** The same names that conditions see at ingestion. */
function subjectOf(alert: AlertDetail): TriggerSubject {
  const view = toAlertView({ ...alert, observed_at: alert.observed_at ? new Date(alert.observed_at) : null, created_at: new Date(alert.created_at) });
  return { ...view, iocs: alert.iocs, observable_types: Object.keys(alert.iocs), raw_data: alert.raw_payload, normalized_data: alert.normalized };
}
