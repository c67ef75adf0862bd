import { isPublicAddress } from "./addresses.ts";

type Severity = "critical" | "high" | "medium" | "low" | "info";

interface Alert {
  severity: Severity;
  techniques: string[];
  source_ip: string | null;
  duplicate_count: number;
}

export interface Assessment {
  /** 0 to 100. */
  risk_score: number;
  /** What made the score, part by part: they add up to it, except where a limit cut them. */
  parts: { points: number; reason: string }[];
  tags: string[];
  summary: string;
}

const BASE: Record<Severity, number> = { critical: 80, high: 60, medium: 40, low: 20, info: 5 };

/** Without intelligence, no amount of context makes a notice into a case. */
const LIMIT: Record<Severity, number> = { critical: 100, high: 89, medium: 69, low: 39, info: 19 };

/** Techniques that mean an attacker is past the door count more than knocking does. Sub-techniques count as their parent. */
const TECHNIQUES: Record<string, number> = {
  T1486: 15, T1490: 15, T1561: 15, T1485: 15, // impact: encryption, destruction
  T1003: 12, T1558: 12, T1555: 10, T1550: 10, // stolen credentials
  T1041: 12, T1048: 12, T1567: 10, // exfiltration
  T1562: 10, T1070: 10, T1055: 10, // covering tracks
  T1021: 10, T1071: 10, T1105: 8, T1572: 8, // lateral movement, command and control
  T1543: 8, T1547: 8, T1053: 8, T1136: 8, T1098: 8, // persistence
  T1190: 8, T1566: 8, T1078: 8, T1059: 6, // initial access and execution
  T1110: 5, T1046: 3, T1595: 2, // knocking
};
const FURTHER_TECHNIQUE = 2;

/** First opinion on an alert, from what the alert itself says: no outside source is asked. */
export default function assess({ alert }: { alert: Alert }): Assessment {
  const parts = [{ points: BASE[alert.severity], reason: `${alert.severity} severity` }];
  const tags: string[] = [];

  const known = alert.techniques.map((id) => ({ id, points: TECHNIQUES[id.split(".")[0]!] ?? 0 })).sort((a, b) => b.points - a.points);
  const worst = known[0];
  if (worst && worst.points > 0) {
    const further = Math.min(known.length - 1, 3) * FURTHER_TECHNIQUE;
    parts.push({ points: worst.points + further, reason: `technique ${worst.id}${further > 0 ? ` and ${known.length - 1} more` : ""}` });
  }

  if (isPublicAddress(alert.source_ip)) {
    parts.push({ points: 5, reason: `source ${alert.source_ip} is on the internet` });
    tags.push("source:public");
  } else if (alert.source_ip !== null) {
    tags.push("source:internal");
  }

  if (alert.duplicate_count > 1) {
    // The hundredth time tells little more than the tenth.
    parts.push({ points: Math.min(Math.round(3 * Math.log2(alert.duplicate_count)), 12), reason: `seen ${alert.duplicate_count} times` });
    tags.push("recurring");
  }

  const sum = parts.reduce((total, { points }) => total + points, 0);
  const risk_score = Math.min(sum, LIMIT[alert.severity]);
  const explained = parts.map(({ points, reason }) => `${points} for ${reason}`).join(", ");
  const limited = risk_score < sum ? `; ${alert.severity} severity alone ends at ${LIMIT[alert.severity]}` : "";
  return { risk_score, parts, tags, summary: `First look: risk ${risk_score}/100 (${explained}${limited}).` };
}
