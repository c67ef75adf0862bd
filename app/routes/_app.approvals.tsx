import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import clsx from "clsx";
import { History } from "lucide-react";
import { AnsweredTable } from "#app/approvals/answered-table.tsx";
import { decide, reply } from "#app/approvals/answer-actions.server.ts";
import { APPROVAL_KINDS } from "#app/approvals/kinds.ts";
import { OpenList } from "#app/approvals/open-list.tsx";
import { cardTypes } from "#app/canvas/card-types.server.ts";
import { countApprovals, graphsOf, listApprovals, MOST_COUNTED } from "#app/models/approval.server.ts";
import { decodeCursor } from "#app/models/page.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { ButtonLink } from "#app/ui/button.tsx";
import { Kbd } from "#app/ui/kbd.tsx";
import { FilterMenu } from "#app/ui/list-filter.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";

/** Of open ones fewer: each brings its graph and its input. */
const PAGE = { open: 25, answered: 50 };

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/_app.approvals");
  const query = new URL(args.request.url).searchParams;
  const cursor = decodeCursor(query.get("cursor") ?? "");
  const wanted = (query.get("kind") ?? "").split(",");
  const kind = APPROVAL_KINDS.filter((name) => wanted.includes(name));
  const status = query.get("tab") === "answered" ? "answered" as const : "open" as const;
  const [page, waiting] = await Promise.all([
    listApprovals(db, user.tenant_id, { status, ...(kind.length > 0 ? { kind } : {}) }, { limit: PAGE[status], ...(cursor ? { cursor } : {}) }),
    countApprovals(db, user.tenant_id),
  ]);
  const graphs = status === "open" ? await graphsOf(db, user.tenant_id, page.approvals.map(({ playbook }) => playbook.version_id)) : {};
  const types = [...new Map(Object.values(graphs).flatMap(({ document }) => cardTypes(document)).map((type) => [`${type.type}@${type.version}`, type])).values()];
  return { ...page, waiting, isAll: waiting < MOST_COUNTED, status, paged: cursor !== undefined, filtered: kind.length > 0, graphs, types };
}

export async function action(args: ActionFunctionArgs) {
  const { app, form, intent } = await enterAction(args, "routes/_app.approvals");
  switch (intent) {
    case "reply": return reply({ app, form });
    case "answer": return decide({ app, form });
  }
}

export const meta: MetaFunction = () => [{ title: "Approvals · Playgraph" }];

export default function ApprovalsPage() {
  const { approvals, total, next_cursor, waiting, isAll, status, paged, filtered, graphs, types } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  useLiveData({ runs: "*" });
  const to = (change: Record<string, string | null>) => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    return `?${next}`;
  };
  const tab = (name: "open" | "answered", label: string) => (
    <Link to={to({ tab: name === "open" ? null : name, cursor: null })} aria-current={status === name ? "page" : undefined} className={clsx("-mb-px border-b-2 px-2 py-2 text-sm", status === name ? "border-accent font-medium text-fg" : "border-transparent text-fg-2 hover:text-fg")}>{label}</Link>
  );
  return (
    <>
      <PageHeader title="Approvals" meta={<span role="status">{waiting === 0 ? "nothing waits for a person" : `${waiting.toLocaleString("en")}${isAll ? "" : " or more"} ${waiting === 1 ? "waits" : "wait"} for a person`}</span>}>
        <div className="flex items-center gap-3">
          <nav aria-label="Approvals" className="flex">{tab("open", "Open")}{tab("answered", "Answered")}</nav>
          <FilterMenu name="kind" label="Kind" choices={APPROVAL_KINDS.map((value) => ({ value }))} />
          {filtered && <span className="text-xs text-fg-3">{total.toLocaleString("en")} match</span>}
          {status === "open" && <p className="ml-auto flex items-center gap-1 text-xs text-fg-3"><Kbd>j</Kbd><Kbd>k</Kbd> move <Kbd>a</Kbd> approve <Kbd>r</Kbd> refuse</p>}
        </div>
      </PageHeader>
      <div tabIndex={0} role="region" aria-label={status === "open" ? "What waits for a person" : "What was answered"} className="scroll-y flex-1 bg-surface focus-visible:outline-offset-[-2px]">
        {status === "open" ? <OpenList approvals={approvals} graphs={graphs} types={types} filtered={filtered} />
          : approvals.length > 0 ? <AnsweredTable approvals={approvals} />
          : <Empty icon={<History className="size-7" />} title={filtered ? "Nothing of this kind was answered" : "Nothing was answered yet"}>Who allowed what, and when, is kept here and in the audit log.</Empty>}
        {(next_cursor !== null || paged) && (
          <nav aria-label="Pages" className="flex justify-center gap-2 py-3">
            {paged && <ButtonLink size="sm" to={to({ cursor: null })}>First</ButtonLink>}
            {next_cursor !== null && <ButtonLink size="sm" to={to({ cursor: next_cursor })}>{status === "open" ? "Next" : "Older"}</ButtonLink>}
          </nav>
        )}
      </div>
    </>
  );
}

export const ErrorBoundary = RouteError;
