import type { Tone } from "#app/ui/badge.tsx";

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_TONE: Record<Severity, Tone> = { critical: "red", high: "orange", medium: "yellow", low: "blue", info: "gray" };

const STATUS_TONES: Record<string, Tone> = {
  new: "accent", enriching: "cyan", analyzing: "cyan", in_progress: "yellow", investigating: "yellow", escalated: "orange", false_positive: "gray", resolved: "green", closed: "gray",
};
export const alertStatusTone = (status: string): Tone => STATUS_TONES[status] ?? "gray";

const DETERMINATION_TONES: Record<string, Tone> = { unknown: "gray", malicious: "red", suspicious: "orange", benign: "green" };
export const determinationTone = (determination: string): Tone => DETERMINATION_TONES[determination] ?? "gray";

const RISK_TONES: Record<string, Tone> = { critical: "red", high: "orange", medium: "yellow", low: "blue", info: "gray" };
export const riskTone = (label: string | null): Tone => RISK_TONES[label?.toLowerCase() ?? ""] ?? "gray";
