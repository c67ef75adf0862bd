interface Scope {
  alert: { severity: "critical" | "high" | "medium" | "low" | "info"; source_ip: string | null; techniques: string[] };
}

const BASE = { critical: 80, high: 60, medium: 40, low: 20, info: 5 };

export default function score({ alert }: Scope): { score: number; reasons: string[] } {
  const reasons = [`severity ${alert.severity}`];
  let score = BASE[alert.severity];
  if (alert.source_ip !== null) {
    score += 5;
    reasons.push(`from ${alert.source_ip}`);
  }
  for (const technique of alert.techniques.slice(0, 5)) {
    score += 3;
    reasons.push(technique);
  }
  return { score: Math.min(score, 100), reasons };
}
