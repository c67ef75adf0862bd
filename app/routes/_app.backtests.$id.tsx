import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { FlaskConical } from "lucide-react";
import { AlertTable } from "#app/backtests/alert-table.tsx";
import { APPROVAL_WORDS, MISSING_WORDS, SHOWN } from "#app/backtests/outcomes.ts";
import { statusWords } from "#app/backtests/status-words.ts";
import { Totals } from "#app/backtests/totals.tsx";
import { cancelBacktest, getBacktest } from "#app/models/backtest.server.ts";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { attempt } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button, ButtonLink } from "#app/ui/button.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";
import { Time } from "#app/ui/time.tsx";

const PAGE = 50;

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/_app.backtests.$id");
  const query = new URL(args.request.url).searchParams;
  const page = /^\d{1,5}$/.test(query.get("page") ?? "") ? Math.max(1, Number(query.get("page"))) : 1;
  const outcomes = SHOWN.filter((outcome) => outcome === query.get("outcome"));
  const backtest = await getBacktest(db, user.tenant_id, args.params["id"]!, { outcomes, limit: PAGE, offset: (page - 1) * PAGE });
  if (!backtest) throw new Response("There is no such backtest.", { status: 404 });
  return { backtest, page, pages: Math.max(1, Math.ceil(backtest.matching / PAGE)) };
}

export async function action(args: ActionFunctionArgs) {
  const { app, intent } = await enterAction(args, "routes/_app.backtests.$id");
  return attempt(intent, async () => {
    await cancelBacktest(app, app.user.tenant_id, args.params["id"]!, actorOf(app.user));
    return "The backtest is being cancelled";
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `Backtest of ${data?.backtest.playbook.name ?? "a playbook"} · Playgraph` }];

export default function BacktestPage() {
  const { backtest, page, pages } = useLoaderData<typeof loader>();
  const { playbook, version, created_by, created_at, missing, approvals, alerts, status } = backtest;
  const [params] = useSearchParams();
  const reason = useReason();
  const { fetcher, busy } = useOutcome();
  useLiveData({ runs: [backtest.id] });
  const to = (number: number) => {
    const next = new URLSearchParams(params);
    next.set("page", String(number));
    return `?${next}`;
  };
  return (
    <>
      <PageHeader
        title={`Backtest of ${playbook.name}`}
        meta={<span role="status">{statusWords(backtest)}</span>}
        actions={backtest.finished_at === null && (
          <fetcher.Form method="post">
            <input type="hidden" name="intent" value="cancel" />
            <Button type="submit" busy={busy || status === "cancelling"} reason={reason("playbooks:execute")}>Cancel</Button>
          </fetcher.Form>
        )}
      >
        <p className="pb-2.5 text-xs text-fg-2">
          The draft against {version === null ? "nothing published" : `version ${version}`}, by {created_by ?? "somebody"}, <Time at={created_at} suffix=" ago" />; {MISSING_WORDS[missing]}; {APPROVAL_WORDS[approvals]}.{" "}
          <Link to={`/playbooks/${playbook.slug}/backtests`} className="link">All backtests</Link> · <Link to={`/playbooks/${playbook.slug}`} className="link">{playbook.name}</Link>
        </p>
        <Totals backtest={backtest} />
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Alerts" className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]">
        {alerts.length > 0 ? <AlertTable alerts={alerts} /> : <Empty icon={<FlaskConical className="size-7" />} title="No alert came out like this"><Link to="?" className="link">Show all</Link></Empty>}
        {pages > 1 && (
          <nav aria-label="Pages" className="flex items-center justify-center gap-2 py-3 text-xs text-fg-2">
            {page > 1 && <ButtonLink size="sm" to={to(page - 1)}>Back</ButtonLink>}
            Page {page} of {pages}
            {page < pages && <ButtonLink size="sm" to={to(page + 1)}>Next</ButtonLink>}
          </nav>
        )}
      </div>
    </>
  );
}

export const ErrorBoundary = RouteError;
