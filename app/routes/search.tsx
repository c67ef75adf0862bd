import type { LoaderFunctionArgs } from "@remix-run/node";
import { listAlerts } from "#app/models/alert.server.ts";
import { isUuid } from "#app/models/page.ts";
import { listPlaybooks } from "#app/models/playbook.server.ts";
import { getRun } from "#app/models/run.server.ts";
import { enterPage } from "#app/server/page-access.ts";
import { can } from "#app/server/permissions.ts";
import type { Hits } from "#app/ui/command-palette.tsx";

const ALERTS = 6;

/** What the palette and the alert picker ask: alerts by any of their texts, playbooks by name, a run by its id. */
export async function loader(args: LoaderFunctionArgs) {
  const { db, engine, user } = enterPage(args, "routes/search");
  const q = (new URL(args.request.url).searchParams.get("q") ?? "").trim().slice(0, 200);
  if (q === "") return Response.json({ hits: [] } satisfies Hits);
  const seesPlaybooks = can(user, "playbooks:read");
  const [alerts, playbooks, run] = await Promise.all([
    listAlerts(db, user.tenant_id, { q }, { limit: ALERTS }),
    seesPlaybooks ? listPlaybooks(db, user.tenant_id) : [],
    seesPlaybooks && isUuid(q) ? getRun(db, engine, user.tenant_id, q) : null,
  ]);
  const answer: Hits = {
    hits: [
      ...(run ? [{ to: `/runs/${run.id}`, label: run.playbook.name, detail: run.status, group: "Run" }] : []),
      ...playbooks.filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(q.toLowerCase())).slice(0, 6).map(({ slug, name }) => ({ to: `/playbooks/${slug}`, label: name, detail: slug, group: "Playbook" })),
      ...alerts.alerts.map(({ id, title, hostname, source_ip }) => ({ to: `/alerts/${id}`, label: title, detail: hostname ?? source_ip ?? "", group: "Alert" })),
    ],
  };
  return Response.json(answer);
}
