import { useState } from "react";
import type { Iocs } from "#app/models/wire.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { CopyButton } from "#app/ui/copy.tsx";
import { CheckField } from "#app/ui/field.tsx";
import { Panel } from "#app/ui/panel.tsx";
import { defang } from "./defang.ts";

const GROUPS: [keyof Iocs, string][] = [["ips", "IP addresses"], ["domains", "Domains"], ["urls", "URLs"], ["hashes", "File hashes"], ["emails", "E-mail addresses"], ["cves", "Vulnerabilities"]];
const AT_FIRST = 8;

/** What the alert names, by kind; internal ones are shown and marked: nobody outside is asked about them. */
export function Observables({ iocs, internal }: { iocs: Iocs; internal: Iocs }) {
  const [defanged, setDefanged] = useState(false);
  const groups = GROUPS.map(([key, label]) => ({
    key,
    label,
    values: [...(iocs[key] ?? []).map((value) => ({ value, inside: false })), ...(internal[key] ?? []).map((value) => ({ value, inside: true }))],
  })).filter(({ values }) => values.length > 0);
  const all = groups.flatMap(({ values }) => values.map(({ value }) => value));

  return (
    <Panel
      title={`Observables${all.length > 0 ? ` (${all.length})` : ""}`}
      aside={all.length > 0 && <><CheckField label="Defang" checked={defanged} onChange={(event) => setDefanged(event.target.checked)} /><CopyButton label="Copy all" text={() => all.map((value) => (defanged ? defang(value) : value)).join("\n")} /></>}
    >
      {groups.length === 0 ? <p className="text-fg-3">None found in this alert.</p> : (
        <div className="flex flex-col gap-3">
          {groups.map(({ key, label, values }) => <Group key={key} label={label} values={values} show={(value) => (defanged ? defang(value) : value)} />)}
        </div>
      )}
    </Panel>
  );
}

function Group({ label, values, show }: { label: string; values: { value: string; inside: boolean }[]; show(value: string): string }) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? values : values.slice(0, AT_FIRST);
  return (
    <section aria-label={label}>
      <h3 className="mb-1 text-xs font-medium text-fg-3">{label}</h3>
      <ul>
        {shown.map(({ value, inside }) => (
          <li key={value} className="group flex min-h-6 items-center gap-2 rounded-sm hover:bg-hover">
            <span title={value} className="min-w-0 flex-1 truncate font-mono text-xs">{show(value)}</span>
            {inside && <Badge title="Private, loopback or otherwise internal: never sent to a provider">internal</Badge>}
            <CopyButton small label={`Copy ${show(value)}`} text={show(value)} />
          </li>
        ))}
      </ul>
      {values.length > AT_FIRST && <Button size="sm" variant="ghost" onClick={() => setWhole(!whole)}>{whole ? "Show fewer" : `Show all ${values.length}`}</Button>}
    </section>
  );
}
