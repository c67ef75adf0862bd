import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Plug, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { checkConnection, createConnection, deleteConnection, listConnections } from "#app/models/connection.server.ts";
import { isUuid } from "#app/models/page.ts";
import type { ConnectionWire } from "#app/models/wire.ts";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { Confirm } from "#app/settings/confirm.tsx";
import { ConnectionForm } from "#app/settings/connection-form.tsx";
import { settingFields, settingsFrom } from "#app/settings/schema-form.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { Panel } from "#app/ui/panel.tsx";
import { Empty } from "#app/ui/state.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { Time } from "#app/ui/time.tsx";
import { catalog } from "#nodes/catalog.ts";

export async function loader(args: LoaderFunctionArgs) {
  const app = enterPage(args, "routes/_app.settings.connections");
  return { connections: await listConnections(app, app.user.tenant_id), types: catalog().connections };
}

export async function action(args: ActionFunctionArgs) {
  const { app, form, intent } = await enterAction(args, "routes/_app.settings.connections");
  const tenant = app.user.tenant_id;
  const id = text(form, "id");
  if (intent !== "create" && !isUuid(id)) return refused(intent, { "": "There is no such connection" }, 404);
  switch (intent) {
    case "create": {
      const type = catalog().connections.find((candidate) => candidate.type === text(form, "type"));
      const name = text(form, "name");
      if (!type) return refused(intent, { type: "Choose a product" });
      if (name === "" || name.length > 100) return refused(intent, { name: "A name has 1 to 100 characters" });
      const places = text(form, "max_concurrent");
      if (places !== "" && !/^([1-9][0-9]{0,2}|1000)$/.test(places)) return refused(intent, { max_concurrent: "A number from 1 to 1000, or nothing" });
      const settings = settingsFrom(settingFields(type.settings, type.secrets), (field) => text(form, `settings.${field}`));
      return attempt(intent, async () => {
        await createConnection(app, tenant, { type: type.type, name, settings, allow_private: form.get("allow_private") === "on", max_concurrent: places === "" ? null : Number(places) }, actorOf(app.user));
        return `${name} is connected`;
      });
    }
    case "check": return attempt(intent, async () => {
      const { health, health_message } = await checkConnection(app, tenant, id);
      return `${health === "healthy" ? "It works" : "It does not work"}${health_message === null ? "" : `: ${health_message}`}`;
    });
    case "delete": return attempt(intent, async () => { await deleteConnection(app, tenant, id, actorOf(app.user)); return "Deleted"; });
  }
}

export const meta: MetaFunction = () => [{ title: "Connections · Playgraph" }];

const COLUMNS: Column[] = [
  { key: "name", label: "Name" },
  { key: "type", label: "Product", width: "18%" },
  { key: "secrets", label: "Secrets set", width: "18%" },
  { key: "health", label: "Health", width: "30%" },
  { key: "actions", label: <span className="sr-only">Actions</span>, width: "168px", align: "right" },
];

export default function ConnectionsPage() {
  const { connections, types } = useLoaderData<typeof loader>();
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<ConnectionWire | null>(null);
  const keep = useCallback(() => setDoomed(null), []);
  const reason = useReason()("integrations:manage");
  const titles = new Map(types.map(({ type, title }) => [type, title]));
  const add = <Button variant="primary" reason={reason} onClick={() => setAdding(true)}><Plus aria-hidden className="size-3.5" /> Connect a product</Button>;
  return (
    <Panel title="Connections" flush aside={add}>
      {connections.length === 0 ? <Empty icon={<Plug className="size-7" />} title="Nothing is connected">Playbooks that look things up or notify need a connection to that product. Until then such a step fails and says so.</Empty> : (
        <Table columns={COLUMNS} caption="Connections">
          {connections.map((connection) => (
            <Row key={connection.id}>
              <Cell title={connection.name} className="font-medium">{connection.name}{!connection.enabled && <span className="ml-2 text-xs text-fg-3">off</span>}</Cell>
              <Cell className="text-fg-2">{titles.get(connection.type) ?? connection.type}</Cell>
              <Cell className="text-fg-2" title={connection.secrets_set.join(", ")}>{connection.secrets_set.join(", ") || <span className="text-fg-3">none</span>}</Cell>
              <Cell title={connection.health_message ?? undefined}><Health connection={connection} /></Cell>
              <Cell className="text-right"><Actions connection={connection} reason={reason} onDelete={() => setDoomed(connection)} /></Cell>
            </Row>
          ))}
        </Table>
      )}
      {adding && <ConnectionForm types={types} open onOpenChange={setAdding} />}
      {doomed && <Confirm title={`Delete ${doomed.name}?`} verb="Delete" fields={{ intent: "delete", id: doomed.id }} onClose={keep}>Steps that use this connection fail from now on. Its secrets are gone.</Confirm>}
    </Panel>
  );
}

function Health({ connection: { health, health_message, health_at } }: { connection: ConnectionWire }) {
  if (health === null) return <span className="text-fg-3">not checked</span>;
  return <><Badge dot tone={health === "healthy" ? "green" : "red"}>{health === "healthy" ? "Healthy" : "Unhealthy"}</Badge> <span className="text-xs text-fg-3">{health_at !== null && <Time at={health_at} suffix=" ago" />} {health_message}</span></>;
}

function Actions({ connection, reason, onDelete }: { connection: ConnectionWire; reason: string | undefined; onDelete(): void }) {
  const { fetcher, busy } = useOutcome();
  return (
    <span className="inline-flex gap-1">
      <Button size="sm" busy={busy} reason={reason} onClick={() => fetcher.submit({ intent: "check", id: connection.id }, { method: "post" })}>{busy ? "Checking…" : "Check"}</Button>
      <Button size="sm" variant="danger" reason={reason} onClick={onDelete}>Delete</Button>
    </span>
  );
}
