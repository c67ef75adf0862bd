import type { AlertView, Severity } from "#sdk";
import type { SlackMessage } from "./client.ts";

const MARKS: Record<Severity, string> = { critical: ":red_circle:", high: ":large_orange_circle:", medium: ":large_yellow_circle:", low: ":large_blue_circle:", info: ":white_circle:" };

/** Slack refuses longer ones: a section's text 3000, a field's 2000. */
const MAX_SECTION = 2900;
const MAX_FIELD = 300;

/** A payload must not ping a channel or fake a link: these three characters start every control sequence of Slack. */
export const escapeMrkdwn = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const shorten = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`);

/** Severity mark, alert id, score, event type, source IP and link (R154); `note` is the author's own text, mrkdwn allowed. */
export function alertMessage(alert: AlertView, baseUrl: string, note?: string): SlackMessage {
  const link = `${baseUrl.replace(/\/+$/, "")}/alerts/${encodeURIComponent(alert.id)}`;
  const title = escapeMrkdwn(shorten(alert.title.replace(/\s+/g, " "), 150));
  const score = alert.risk_score === null ? "not scored" : `${alert.risk_score}/100${alert.risk_label ? ` (${alert.risk_label})` : ""}`;
  const field = (name: string, value: string) => ({ type: "mrkdwn", text: `*${name}*\n${escapeMrkdwn(shorten(value, MAX_FIELD))}` });
  return {
    text: `${alert.severity.toUpperCase()} alert: ${title}, risk ${score}`,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `${MARKS[alert.severity]} *${alert.severity.toUpperCase()}* <${link}|${title || "Alert"}>` } },
      {
        type: "section",
        fields: [
          field("Alert", alert.id),
          field("Risk", score),
          field("Event", alert.rule_name ?? alert.title),
          field("Source IP", alert.source_ip ?? "unknown"),
          ...(alert.hostname ? [field("Host", alert.hostname)] : []),
          ...(alert.username ? [field("User", alert.username)] : []),
        ],
      },
      ...(note ? [{ type: "section", text: { type: "mrkdwn", text: shorten(note, MAX_SECTION) } }] : []),
      { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "View alert" }, url: link }] },
    ],
  };
}
