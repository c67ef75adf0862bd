import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useFetcher, useLoaderData, useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import { useRef } from "react";
import { alertCounts, listAlerts } from "#app/models/alert.server.ts";
import { decodeCursor } from "#app/models/page.ts";
import { enterPage } from "#app/server/page-access.ts";
import { useReason } from "#app/shell/permission.ts";
import { Newcomer } from "#app/triage/newcomer.tsx";
import { Queue } from "#app/triage/queue.tsx";
import { useFresh } from "#app/triage/use-fresh.ts";
import { useQueueKeys } from "#app/triage/use-queue-keys.ts";
import { SEVERITIES } from "#app/triage/words.ts";
import { ButtonLink } from "#app/ui/button.tsx";
import { FilterMenu, SearchBox } from "#app/ui/list-filter.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";
import { ALERT_STATUSES } from "#engine/alerts/index.ts";
import { catalog } from "#nodes/catalog.ts";

const PAGE = 50;
const many = (value: string | null): string[] | undefined => value?.split(",").filter(Boolean);

export async function loader(args: LoaderFunctionArgs) {
  const { db, user, baseUrl } = enterPage(args, "routes/_app.alerts._index");
  const query = new URL(args.request.url).searchParams;
  const cursor = decodeCursor(query.get("cursor") ?? "");
  const filter = { status: many(query.get("status")), severity: many(query.get("severity")), source: query.get("source")?.slice(0, 60) || undefined, q: query.get("q")?.trim().slice(0, 200) || undefined };
  const [page, counts] = await Promise.all([
    listAlerts(db, user.tenant_id, filter, { limit: PAGE, ...(cursor ? { cursor } : {}) }),
    alertCounts(db, user.tenant_id),
  ]);
  return { ...page, counts, baseUrl, paged: cursor !== undefined, sources: catalog().sources, statuses: ALERT_STATUSES };
}

export const meta: MetaFunction = () => [{ title: "Alerts · Playgraph" }];

export default function AlertsPage() {
  const { alerts, total, next_cursor, counts, baseUrl, paged, sources, statuses } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const searching = useNavigation().location?.pathname === "/alerts";
  const search = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const claim = useFetcher();
  const mayClaim = useReason()("alerts:update") === undefined;
  useLiveData({ alerts: "*" });

  const fresh = useFresh(alerts, scroller);
  const { selected, select } = useQueueKeys({
    ids: alerts.map(({ id }) => id),
    search,
    open: (id) => navigate(`/alerts/${id}`),
    claim: (id) => mayClaim && claim.submit({ intent: "claim" }, { method: "post", action: `/alerts/${id}` }),
  });
  const filtered = ["status", "severity", "source", "q"].some((name) => params.has(name));
  const older = new URLSearchParams(params);
  if (next_cursor !== null) older.set("cursor", next_cursor);
  const newest = new URLSearchParams(params);
  newest.delete("cursor");

  return (
    <>
      <PageHeader title="Alerts" meta={<span role="status">{total === counts.total ? `${total.toLocaleString("en")} in all` : `${total.toLocaleString("en")} of ${counts.total.toLocaleString("en")}`}</span>}>
        <div className="flex flex-wrap items-center gap-2 pb-2.5">
          <SearchBox inputRef={search} label="Search alerts by title, host, user, rule, address or indicator" placeholder="Title, host, user, rule, indicator" />
          <FilterMenu name="status" label="Status" choices={statuses.filter((value) => counts.by_status[value]).map((value) => ({ value, count: counts.by_status[value]! }))} />
          <FilterMenu name="severity" label="Severity" choices={SEVERITIES.map((value) => ({ value, count: counts.by_severity[value] ?? 0 }))} />
          <FilterMenu single name="source" label="Source" choices={sources.map(({ id, title }) => ({ value: id, label: title }))} />
          {filtered && <Link to="/alerts" className="text-xs link">Clear all</Link>}
          <span className="ml-auto text-xs text-fg-3 max-xl:hidden">j k to move · Enter to open · c to claim</span>
        </div>
      </PageHeader>
      <div ref={scroller} tabIndex={0} role="region" aria-label="Alert list" className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]" aria-busy={searching}>
        {alerts.length > 0 ? <Queue alerts={alerts} selected={selected} fresh={fresh} onSelect={select} />
          : counts.total === 0 ? <Newcomer baseUrl={baseUrl} />
          : <Empty title="No alert matches"><Link to="/alerts" className="link">Clear the filters</Link> to see all {counts.total.toLocaleString("en")}.</Empty>}
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
