import { Inbox } from "lucide-react";
import { ButtonLink } from "#app/ui/button.tsx";
import { CopyBlock } from "#app/ui/copy.tsx";
import { Empty } from "#app/ui/state.tsx";

/** A queue that never held anything: what to paste so that it does. */
export function Newcomer({ baseUrl }: { baseUrl: string }) {
  return (
    <Empty icon={<Inbox className="size-7" />} title="No alerts yet">
      <p className="mb-3">Post one from a terminal, or point your SIEM's webhook here. It appears on this page as it arrives.</p>
      <CopyBlock label="sample alert command" text={sampleCommand(baseUrl)} />
      <p className="mt-3 flex items-center justify-center gap-2 text-xs text-fg-3">
        The key was printed when Playgraph started for the first time; <ButtonLink size="sm" to="/settings/api-keys">make another</ButtonLink>
      </p>
    </Empty>
  );
}

const sampleCommand = (baseUrl: string): string =>
  `curl -X POST ${baseUrl}/api/v1/webhooks/alerts \\
  -H "X-API-Key: <your API key>" \\
  -H "Content-Type: application/json" \\
  -d '{
    "rule_name": "Multiple failed sign-ins",
    "severity": "high",
    "source_ip": "203.0.113.45",
    "hostname": "web-01",
    "username": "j.doe",
    "message": "27 failed sign-ins in 60 seconds"
  }'`;
