/** What a batch of deliveries means, decided without touching the database. */
import { uuidv7 } from "../ids.ts";
import { type NewRun, PRIORITIES } from "../queue.ts";
import type { AlertView, NormalizedAlert, Severity } from "#sdk";
import type { Payload } from "#sdk/source.ts";
import type { Accepted, IngestItem } from "./ingest.ts";
import { REOPENED, reopensOnDuplicate } from "./lifecycle.ts";
import type { Iocs } from "./observables/extract.ts";
import type { StartablePlaybook } from "./playbook-triggers.ts";
import { moreSevere, severityRank } from "./severity.ts";
import { type TriggerSubject, matchPlaybooks } from "./triggers.ts";
import { newAlertView } from "./view.ts";

/** A parsed and normalised item, ready to be stored. */
export interface Delivery {
  tenantId: string;
  raw: Buffer;
  payload: Payload;
  alert: NormalizedAlert;
  dedupKey: string | null;
  iocs: Iocs & { internal?: Iocs };
  actor: IngestItem["actor"];
}

/** Deliveries of one batch that are the same alert: one row, written once. */
export interface Group {
  /** (tenant, source, dedup_key), or something unique for deliveries that equal nothing. */
  key: string;
  first: Delivery;
  /** The newest: its payload is the one that is kept. */
  last: Delivery;
  deliveries: Delivery[];
  /** Ids of the row, should it be a new one. */
  id: string;
  correlationId: string;
  jobId: string;
  severity: Severity;
}

export interface KnownAlert {
  key: string;
  view: AlertView;
  jobId: string;
}

export interface AlertUpdate {
  id: string;
  last: Delivery;
  /** Deliveries to add to the count. */
  count: number;
  severity: Severity;
  reopen: boolean;
}

export interface AlertEventRow {
  id: string;
  tenant_id: string;
  alert_id: string;
  action: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  detail: string | null;
  data: Record<string, unknown> | null;
}

export interface Settled {
  tenantId: string;
  alertId: string;
  update: AlertUpdate | null;
  events: AlertEventRow[];
  runs: NewRun[];
  /** One per delivery of the group, in order. */
  answers: Accepted[];
}

export const alertKey = (tenantId: string, source: string, dedupKey: string): string => `${tenantId}\n${source}\n${dedupKey}`;

/** Sorted by key, so that two processes touch the rows of overlapping batches in one order and never wait for each other in a circle. */
export function groupDeliveries(deliveries: readonly Delivery[]): Group[] {
  const groups = new Map<string, Group>();
  for (const delivery of deliveries) {
    const id = uuidv7();
    const key = delivery.dedupKey === null ? `${delivery.tenantId}\n\n${id}` : alertKey(delivery.tenantId, delivery.alert.source, delivery.dedupKey);
    const group = groups.get(key);
    if (group) {
      group.deliveries.push(delivery);
      group.last = delivery;
      group.severity = moreSevere(group.severity, delivery.alert.severity);
    } else {
      groups.set(key, { key, first: delivery, last: delivery, deliveries: [delivery], id, correlationId: uuidv7(), jobId: uuidv7(), severity: delivery.alert.severity });
    }
  }
  return [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The alert of a new group as it is about to be stored. */
const newView = ({ id, correlationId, severity, first, deliveries }: Group): AlertView =>
  newAlertView({ id, correlationId, alert: { ...first.alert, severity }, iocs: first.iocs, duplicateCount: deliveries.length });

/** R107, R108: conditions also reach the observables and the payload itself. */
const subjectOf = (view: AlertView, { iocs, payload, alert }: Delivery): TriggerSubject => ({
  ...view,
  iocs,
  observable_types: Object.keys(iocs).filter((kind) => kind !== "internal"),
  raw_data: payload,
  normalized_data: alert,
});

/** One run per playbook, chained into a sequence where there are several; it is as urgent as its most urgent member (R130, R136). */
function startRuns(view: AlertView, tenantId: string, playbooks: readonly StartablePlaybook[]): NewRun[] {
  if (playbooks.length === 0) return [];
  const priority = Math.min(...playbooks.map((playbook) => PRIORITIES[playbook.trigger.priority]));
  const sequenceId = uuidv7();
  const ids = playbooks.map(() => uuidv7());
  return playbooks.map((playbook, at) => ({
    id: ids[at]!,
    tenantId,
    playbookId: playbook.id,
    versionId: playbook.versionId,
    alertId: view.id,
    correlationId: view.correlation_id,
    mode: "live",
    priority,
    sequence: playbooks.length === 1 ? null : { id: sequenceId, position: at + 1, total: playbooks.length, previousRunId: ids[at - 1] ?? null },
    origin: { kind: "alert" },
    input: null,
  }));
}

/**
 * What is written and answered for one group. A duplicate keeps ids and title, raises the severity where it is higher (R62),
 * returns a resolved alert to the queue unless it was found benign, and starts only playbooks that ask for duplicates (R58).
 */
export function settleGroup(group: Group, known: KnownAlert | null, playbooks: readonly StartablePlaybook[]): Settled {
  const { first, last, deliveries } = group;
  const severity = known ? moreSevere(known.view.severity, group.severity) : group.severity;
  const reopen = known !== null && reopensOnDuplicate(known.view.status, known.view.determination);
  const before = known?.view.duplicate_count ?? 0;
  const view: AlertView = known
    ? { ...known.view, severity, status: reopen ? REOPENED : known.view.status, duplicate_count: before + deliveries.length }
    : newView(group);

  const events: AlertEventRow[] = [];
  // Events of one commit share their time; rising ids keep them in the order in which they were written.
  const now = Date.now();
  const event = (action: string, actor: Delivery["actor"], data: Record<string, unknown> | null, detail: string | null = null): AlertEventRow => ({
    id: uuidv7(now + events.length), tenant_id: first.tenantId, alert_id: view.id, action, actor_kind: actor.kind, actor_id: actor.id, actor_name: actor.name, detail, data,
  });
  if (!known) events.push(event("created", first.actor, { source: view.source, severity: view.severity }));
  const repeats = deliveries.length - (known ? 0 : 1);
  if (repeats > 0) events.push(event("duplicate", last.actor, { count: repeats, duplicate_count: view.duplicate_count }));
  if (known && severityRank(severity) > severityRank(known.view.severity)) {
    events.push(event("severity_change", last.actor, { field: "severity", old: known.view.severity, new: severity }, "a repeated delivery was more severe"));
  }
  if (known && reopen) events.push(event("status_change", last.actor, { field: "status", old: known.view.status, new: REOPENED }, "the alert was delivered again"));

  const runs: NewRun[] = [];
  const answers = deliveries.map((delivery, nth): Accepted => {
    const duplicate = known !== null || nth > 0;
    const candidates = duplicate ? playbooks.filter((playbook) => playbook.trigger.onDuplicate) : playbooks;
    const matches = candidates.length === 0 ? [] : matchPlaybooks(subjectOf(view, delivery), candidates);
    runs.push(...startRuns(view, first.tenantId, matches));
    return {
      alert_id: view.id,
      job_id: known?.jobId ?? group.jobId,
      title: view.title,
      severity: view.severity,
      duplicate,
      duplicate_count: before + nth + 1,
      playbooks_triggered: matches.map((playbook) => playbook.name),
      correlation_id: view.correlation_id,
    };
  });
  return { tenantId: first.tenantId, alertId: view.id, update: known ? { id: view.id, last, count: deliveries.length, severity, reopen } : null, events, runs, answers };
}
