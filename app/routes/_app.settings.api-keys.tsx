import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { KeyRound, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { createApiKey, listApiKeys, revokeApiKey, type ApiKeyWire } from "#app/models/api-key.server.ts";
import { isUuid } from "#app/models/page.ts";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { ApiKeyDialog } from "#app/settings/api-key-dialog.tsx";
import { Confirm } from "#app/settings/confirm.tsx";
import { attempt, done, refused, text } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { Panel } from "#app/ui/panel.tsx";
import { Empty } from "#app/ui/state.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { Time } from "#app/ui/time.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const { db, user, baseUrl } = enterPage(args, "routes/_app.settings.api-keys");
  return { keys: await listApiKeys(db, user.tenant_id), baseUrl };
}

const DAY_MS = 86_400_000;
const DAYS = [30, 90, 365];
const MAX_RATE = 1_000_000;

export async function action(args: ActionFunctionArgs) {
  const { app: { db, user }, form, intent } = await enterAction(args, "routes/_app.settings.api-keys");
  if (intent === "revoke") {
    const id = text(form, "id");
    if (!isUuid(id)) return refused(intent, { "": "There is no such key" }, 404);
    return attempt(intent, async () => { await revokeApiKey(db, user.tenant_id, id, actorOf(user)); return "Revoked"; });
  }

  const name = text(form, "name");
  const days = DAYS.find((value) => String(value) === text(form, "days"));
  const rate = text(form, "rate_limit");
  if (name === "" || name.length > 100) return refused(intent, { name: "A name has 1 to 100 characters" });
  if (rate !== "" && !(/^\d{1,7}$/.test(rate) && Number(rate) >= 1 && Number(rate) <= MAX_RATE)) return refused(intent, { rate_limit: `A whole number from 1 to ${MAX_RATE}, or empty for no limit` });
  const { key } = await createApiKey(db, user.tenant_id, {
    name,
    rate_limit: rate === "" ? null : Number(rate),
    signature_required: form.get("signature_required") === "on",
    expires_at: days === undefined ? null : new Date(Date.now() + days * DAY_MS),
  }, actorOf(user));
  return data({ ...done(intent), key }, { headers: { "Cache-Control": "no-store" } });
}

export const meta: MetaFunction = () => [{ title: "API keys · Playgraph" }];

const COLUMNS: Column[] = [
  { key: "name", label: "Name" },
  { key: "prefix", label: "Begins with", width: "140px" },
  { key: "state", label: "State", width: "104px" },
  { key: "rate", label: "Limit per minute", width: "124px", align: "right" },
  { key: "used", label: "Last used", width: "104px", align: "right" },
  { key: "expires", label: "Expires", width: "104px", align: "right" },
  { key: "actions", label: <span className="sr-only">Actions</span>, width: "96px", align: "right" },
];

export default function ApiKeysPage() {
  const { keys, baseUrl } = useLoaderData<typeof loader>();
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<ApiKeyWire | null>(null);
  const keep = useCallback(() => setDoomed(null), []);
  const reason = useReason()("api_keys:manage");
  return (
    <Panel title="API keys" flush aside={<Button variant="primary" reason={reason} onClick={() => setAdding(true)}><Plus aria-hidden className="size-3.5" /> New key</Button>}>
      {keys.length === 0 ? <Empty icon={<KeyRound className="size-7" />} title="No keys">A SIEM posts alerts to {baseUrl}/api/v1/webhooks/alerts with a key in the X-API-Key header.</Empty> : (
        <Table columns={COLUMNS} caption="API keys, newest first">
          {keys.map((key) => (
            <Row key={key.id}>
              <Cell className="font-medium" title={key.name}>{key.name}{key.signature_required && <span className="ml-2 text-xs text-fg-3">signed only</span>}</Cell>
              <Cell className="font-mono text-xs">{key.prefix}…</Cell>
              <Cell><Badge dot tone={key.is_active ? "green" : "gray"}>{key.is_active ? "Active" : key.revoked_at === null ? "Expired" : "Revoked"}</Badge></Cell>
              <Cell className="text-right text-fg-2">{key.rate_limit ?? "none"}</Cell>
              <Cell className="text-right text-fg-2">{key.last_used_at === null ? "never" : <Time at={key.last_used_at} suffix=" ago" />}</Cell>
              <Cell className="text-right text-fg-2">{key.expires_at === null ? "never" : <Time at={key.expires_at} suffix=" ago" />}</Cell>
              <Cell className="text-right">{key.revoked_at === null && <Button size="sm" variant="danger" reason={reason} onClick={() => setDoomed(key)}>Revoke</Button>}</Cell>
            </Row>
          ))}
        </Table>
      )}
      {adding && <ApiKeyDialog onClose={() => setAdding(false)} />}
      {doomed && <Confirm title={`Revoke ${doomed.name}?`} verb="Revoke" fields={{ intent: "revoke", id: doomed.id }} onClose={keep}>Whatever sends alerts with this key is refused from now on. This cannot be undone.</Confirm>}
    </Panel>
  );
}
