import type { AlertView } from "#sdk";

/** What a reader of mail needs to decide whether to open the alert (R154, as Slack's summary), as plain text. */
export function alertText(alert: AlertView, baseUrl: string): string {
  const line = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, " ").trim();
  const score = alert.risk_score === null ? "not scored" : `${alert.risk_score}/100${alert.risk_label ? ` (${alert.risk_label})` : ""}`;
  const fields: [string, string | null][] = [
    ["Alert", alert.id],
    ["Risk", score],
    ["Event", alert.rule_name ?? alert.title],
    ["Source IP", alert.source_ip ?? "unknown"],
    ["Host", alert.hostname],
    ["User", alert.username],
  ];
  return [
    `${alert.severity.toUpperCase()} alert: ${line(alert.title)}`,
    "",
    ...fields.flatMap(([name, value]) => (value === null ? [] : [`${`${name}:`.padEnd(11)}${line(value)}`])),
    "",
    `${baseUrl.replace(/\/+$/, "")}/alerts/${encodeURIComponent(alert.id)}`,
    "",
  ].join("\n");
}
