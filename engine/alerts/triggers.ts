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

/** Ascending order, then name. */
export const byOrder = (a: Triggered, b: Triggered): number => a.trigger.order - b.trigger.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** @param playbooks the enabled, published ones of the alert's tenant. @returns each match once: ascending order, then name. */
export function matchPlaybooks<P extends Triggered>(subject: TriggerSubject, playbooks: readonly P[], moment: Moment = "ingested"): P[] {
  const matches = new Map<string, P>();
  for (const playbook of playbooks) if (starts(playbook.trigger, subject, moment)) matches.set(playbook.id, playbook);
  return [...matches.values()].sort(byOrder);
}

export interface Explained extends Triggered {
  enabled: boolean;
  /** Which trigger is judged: of the published version, of a draft, or none that could start anything. */
  version: "published" | "draft" | "none";
}

export interface Explanation<P extends Explained = Explained> {
  playbook: P;
  matches: boolean;
  /** Every requirement with whether it holds, the conditions as a tree. */
  reasons: ConditionTrace[];
}

/** What starts it instead; null where alerts do. */
const OTHER_START: Record<PlaybookTrigger["on"], string | null> = {
  alert: null, schedule: "by its schedule", webhook: "by its own webhook", "run-failed": "by runs that fail", manual: "by hand only",
};

const VERSION_WORDS: Record<Explained["version"], string> = { published: "published", draft: "judged by its draft", none: "not published" };

/**
 * Each playbook at its own moment: the subject is the alert as it is then.
 * @param playbooks all of the tenant's. @returns them in the order in which they would run.
 */
export function explain<P extends Explained>(subject: TriggerSubject, playbooks: readonly P[]): Explanation<P>[] {
  return [...playbooks].sort(byOrder).map((playbook) => {
    const { trigger, enabled, version } = playbook;
    const reasons: ConditionTrace[] = [{ holds: enabled, text: enabled ? "enabled" : "disabled" }, { holds: version !== "none", text: VERSION_WORDS[version] }];
    const other = OTHER_START[trigger.on];
    // Its source and conditions, if it has any left, say nothing.
    if (other !== null) return { playbook, matches: false, reasons: [...reasons, { holds: false, text: `not started by alerts: it starts ${other}` }] };
    reasons.push(
      { holds: true, text: `starts when an alert is ${trigger.moment}` },
      { holds: sourceMatches(trigger.source, subject.source), text: `source is ${subject.source}, wanted ${trigger.source === "webhook" ? "any" : trigger.source}` },
      explainCondition(trigger.conditions, subject),
    );
    return { playbook, matches: reasons.every((reason) => reason.holds), reasons };
  });
}
