import type { AlertDetail } from "#app/models/wire.ts";
import { Chip } from "#app/ui/badge.tsx";
import { CopyButton } from "#app/ui/copy.tsx";
import { Fact, Facts, Panel } from "#app/ui/panel.tsx";
import { Time } from "#app/ui/time.tsx";

/** T1110.001 → its page in the ATT&CK catalogue; the site is opened by a person's click only. */
const attackUrl = (id: string): string => `https://attack.mitre.org/techniques/${id.replace(".", "/")}/`;
const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;

const Copied = ({ value, mono }: { value: string; mono?: boolean }) => (
  <span className="flex items-center gap-1"><span title={value} className={`min-w-0 truncate ${mono ? "font-mono text-xs" : ""}`}>{value}</span><CopyButton small label={`Copy ${value}`} text={value} /></span>
);

export function Entities({ alert }: { alert: AlertDetail }) {
  const { hostname, username, source_ip, dest_ip, rule_name, rule_id, partner, source_id } = alert;
  return (
    <Panel title="What it is about">
      <Facts>
        {hostname !== null && <Fact name="Host"><Copied value={hostname} /></Fact>}
        {username !== null && <Fact name="User"><Copied value={username} /></Fact>}
        {source_ip !== null && <Fact name="Source IP"><Copied mono value={source_ip} /></Fact>}
        {dest_ip !== null && <Fact name="Destination IP"><Copied mono value={dest_ip} /></Fact>}
        {rule_name !== null && <Fact name="Rule">{rule_name}{rule_id !== null && <span className="text-fg-3"> ({rule_id})</span>}</Fact>}
        {alert.techniques.length > 0 && (
          <Fact name="ATT&CK">
            <span className="flex flex-wrap gap-x-3 gap-y-1">
              {alert.techniques.map((id) => TECHNIQUE.test(id) ? <a key={id} href={attackUrl(id)} target="_blank" rel="noreferrer" className="font-mono text-xs link">{id}</a> : <span key={id}>{id}</span>)}
            </span>
          </Fact>
        )}
        {alert.tags.length > 0 && <Fact name="Tags"><span className="flex flex-wrap gap-1">{alert.tags.map((tag) => <Chip key={tag}>{tag}</Chip>)}</span></Fact>}
        {partner !== null && <Fact name="Partner">{partner}</Fact>}
        <Fact name="Source">{alert.source}</Fact>
        {source_id !== null && <Fact name="Source id"><Copied mono value={source_id} /></Fact>}
        <Fact name="Seen">{alert.duplicate_count === 1 ? "once" : `${alert.duplicate_count} times`}{alert.observed_at !== null && <>, observed <Time at={alert.observed_at} suffix=" ago" /></>}</Fact>
        <Fact name="Received"><Time at={alert.created_at} suffix=" ago" /></Fact>
        {alert.resolved_at !== null && <Fact name="Resolved"><Time at={alert.resolved_at} suffix=" ago" />{alert.resolve_reason !== null && `: ${alert.resolve_reason}`}</Fact>}
        <Fact name="Correlation id"><Copied mono value={alert.correlation_id} /></Fact>
      </Facts>
    </Panel>
  );
}
