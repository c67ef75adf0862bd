import type { RunSummary } from "#app/models/wire.ts";

/** What started a run, for where an alert's title would stand. */
export function originWords({ kind, by }: RunSummary["origin"]): string {
  switch (kind) {
    case "alert": return "started by an alert";
    case "manual": return by === null ? "started by hand" : `started by ${by}`;
    case "rerun": return by === null ? "repeated by hand" : `repeated by ${by}`;
    case "run": return "started by another run";
    case "schedule": return "started by its schedule";
    case "webhook": return "started by its webhook";
    case "run-failed": return "started by a failed run";
    default: return kind satisfies never;
  }
}
