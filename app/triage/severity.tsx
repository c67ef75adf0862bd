import { SEVERITIES, SEVERITY_TONE, type Severity } from "./words.ts";
import { words } from "#app/ui/words.ts";

/** Bars as many as it is grave: readable without colour. */
export function SeverityMark({ severity, word = true }: { severity: Severity; word?: boolean }) {
  const height = SEVERITIES.length - SEVERITIES.indexOf(severity);
  return (
    <span data-tone={SEVERITY_TONE[severity]} className="inline-flex items-center gap-1.5 whitespace-nowrap" title={word ? undefined : words(severity)}>
      <svg aria-hidden viewBox="0 0 19 12" className="h-3 w-[19px] shrink-0">
        {[0, 1, 2, 3, 4].map((bar) => (
          <rect key={bar} x={bar * 4} y={10 - bar * 2 - 2} width={3} height={bar * 2 + 4} rx={0.75} className={bar < height ? "fill-fill" : "fill-line-strong"} opacity={bar < height ? 1 : 0.55} />
        ))}
      </svg>
      <span className={word ? "font-medium text-tone" : "sr-only"}>{words(severity)}</span>
    </span>
  );
}
