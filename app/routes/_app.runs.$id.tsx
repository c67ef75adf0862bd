import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import { cardTypes } from "#app/canvas/card-types.server.ts";
import { listAlertEvents } from "#app/models/alert.server.ts";
import { listApprovals } from "#app/models/approval.server.ts";
import { isUuid } from "#app/models/page.ts";
import { getRun } from "#app/models/run.server.ts";
import { publishedNumber } from "#app/models/version.server.ts";
import { changesOf } from "#app/runs/changes.ts";
import { cancelRun, rerunRun } from "#app/runs/run-actions.server.ts";
import { RunView } from "#app/runs/run-view.tsx";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { can } from "#app/server/permissions.ts";
import { useLiveData } from "#app/ui/live.tsx";
import { RouteError } from "#app/ui/route-error.tsx";

/** More than a run asks at a time: 20 steps of it are in flight at most, but any number may wait. */
const ASKED = 100;

const notFound = () => new Response("There is no such run.", { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const { db, engine, user } = enterPage(args, "routes/_app.runs.$id");
  const id = args.params["id"]!;
  const run = isUuid(id) ? await getRun(db, engine, user.tenant_id, id) : null;
  if (!run) throw notFound();
  const [history, { approvals }, published] = await Promise.all([
    run.alert_id !== null && can(user, "alerts:read") ? listAlertEvents(db, user.tenant_id, run.alert_id, { limit: 200 }) : { activities: [] },
    run.waits.length > 0 ? listApprovals(db, user.tenant_id, { status: "open", run_id: id }, { limit: ASKED }) : { approvals: [] },
    publishedNumber(db, user.tenant_id, run.playbook.id),
  ]);
  return { run, types: cardTypes(run.document), approvals, changes: changesOf(history.activities, id), published };
}

export async function action(args: ActionFunctionArgs) {
  const { app, form, intent } = await enterAction(args, "routes/_app.runs.$id");
  const runId = args.params["id"]!;
  if (!isUuid(runId)) throw notFound();
  switch (intent) {
    case "cancel": return cancelRun({ app, runId });
    case "rerun": return rerunRun({ app, runId }, form);
  }
}

/** Choosing a step changes the address and nothing that was loaded. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ currentUrl, nextUrl, defaultShouldRevalidate, formMethod }) =>
  formMethod === undefined && currentUrl.pathname === nextUrl.pathname && currentUrl.search !== nextUrl.search ? false : defaultShouldRevalidate;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data ? `Run of ${data.run.playbook.name}` : "Run"} · Playgraph` }];

export default function RunPage() {
  const { run, types, approvals, changes, published } = useLoaderData<typeof loader>();
  useLiveData({ runs: [run.id] });
  return <RunView key={run.id} run={run} types={types} approvals={approvals} changes={changes} published={published} />;
}

export const ErrorBoundary = RouteError;
