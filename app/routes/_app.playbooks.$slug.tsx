import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { Play } from "lucide-react";
import { useMemo, useState } from "react";
import { cardTypes } from "#app/canvas/card-types.server.ts";
import { PictureFrame } from "#app/canvas/picture.tsx";
import { project } from "#app/canvas/project.ts";
import { isUuid } from "#app/models/page.ts";
import { getPlaybook, setEnabled } from "#app/models/playbook.server.ts";
import { startRun } from "#app/models/run-actions.server.ts";
import { listRuns } from "#app/models/run.server.ts";
import { EnabledSwitch } from "#app/playbooks/enabled-switch.tsx";
import { PlaybookTabs } from "#app/playbooks/playbook-tabs.tsx";
import { RunDialog } from "#app/playbooks/run-dialog.tsx";
import { actorOf, requirePage } from "#app/server/context.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { Button } from "#app/ui/button.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";

const notFound = () => new Response("There is no such playbook.", { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = requirePage(args, "playbooks:read");
  const playbook = await getPlaybook(db, user.tenant_id, args.params["slug"]!);
  if (!playbook) throw notFound();
  const { runs } = await listRuns(db, user.tenant_id, { playbook_id: playbook.id }, { limit: 20 });
  return { playbook, runs, types: playbook.document ? cardTypes(playbook.document) : [] };
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData();
  const slug = args.params["slug"]!;
  const intent = text(form, "intent");
  if (intent === "enable") {
    const { db, user } = requirePage(args, "playbooks:manage");
    const enabled = text(form, "enabled") === "true";
    return attempt(intent, async () => { await setEnabled(db, user.tenant_id, slug, enabled, actorOf(user)); });
  }
  if (intent !== "run") return refused(intent, { "": "Unknown action" }, 400);

  const app = requirePage(args, "playbooks:execute");
  const alertId = text(form, "alert_id");
  if (!isUuid(alertId)) return refused(intent, { alert_id: "Choose an alert" });
  return attempt(intent, async () => ({ to: `/runs/${(await startRun(app, app.user.tenant_id, { playbook: slug, alertId }, actorOf(app.user))).run_id}` }));
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.playbook.name ?? "Playbook"} · Playgraph` }];

export default function PlaybookPage() {
  const { playbook, runs, types } = useLoaderData<typeof loader>();
  const [starting, setStarting] = useState(false);
  const reason = useReason()("playbooks:execute");
  const { document, layout } = playbook;
  const picture = useMemo(() => (document ? project(document, layout, types) : null), [document, layout, types]);
  useLiveData({ runs: "*" });
  return (
    <>
      <PageHeader
        title={playbook.name}
        meta={playbook.version === null ? "not published" : `version ${playbook.version}`}
        actions={
          <>
            <span className="text-xs text-fg-2">{playbook.enabled ? "On" : "Off"}</span>
            <EnabledSwitch slug={playbook.slug} name={playbook.name} enabled={playbook.enabled} />
            <Button variant="primary" reason={reason ?? (document === null ? "It has no published version" : undefined)} onClick={() => setStarting(true)}><Play aria-hidden className="size-3.5" /> Run on alert…</Button>
          </>
        }
      >
        <div className="flex gap-4 pb-2.5 text-fg-2">
          <p className="line-clamp-2 min-w-0 flex-1 break-words" title={playbook.description}>{playbook.description}</p>
          <Link to="/playbooks" className="shrink-0 text-fg-3 hover:text-fg hover:underline">All playbooks</Link>
        </div>
      </PageHeader>
      <div className="flex min-h-0 flex-1 max-lg:flex-col">
        <div className="min-h-48 min-w-0 flex-1">
          {picture === null ? <Empty title="Not published">There is no version to show.</Empty> : <PictureFrame picture={picture} traced={false} label={`Graph of ${playbook.name}`} />}
        </div>
        <aside aria-label="About this playbook" className="scroll-y w-[420px] shrink-0 border-l border-line bg-surface max-lg:w-full 2xl:w-[560px]">
          <PlaybookTabs playbook={playbook} runs={runs} />
        </aside>
      </div>
      {starting && <RunDialog slug={playbook.slug} open onOpenChange={setStarting} />}
    </>
  );
}

export const ErrorBoundary = RouteError;
