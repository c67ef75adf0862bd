import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useNavigate } from "@remix-run/react";
import { Plus, Workflow } from "lucide-react";
import { useState } from "react";
import type { Condition } from "#format";
import { createPlaybook, listPlaybooks } from "#app/models/playbook.server.ts";
import type { PlaybookSummary } from "#app/models/wire.ts";
import { conditionWords, type Phrase } from "#app/playbooks/condition-words.ts";
import { triggerWords } from "#app/playbooks/trigger-kinds.ts";
import { EnabledSwitch } from "#app/playbooks/enabled-switch.tsx";
import { NewPlaybookDialog } from "#app/playbooks/new-playbook-dialog.tsx";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { attempt, text } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { Button } from "#app/ui/button.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { Time } from "#app/ui/time.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/_app.playbooks._index");
  return { playbooks: await listPlaybooks(db, user.tenant_id) };
}

export async function action(args: ActionFunctionArgs) {
  const { app: { db, user }, form, intent } = await enterAction(args, "routes/_app.playbooks._index");
  return attempt(intent, async () => ({ to: `/playbooks/${(await createPlaybook(db, user.tenant_id, { name: text(form, "name") }, actorOf(user))).slug}/edit` }));
}

export const meta: MetaFunction = () => [{ title: "Playbooks · Playgraph" }];

const COLUMNS: Column[] = [
  { key: "enabled", label: "On", width: "60px" },
  { key: "name", label: "Playbook" },
  { key: "trigger", label: "Starts with", width: "34%" },
  { key: "order", label: "Order", width: "64px", align: "right" },
  { key: "version", label: "Version", width: "92px", align: "right" },
  { key: "nodes", label: "Nodes", width: "64px", align: "right" },
  { key: "runs", label: "Runs, 7 days", width: "120px", align: "right" },
  { key: "last", label: "Last run", width: "84px", align: "right" },
];
const right = { align: "right" } as const;

/** One line: the cell is cut where it is too long, and the title has it all. */
const inline = ({ text: words, parts }: Phrase): string => (parts === undefined ? words : `${words.toLowerCase()} (${parts.map(inline).join("; ")})`);

function startsWith({ version, trigger, conditions }: PlaybookSummary): string {
  if (version === null) return "nothing until it is published";
  return `${triggerWords(trigger)}${trigger.on === "alert" && conditions ? `: ${inline(conditionWords(conditions as Condition))}` : ""}`;
}

export default function PlaybooksPage() {
  const { playbooks } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const reason = useReason()("playbooks:manage");
  useLiveData({ runs: "*" });
  return (
    <>
      <PageHeader
        title="Playbooks"
        meta={`${playbooks.filter(({ enabled, version }) => enabled && version !== null).length} of ${playbooks.length} on`}
        actions={<Button variant="primary" reason={reason} onClick={() => setCreating(true)}><Plus aria-hidden className="size-3.5" /> New playbook</Button>}
      />
      <div tabIndex={0} role="region" aria-label="Playbook list" className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]">
        {playbooks.length === 0 ? <Empty icon={<Workflow className="size-7" />} title="No playbooks yet">A playbook starts when an alert comes in, at its time, or when somebody calls it, and does what you draw: look things up, decide, act.</Empty> : (
          <Table columns={COLUMNS} caption="Playbooks in the order in which they run">
            {playbooks.map((playbook) => {
              const { id, slug, name, description, enabled, version, has_draft, trigger, order, node_count, runs } = playbook;
              const starts = startsWith(playbook);
              return (
                <Row key={id} className="cursor-pointer" onClick={(event) => { if (!(event.target as Element).closest("a, button")) navigate(`/playbooks/${slug}`); }}>
                  <Cell><EnabledSwitch slug={slug} name={name} enabled={enabled} /></Cell>
                  <Cell className="py-1.5">
                    <Link to={`/playbooks/${slug}`} title={name} className="block truncate font-medium hover:underline">{name}</Link>
                    <div className="truncate text-xs text-fg-3" title={description}>{description}</div>
                  </Cell>
                  <Cell className={version === null ? "text-fg-3" : "text-fg-2"} title={starts}>{starts}</Cell>
                  <Cell column={right} className="text-fg-2">{version === null || trigger.on !== "alert" ? "–" : order}</Cell>
                  <Cell column={right} className="text-fg-2" title={has_draft ? "It has a draft that is not published" : undefined}>{version === null ? "draft" : `v${version}${has_draft ? " + draft" : ""}`}</Cell>
                  <Cell column={right} className="text-fg-2">{node_count}</Cell>
                  <Cell column={right} className="text-fg-2">{runs.total}{runs.failed > 0 && <span className="text-red"> · {runs.failed} failed</span>}</Cell>
                  <Cell column={right} className="text-fg-2">{runs.last_at === null ? "–" : <Time at={runs.last_at} />}</Cell>
                </Row>
              );
            })}
          </Table>
        )}
      </div>
      {creating && <NewPlaybookDialog onClose={() => setCreating(false)} />}
    </>
  );
}

export const ErrorBoundary = RouteError;
