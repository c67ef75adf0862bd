import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { cardTypes } from "#app/canvas/card-types.server.ts";
import { addComment, changeAlert, claimAlert, getAlert, listAlertEvents } from "#app/models/alert.server.ts";
import { isUuid } from "#app/models/page.ts";
import { getRun, listRuns } from "#app/models/run.server.ts";
import { listAssignable } from "#app/models/user.server.ts";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { can } from "#app/server/permissions.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import { AlertActions } from "#app/triage/actions.tsx";
import { Entities } from "#app/triage/entities.tsx";
import { History } from "#app/triage/history.tsx";
import { Observables } from "#app/triage/observables.tsx";
import { Risk } from "#app/triage/queue.tsx";
import { RunsPanel, type RunGlimpse } from "#app/triage/runs-panel.tsx";
import { SeverityMark } from "#app/triage/severity.tsx";
import { alertStatusTone, determinationTone } from "#app/triage/words.ts";
import { Badge } from "#app/ui/badge.tsx";
import { JsonView } from "#app/ui/json-view.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader, Panel } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Tabs } from "#app/ui/tabs.tsx";
import { words } from "#app/ui/words.ts";
import { DETERMINATIONS, isAlertStatus, nextStatuses } from "#engine/alerts/index.ts";

/** Runs drawn in miniature; the rest are a link away. */
const GLIMPSES = 6;

const notFound = () => new Response("There is no such alert.", { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const { db, engine, user } = enterPage(args, "routes/_app.alerts.$id");
  const id = args.params["id"]!;
  if (!isUuid(id)) throw notFound();
  const tenant = user.tenant_id;
  const [alert, history, runs, people] = await Promise.all([
    getAlert(db, tenant, id),
    listAlertEvents(db, tenant, id, { limit: 200 }),
    can(user, "playbooks:read") ? listRuns(db, tenant, { alert_id: id }, { limit: GLIMPSES }) : { runs: [], total: 0 },
    listAssignable(db, tenant),
  ]);
  if (!alert) throw notFound();
  const details = await Promise.all(runs.runs.map(async ({ id: runId }) => getRun(db, engine, tenant, runId)));
  const glimpses = details.flatMap((run) => (run === null ? [] : [glimpse(run)]));
  return {
    alert,
    events: history.activities,
    runs: glimpses,
    runTotal: runs.total,
    types: [...new Map(glimpses.flatMap((run) => cardTypes(run.document)).map((type) => [`${type.type}@${type.version}`, type])).values()],
    people: people.map(({ id: person, username }) => ({ id: person, username })),
    next: isAlertStatus(alert.status) ? nextStatuses(alert.status) : [],
    determinations: DETERMINATIONS,
  };
}

/** Inputs, outputs and logs stay on the server: a miniature shows none of them. */
const glimpse = ({ id, playbook, status, waiting_on, error, duration_ms, created_at, document, layout, steps }: RunGlimpse): RunGlimpse => ({
  id, playbook, status, waiting_on, error, duration_ms, created_at, document, layout,
  steps: steps.map((step) => ({ ...step, input: null, output: null, logs: [], attempts: [] })),
});

export async function action(args: ActionFunctionArgs) {
  const { app: { db, user }, form, intent } = await enterAction(args, "routes/_app.alerts.$id");
  const id = args.params["id"]!;
  if (!isUuid(id)) throw notFound();
  const field = (name: string) => text(form, name) || undefined;
  const change = (changes: Parameters<typeof changeAlert>[3], said: string) =>
    attempt(intent, async () => { await changeAlert(db, user.tenant_id, id, changes, actorOf(user)); return said; });

  switch (intent) {
    case "claim":
      return attempt(intent, async () => { await claimAlert(db, user.tenant_id, id, actorOf(user)); return "Claimed"; });
    case "assign":
      return change({ assigned_to: text(form, "assigned_to") || null }, "Assigned");
    case "change":
      return change({ status: field("status"), determination: field("determination") }, "Changed");
    case "resolve":
      return change({ status: "resolved", determination: field("determination"), resolve_reason: field("resolve_reason") }, "Resolved");
    case "comment": {
      const comment = text(form, "text");
      if (comment === "" || comment.length > 10_000) return refused(intent, { text: "A comment has 1 to 10 000 characters" });
      return attempt(intent, async () => { await addComment(db, user.tenant_id, id, comment, actorOf(user)); });
    }
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.alert.title ?? "Alert"} · Playgraph` }];

export default function AlertPage() {
  const { alert, events, runs, runTotal, types, people, next, determinations } = useLoaderData<typeof loader>();
  useLiveData({ alerts: [alert.id], runs: runs.some(({ duration_ms }) => duration_ms === null) ? "*" : runs.map(({ id }) => id) });
  return (
    <>
      <PageHeader
        title={<span title={alert.title}>{alert.title}</span>}
        actions={<AlertActions alert={alert} next={next} determinations={determinations} people={people} />}
      >
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 pb-2.5">
          <SeverityMark severity={alert.severity} />
          <Badge tone={alertStatusTone(alert.status)}>{words(alert.status)}</Badge>
          <Badge dot tone={determinationTone(alert.determination)}>{alert.determination === "unknown" ? "Not determined" : words(alert.determination)}</Badge>
          <span className="text-fg-2">Risk <Risk score={alert.risk_score} label={alert.risk_label} />{alert.risk_label !== null && <span className="text-fg-3"> {alert.risk_label}</span>}</span>
          <span className="text-fg-3">{alert.assigned_username === null ? "Unassigned" : `Assigned to ${alert.assigned_username}`}</span>
          <Link to="/alerts" className="ml-auto text-fg-3 hover:text-fg hover:underline">All alerts</Link>
        </div>
      </PageHeader>
      <div className="scroll-y flex-1 p-4">
        <div className="grid grid-cols-[minmax(0,5fr)_minmax(0,4fr)] items-start gap-4 max-lg:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-4">
            {alert.description !== null && alert.description !== alert.title && <Panel title="Description"><p className="max-h-60 overflow-y-auto break-words whitespace-pre-wrap">{alert.description}</p></Panel>}
            <Entities alert={alert} />
            <Observables iocs={alert.iocs} internal={alert.internal_iocs} />
            <Panel flush>
              <Tabs label="Data" tabs={[
                { value: "raw", label: "As received", content: <JsonView value={alert.raw_payload} label="raw payload" /> },
                { value: "normalized", label: "Normalised", content: <JsonView value={alert.normalized} label="normalised alert" /> },
              ]} />
            </Panel>
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <RunsPanel runs={runs} total={runTotal} alertId={alert.id} types={types} />
            <History events={events} />
          </div>
        </div>
      </div>
    </>
  );
}

export const ErrorBoundary = RouteError;
