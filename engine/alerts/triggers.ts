/** Which playbooks an alert starts, in which order (R103–R108), and why others do not (R111). */
import { type ConditionTrace, type PlaybookTrigger, evaluateCondition, explainCondition } from "#format";

/** What a condition may name: the alert's fields, `iocs`, `observable_types`, `raw_data` … */
export type TriggerSubject = { source: string } & Record<string, unknown>;

export interface Triggered {
  id: string;
  name: string;
  trigger: PlaybookTrigger;
}

type Moment = PlaybookTrigger["moment"];

/** `webhook` is any source; `<source>` and `<source>.alert` are one. Sources are names: case does not tell them apart. */
export function sourceMatches(wanted: string, source: string): boolean {
  const name = wanted.toLowerCase();
  const actual = source.toLowerCase();
  return name === "webhook" || name === actual || name === `${actual}.alert`;
}

const starts = (trigger: PlaybookTrigger, subject: TriggerSubject, moment: Moment): boolean =>
  trigger.on === "alert" && trigger.moment === moment && sourceMatches(trigger.source, subject.source) && evaluateCondition(trigger.conditions, subject);

const byOrder = (a: Triggered, b: Triggered): number => a.trigger.order - b.trigger.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** @param playbooks the enabled, published ones of the alert's tenant. @returns each match once: ascending order, then name. */
export function matchPlaybooks<P extends Triggered>(subject: TriggerSubject, playbooks: readonly P[], moment: Moment = "ingested"): P[] {
  const matches = new Map<string, P>();
  for (const playbook of playbooks) if (starts(playbook.trigger, subject, moment)) matches.set(playbook.id, playbook);
  return [...matches.values()].sort(byOrder);
}

export interface Explanation {
  id: string;
  name: string;
  matches: boolean;
  /** Every requirement with whether it holds, the conditions as a tree. */
  reasons: ConditionTrace[];
}

/** @param playbooks all of the tenant's, with whether they are enabled and published. In the order in which they would run. */
export function explain(subject: TriggerSubject, playbooks: readonly (Triggered & { enabled: boolean; published: boolean })[], moment: Moment = "ingested"): Explanation[] {
  return [...playbooks].sort(byOrder).map(({ id, name, trigger, enabled, published }) => {
    const reasons: ConditionTrace[] = [
      { holds: enabled, text: enabled ? "enabled" : "disabled" },
      { holds: published, text: published ? "published" : "not published" },
      { holds: trigger.on === "alert", text: trigger.on === "alert" ? "starts on alerts" : "starts by hand only" },
      { holds: trigger.moment === moment, text: `starts when an alert is ${trigger.moment}` },
      { holds: sourceMatches(trigger.source, subject.source), text: `source is ${subject.source}, wanted ${trigger.source}` },
      explainCondition(trigger.conditions, subject),
    ];
    return { id, name, matches: reasons.every((reason) => reason.holds), reasons };
  });
}
