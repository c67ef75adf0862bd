import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { FlaskConical, Pencil, Play } from "lucide-react";
import { useMemo, useState } from "react";
import { StartDialog } from "#app/backtests/start-dialog.tsx";
import { cardTypes } from "#app/canvas/card-types.server.ts";
import { PictureFrame } from "#app/canvas/picture.tsx";
import { project } from "#app/canvas/project.ts";
import { isUuid } from "#app/models/page.ts";
import { discardDraft, getPlaybook, getVersion, listVersions, readDraft, restoreVersion, setEnabled } from "#app/models/playbook.server.ts";
import { startRun } from "#app/models/run-actions.server.ts";
import { listRuns } from "#app/models/run.server.ts";
import { DraftLine } from "#app/playbooks/draft-line.tsx";
import { EnabledSwitch } from "#app/playbooks/enabled-switch.tsx";
import { PlaybookTabs } from "#app/playbooks/playbook-tabs.tsx";
import { RunDialog } from "#app/playbooks/run-dialog.tsx";
import { VersionLine } from "#app/playbooks/version-line.tsx";
import { actorOf } from "#app/server/context.ts";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import { useReason } from "#app/shell/permission.ts";
import { Button, ButtonLink } from "#app/ui/button.tsx";
import { useLiveData } from "#app/ui/live.tsx";
import type { Json } from "#sdk";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { Empty } from "#app/ui/state.tsx";

const VERSIONS = 30;

const notFound = (what = "playbook") => new Response(`There is no such ${what}.`, { status: 404 });
/** Of a version or a revision; anything else is nobody's. */
const whole = (value: string | null): number | undefined => (value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined);

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/_app.playbooks.$slug");
  const tenant = user.tenant_id;
  const query = new URL(args.request.url).searchParams;
  const playbook = await getPlaybook(db, tenant, args.params["slug"]!);
  if (!playbook) throw notFound();
  const [{ runs }, history, shown] = await Promise.all([
    listRuns(db, tenant, { playbook_id: playbook.id }, { limit: 20 }),
    listVersions(db, tenant, playbook.id, { limit: VERSIONS, before: whole(query.get("before")) }),
    query.has("version") ? getVersion(db, tenant, playbook.id, whole(query.get("version")) ?? 0) : undefined,
  ]);
  if (shown === null) throw notFound("version");
  // What nobody has published is shown as it is drawn.
  const { document, layout, files } = shown ?? (playbook.version === null ? await readDraft(db, tenant, playbook.id) : null) ?? playbook;
  return { playbook, runs, history, shown: shown ? { number: shown.number, published_by: shown.published_by, created_at: shown.created_at } : null, document, layout, files, types: document ? cardTypes(document) : [] };
}

export async function action(args: ActionFunctionArgs) {
  const { app, form, intent } = await enterAction(args, "routes/_app.playbooks.$slug");
  const slug = args.params["slug"]!;
  const { db, user } = app;
  const actor = actorOf(user);
  const revision = whole(text(form, "revision"));
  switch (intent) {
    case "enable": return attempt(intent, async () => { await setEnabled(db, user.tenant_id, slug, text(form, "enabled") === "true", actor); });
    case "discard": return attempt(intent, async () => { await discardDraft(db, user.tenant_id, slug, actor, revision); return "Draft discarded"; });
    case "restore": return attempt(intent, async () => ({ to: `/playbooks/${(await restoreVersion(db, user.tenant_id, slug, { number: whole(text(form, "number")) ?? 0, revision }, actor)).slug}/edit` }));
    case "run": {
      const alertId = text(form, "alert_id");
      if (alertId !== "" && !isUuid(alertId)) return refused(intent, { alert_id: "Choose an alert" });
      const input = readInput(text(form, "input"));
      if (!input.ok) return refused(intent, { input: "This is not JSON" });
      return attempt(intent, async () => ({ to: `/runs/${(await startRun(app, user.tenant_id, { playbook: slug, alertId: alertId || null, input: input.value }, actor)).run_id}` }));
    }
  }
}

