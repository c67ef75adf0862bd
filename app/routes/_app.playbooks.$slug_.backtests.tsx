import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useNavigate } from "@remix-run/react";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { OUTCOME_LOOKS, SHOWN } from "#app/backtests/outcomes.ts";
import { StartDialog } from "#app/backtests/start-dialog.tsx";
import { statusWords } from "#app/backtests/status-words.ts";
import { listBacktests, startBacktest } from "#app/models/backtest.server.ts";
import { getPlaybook } from "#app/models/playbook.server.ts";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";
import { Cell, Row, Table, type Column } from "#app/ui/table.tsx";
import { Time } from "#app/ui/time.tsx";
import { APPROVAL_CHOICES, MISSING_CHOICES, MOST_ALERTS } from "#engine";

/** Older ones are of drafts that nobody remembers. */
const NEWEST = 50;

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/_app.playbooks.$slug_.backtests");
  const playbook = await getPlaybook(db, user.tenant_id, args.params["slug"]!);
  if (!playbook) throw new Response("There is no such playbook.", { status: 404 });
  return { ...(await listBacktests(db, user.tenant_id, playbook.id, { limit: NEWEST, offset: 0 })), playbook: { slug: playbook.slug, name: playbook.name } };
}

export async function action(args: ActionFunctionArgs) {
  const { app, form, intent } = await enterAction(args, "routes/_app.playbooks.$slug_.backtests");
  const last = Number(text(form, "last"));
  if (!Number.isInteger(last) || last < 1 || last > MOST_ALERTS) return refused(intent, { last: `Give a whole number from 1 to ${MOST_ALERTS}` });
  const missing = MISSING_CHOICES.find((choice) => choice === text(form, "missing")) ?? "fail";
  const approvals = APPROVAL_CHOICES.find((choice) => choice === text(form, "approvals")) ?? "recorded";
  return attempt(intent, async () => ({ to: `/backtests/${(await startBacktest(app, app.user.tenant_id, { playbook: args.params["slug"]!, selection: { last }, missing, approvals }, actorOf(app.user))).backtest_id}` }));
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `Backtests of ${data?.playbook.name ?? "a playbook"} · Playgraph` }];

const COLUMNS: Column[] = [
  { key: "status", label: "Status", width: "30%" },
  { key: "outcomes", label: "Alerts by outcome" },
  { key: "version", label: "Against", width: "110px" },
  { key: "by", label: "By", width: "140px" },
  { key: "age", label: "Age", width: "72px", align: "right" },
];

export default function BacktestsPage() {
  const { backtests, total, playbook } = useLoaderData<typeof loader>();
  const [starting, setStarting] = useState(false);
  const reason = useReason();
  const navigate = useNavigate();
  useLiveData({ runs: backtests.map(({ id }) => id) });
  const start = <Button variant="primary" reason={reason("playbooks:execute")} onClick={() => setStarting(true)}><FlaskConical aria-hidden className="size-3.5" /> Backtest…</Button>;
  return (
    <>
      <PageHeader title={`Backtests of ${playbook.name}`} meta={`${total.toLocaleString("en")} in all`} actions={start}>
        <p className="pb-2.5 text-fg-2">What the draft would have done on alerts that came in, beside what the published version does. <Link to={`/playbooks/${playbook.slug}`} className="link">{playbook.name}</Link></p>
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Backtests" className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]">
        {backtests.length === 0 ? <Empty icon={<FlaskConical className="size-7" />} title="No backtest yet">Start one to see, alert by alert, what publishing the draft would change.</Empty> : (
          <Table columns={COLUMNS} caption="Backtests, newest first">
            {backtests.map((backtest) => (
              <Row key={backtest.id} className="cursor-pointer" onClick={(event) => { if (!(event.target as Element).closest("a")) navigate(`/backtests/${backtest.id}`); }}>
                <Cell><Link to={`/backtests/${backtest.id}`} className="font-medium hover:underline">{statusWords(backtest)}</Link></Cell>
                <Cell><span className="flex gap-3">{SHOWN.filter((outcome) => backtest.counts[OUTCOME_LOOKS[outcome].count] > 0).map((outcome) => <Badge key={outcome} dot tone={OUTCOME_LOOKS[outcome].tone} title={OUTCOME_LOOKS[outcome].hint}>{backtest.counts[OUTCOME_LOOKS[outcome].count]} {OUTCOME_LOOKS[outcome].word.toLowerCase()}</Badge>)}</span></Cell>
                <Cell className="text-fg-2">{backtest.version === null ? "nothing" : `version ${backtest.version}`}</Cell>
                <Cell className="text-fg-2">{backtest.created_by}</Cell>
                <Cell column={{ align: "right" }} className="text-fg-2"><Time at={backtest.created_at} /></Cell>
              </Row>
            ))}
          </Table>
        )}
      </div>
      {starting && <StartDialog slug={playbook.slug} open onOpenChange={setStarting} />}
    </>
  );
}

export const ErrorBoundary = RouteError;
