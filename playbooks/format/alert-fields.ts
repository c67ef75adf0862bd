/** What conditions may name (R105). How it is shown and compared is the editor's business. */

export const ALERT_FIELD_NAMES = [
  "id", "source", "source_id", "title", "description", "severity", "status", "determination", "risk_score", "risk_label", "source_ip", "dest_ip", "hostname", "username",
  "rule_id", "rule_name", "tags", "partner", "techniques", "assigned_username", "duplicate_count", "correlation_id", "created_at", "observed_at",
  "iocs", "observable_types",
] as const;

/** Paths into these go as deep as the source's payload does. */
export const OPEN_ROOTS = ["raw_data", "normalized_data", "enrichment"] as const;

const NAMES: ReadonlySet<string> = new Set(ALERT_FIELD_NAMES);

/** Why a condition on it can never hold; undefined for fields there are, and for paths that nobody can know beforehand. */
export function unknownField(name: string): string | undefined {
  const [root = "", ...rest] = name.split(".");
  if (NAMES.has(name) || root === "iocs") return undefined;
  if ((OPEN_ROOTS as readonly string[]).includes(root)) return rest.length > 0 && rest.every((key) => key !== "") ? undefined : `Say which field of ${root}: ${root}.rule.level`;
  return `Alerts have no field “${name}”: this never holds. What a source sent is under raw_data.`;
}
