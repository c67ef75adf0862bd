import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useNavigate } from "@remix-run/react";
import { Workflow } from "lucide-react";
import type { Condition } from "#format";
import { listPlaybooks } from "#app/models/playbook.server.ts";
import { conditionWords, triggerWords, type Phrase } from "#app/playbooks/condition-words.ts";
import { EnabledSwitch } from "#app/playbooks/enabled-switch.tsx";
import { requirePage } from "#app/server/context.ts";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { Time } from "#app/ui/time.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = requirePage(args, "playbooks:read");
  return { playbooks: await listPlaybooks(db, user.tenant_id) };
}

export const meta: MetaFunction = () => [{ title: "Playbooks · Playgraph" }];

const COLUMNS: Column[] = [
  { key: "enabled", label: "On", width: "60px" },
  { key: "name", label: "Playbook" },
  { key: "trigger", label: "Starts with", width: "36%" },
  { key: "order", label: "Order", width: "64px", align: "right" },
  { key: "version", label: "Version", width: "68px", align: "right" },
  { key: "nodes", label: "Nodes", width: "64px", align: "right" },
  { key: "runs", label: "Runs, 7 days", width: "120px", align: "right" },
  { key: "last", label: "Last run", width: "84px", align: "right" },
];
const right = { align: "right" } as const;

/** One line: the cell is cut where it is too long, and the title has it all. */
const inline = ({ text, parts }: Phrase): string => (parts === undefined ? text : `${text.toLowerCase()} (${parts.map(inline).join("; ")})`);

export default function PlaybooksPage() {
  const { playbooks } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  useLiveData({ runs: "*" });
  return (
    <>
      <PageHeader title="Playbooks" meta={`${playbooks.filter(({ enabled }) => enabled).length} of ${playbooks.length} on`} />
      <div tabIndex={0} role="region" aria-label="Playbook list" className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]">
        {playbooks.length === 0 ? <Empty icon={<Workflow className="size-7" />} title="No playbooks yet">Playbooks are folders under playbooks/; starting Playgraph publishes them.</Empty> : (
          <Table columns={COLUMNS} caption="Playbooks in the order in which they run">
            {playbooks.map(({ id, slug, name, description, enabled, version, trigger, conditions, order, node_count, runs }) => {
              const starts = `${triggerWords(trigger as Parameters<typeof triggerWords>[0])}${conditions ? `: ${inline(conditionWords(conditions as Condition))}` : ""}`;
              return (
                <Row key={id} className="cursor-pointer" onClick={(event) => { if (!(event.target as Element).closest("a, button")) navigate(`/playbooks/${slug}`); }}>
                  <Cell><EnabledSwitch slug={slug} name={name} enabled={enabled} /></Cell>
                  <Cell className="py-1.5">
                    <Link to={`/playbooks/${slug}`} title={name} className="block truncate font-medium hover:underline">{name}</Link>
                    <div className="truncate text-xs text-fg-3" title={description}>{description}</div>
                  </Cell>
                  <Cell className="text-fg-2" title={starts}>{starts}</Cell>
                  <Cell column={right} className="text-fg-2">{order}</Cell>
                  <Cell column={right} className="text-fg-2">{version === null ? "–" : `v${version}`}</Cell>
                  <Cell column={right} className="text-fg-2">{node_count}</Cell>
                  <Cell column={right} className="text-fg-2">{runs.total}{runs.failed > 0 && <span className="text-red"> · {runs.failed} failed</span>}</Cell>
                  <Cell column={right} className="text-fg-2">{runs.last_at === null ? "–" : <Time at={runs.last_at} />}</Cell>
                </Row>
              );
            })}
          </Table>
        )}
      </div>
    </>
  );
}

export const ErrorBoundary = RouteError;
