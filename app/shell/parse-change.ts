import type { Change } from "#app/ui/live.tsx";

const ids = (value: unknown): string[] | "*" => (value === "*" ? "*" : Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : []);

/** One event of /api/v1/events: ids of alerts and runs that changed, "*" for more than fit. */
export function parseChange(data: unknown): Change {
  const { alerts, runs } = data as { alerts?: unknown; runs?: unknown };
  return { alerts: ids(alerts), runs: ids(runs) };
}
