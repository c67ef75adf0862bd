/** What starts a playbook, in words for lists, cards and forms. */
import type { PlaybookTrigger } from "#format";
import { scheduleWords } from "./schedule-words.ts";

type Kind = PlaybookTrigger["on"];

/** label: in the form. title: of the card. icon: app/canvas/icons.tsx. */
export const KINDS: Record<Kind, { label: string; title: string; icon: string }> = {
  alert: { label: "An alert arrives", title: "Alert", icon: "siren" },
  schedule: { label: "A time comes", title: "Schedule", icon: "timer" },
  webhook: { label: "Its own webhook is called", title: "Webhook", icon: "link" },
  "run-failed": { label: "A run fails", title: "Failed run", icon: "shield-alert" },
  manual: { label: "A person starts it", title: "Manual start", icon: "play" },
};

/** As a document and the wire have it. */
interface Trigger {
  on: Kind;
  source: string;
  moment: string;
  schedule?: { cron: string; timezone: string } | null | undefined;
  playbooks?: readonly string[] | null | undefined;
}

/** "Alerts of wazuh, once ingested" */
export function triggerWords({ on, source, moment, schedule, playbooks }: Trigger): string {
  switch (on) {
    case "alert": {
      const name = source.replace(/\.alert$/, "");
      return `${name === "webhook" ? "Any alert" : `Alerts of ${name}`}, once ${moment}`;
    }
    case "schedule": return schedule ? scheduleWords(schedule) : "A schedule without times";
    case "webhook": return "Its own webhook";
    case "run-failed": return `Failed runs of ${playbooks ? playbooks.join(", ") : "any playbook"}`;
    case "manual": return "Started by hand";
    default: return on satisfies never;
  }
}
