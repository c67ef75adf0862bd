interface Alert {
  severity: "critical" | "high" | "medium" | "low" | "info";
  determination: string;
  source_ip: string | null;
}

interface Reputation {
  found: boolean;
  malicious: number;
  suspicious: number;
  engines: number;
  verdict: "malicious" | "suspicious" | "clean" | "unknown";
  link: string;
}

/** What the port `failed` carries. */
interface LookupFailure {
  kind: string;
  message: string;
}

interface Scope {
  alert: Alert;
  /** The lookup is skipped for alerts without a public source address. */
  steps: { reputation?: Reputation | LookupFailure };
}

export interface Score {
  /** 0 to 100. */
  risk_score: number;
  /** Whether anybody outside has said something about the source: without it, the score is the severity's. */
  has_intelligence: boolean;
  /** For the alert; null leaves it to the analyst. */
  determination: "suspicious" | null;
  tags: string[];
  summary: string;
}

const BASE: Record<Alert["severity"], number> = { critical: 75, high: 60, medium: 40, low: 20, info: 5 };

/** A handful of engines says little; only a broad "clean" lowers the score. */
const ENOUGH_ENGINES = 40;

export default function score({ alert, steps: { reputation } }: Scope): Score {
  const base = BASE[alert.severity];
  const without = (why: string, tag: string): Score => ({
    risk_score: base,
    has_intelligence: false,
    determination: null,
    tags: [tag],
    summary: `Risk ${base}/100 from ${alert.severity} severity alone, no intelligence: ${why}.`,
  });

  if (reputation === undefined) return without(alert.source_ip === null ? "the alert has no source address" : `${alert.source_ip} is an internal address`, "intel:none");
  if (!("found" in reputation)) return without(`the VirusTotal lookup failed (${reputation.message})`, "intel:failed");
  if (!reputation.found || reputation.verdict === "unknown") return without(`VirusTotal does not know ${alert.source_ip}`, "intel:unknown");

  const { verdict, malicious, suspicious, engines } = reputation;
  const change = verdict === "malicious" ? 25 : verdict === "suspicious" ? 10 : engines >= ENOUGH_ENGINES ? -25 : 0;
  const risk_score = Math.min(Math.max(base + change, 0), 100);
  const votes = `${malicious} malicious and ${suspicious} suspicious of ${engines} engines`;
  return {
    risk_score,
    has_intelligence: true,
    // A bad address makes an alert suspicious; only a person calls it malicious, and never over another person's word.
    determination: alert.determination === "unknown" && verdict === "malicious" ? "suspicious" : null,
    tags: [`intel:${verdict}`],
    summary: `Risk ${risk_score}/100: ${base} for ${alert.severity} severity, ${change >= 0 ? "+" : "−"}${Math.abs(change)} because VirusTotal finds ${alert.source_ip} ${verdict} (${votes}). ${reputation.link}`,
  };
}