/** What the dialog gives as JSON; nothing where it gives none. */
function readInput(json: string): { ok: true; value: Json | undefined } | { ok: false } {
  try {
    return { ok: true, value: json === "" ? undefined : (JSON.parse(json) as Json) };
  } catch {
    return { ok: false };
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.playbook.name ?? "Playbook"} · Playgraph` }];

export default function PlaybookPage() {
  const { playbook, runs, history, shown, document, layout, files, types } = useLoaderData<typeof loader>();
  const [starting, setStarting] = useState(false);
  const [backtesting, setBacktesting] = useState(false);
  const reason = useReason();
  const mayNotEdit = reason("playbooks:manage");
  const picture = useMemo(() => (document && (document.nodes.length > 0 || playbook.version !== null) ? project(document, layout, types) : null), [document, layout, types, playbook.version]);
  useLiveData({ runs: "*" });
  const edit = <><Pencil aria-hidden className="size-3.5" /> Edit</>;
  return (
    <>
      <PageHeader
        title={playbook.name}
        meta={playbook.version === null ? "not published" : `version ${playbook.version}`}
        actions={
          <>
            <span className="text-xs text-fg-2">{playbook.enabled ? "On" : "Off"}{playbook.version === null && " when published"}</span>
            <EnabledSwitch slug={playbook.slug} name={playbook.name} enabled={playbook.enabled} />
            {mayNotEdit === undefined ? <ButtonLink to={`/playbooks/${playbook.slug}/edit`}>{edit}</ButtonLink> : <Button reason={mayNotEdit}>{edit}</Button>}
            <Button reason={reason("playbooks:execute")} onClick={() => setBacktesting(true)}><FlaskConical aria-hidden className="size-3.5" /> Backtest…</Button>
            <Button variant="primary" reason={reason("playbooks:execute") ?? (playbook.version === null ? "It has no published version" : undefined)} onClick={() => setStarting(true)}><Play aria-hidden className="size-3.5" /> {playbook.trigger.on === "alert" ? "Run on alert…" : "Run…"}</Button>
          </>
        }
      >
        <div className="flex gap-4 pb-2.5 text-fg-2">
          <p className="line-clamp-2 min-w-0 flex-1 break-words" title={playbook.description}>{playbook.description}</p>
          <Link to={`/playbooks/${playbook.slug}/backtests`} className="shrink-0 text-fg-3 hover:text-fg hover:underline">Backtests</Link>
          <Link to="/playbooks" className="shrink-0 text-fg-3 hover:text-fg hover:underline">All playbooks</Link>
        </div>
        {shown !== null && shown.number !== playbook.version ? <VersionLine playbook={playbook} version={shown} /> : playbook.draft?.differs && <DraftLine playbook={playbook} draft={playbook.draft} />}
      </PageHeader>
      <div className="flex min-h-0 flex-1 max-lg:flex-col">
        <div className="min-h-48 min-w-0 flex-1">
          {picture === null
            ? <Empty icon={<Pencil className="size-6" />} title="Nothing is drawn yet">Edit it: choose what starts it, and add the first step.</Empty>
            : <PictureFrame key={shown?.number ?? "published"} picture={picture} traced={false} label={`Graph of ${playbook.name}${shown === null ? "" : `, version ${shown.number}`}`} />}
        </div>
        <aside aria-label="About this playbook" className="scroll-y w-[420px] shrink-0 border-l border-line bg-surface max-lg:w-full 2xl:w-[560px]">
          <PlaybookTabs playbook={playbook} content={{ document, files }} runs={runs} history={history} shown={shown?.number ?? playbook.version} />
        </aside>
      </div>
      {backtesting && <StartDialog slug={playbook.slug} open onOpenChange={setBacktesting} />}
      {starting && playbook.document && <RunDialog slug={playbook.slug} trigger={playbook.document.trigger} open onOpenChange={setStarting} />}
    </>
  );
}

export const ErrorBoundary = RouteError;
