import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { Waypoints } from "lucide-react";
import { useMemo } from "react";
import { decodeCursor, isUuid } from "#app/models/page.ts";
import { listPlaybooks } from "#app/models/playbook.server.ts";
import { listRuns } from "#app/models/run.server.ts";
import { BulkBar } from "#app/runs/bulk-bar.tsx";
import { RunTable } from "#app/runs/run-table.tsx";
import { useRunSelection } from "#app/runs/use-run-selection.ts";
import { enterPage } from "#app/server/page-access.ts";
import { ButtonLink } from "#app/ui/button.tsx";
import { FilterMenu } from "#app/ui/list-filter.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";
import { RUN_STATUSES } from "#engine/status.ts";

const PAGE = 50;
/** Live ones are listed unless others are asked for. */
const MODES = ["test", "backtest"] as const;

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/_app.runs._index");
  const query = new URL(args.request.url).searchParams;
  const cursor = decodeCursor(query.get("cursor") ?? "");
  const wanted = (query.get("status") ?? "").split(",");
  const alertId = query.get("alert_id");
  const filter = {
    mode: MODES.find((mode) => mode === query.get("mode")),
    status: RUN_STATUSES.filter((status) => wanted.includes(status)),
    playbook_slug: query.get("playbook")?.slice(0, 100) || undefined,
    alert_id: alertId !== null && isUuid(alertId) ? alertId : undefined,
  };
  const [page, playbooks] = await Promise.all([
    listRuns(db, user.tenant_id, filter, { limit: PAGE, ...(cursor ? { cursor } : {}) }),
    listPlaybooks(db, user.tenant_id),
  ]);
  return { ...page, paged: cursor !== undefined, statuses: RUN_STATUSES, playbooks: playbooks.map(({ slug, name }) => ({ slug, name })) };
}

export const meta: MetaFunction = () => [{ title: "Runs · Playgraph" }];

export default function RunsPage() {
  const { runs, total, next_cursor, paged, statuses, playbooks } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const selection = useRunSelection(useMemo(() => runs.map(({ id }) => id), [runs]));
  useLiveData({ runs: "*" });
  const filtered = ["status", "playbook", "alert_id", "mode"].some((name) => params.has(name));
  const older = new URLSearchParams(params);
  if (next_cursor !== null) older.set("cursor", next_cursor);
  const newest = new URLSearchParams(params);
  newest.delete("cursor");
  return (
    <>
      <PageHeader title="Runs" meta={<span role="status">{total.toLocaleString("en")} {filtered ? "match" : "in all"}</span>}>
        <BulkBar runs={runs.filter(({ id }) => selection.ids.has(id))} onClear={selection.clear}>
          <FilterMenu name="status" label="Status" choices={statuses.map((value) => ({ value }))} />
          <FilterMenu single name="playbook" label="Playbook" choices={playbooks.map(({ slug, name }) => ({ value: slug, label: name }))} />
          <FilterMenu single name="mode" label="Mode" choices={[{ value: "test", label: "Tests of drafts" }, { value: "backtest", label: "Backtests" }]} />
          {params.has("alert_id") && <span className="text-xs text-fg-2">of one alert</span>}
          {filtered && <Link to="/runs" className="text-xs link">Clear all</Link>}
        </BulkBar>
      </PageHeader>
      <div tabIndex={0} role="region" aria-label="Run list" className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]">
        {runs.length > 0 ? <RunTable runs={runs} selection={selection} /> : (
          <Empty icon={<Waypoints className="size-7" />} title={filtered ? "No run matches" : "No runs yet"}>
            {filtered ? <Link to="/runs" className="link">Clear the filters</Link> : <>A run starts when an alert meets a <Link to="/playbooks" className="link">playbook</Link>'s trigger, or when you start one there.</>}
          </Empty>
        )}
        {(next_cursor !== null || paged) && (
          <nav aria-label="Pages" className="flex justify-center gap-2 py-3">
            {paged && <ButtonLink size="sm" to={`?${newest}`}>Newest</ButtonLink>}
            {next_cursor !== null && <ButtonLink size="sm" to={`?${older}`}>Older</ButtonLink>}
          </nav>
        )}
      </div>
    </>
  );
}

export const ErrorBoundary = RouteError;
