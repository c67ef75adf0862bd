import type { LoaderFunctionArgs } from "@remix-run/node";
import { isUuid } from "#app/models/page.ts";
import { explainTriggers, resolvePlaybookId } from "#app/models/playbook.server.ts";
import type { TriggerTest } from "#app/playbooks/run-dialog.tsx";
import { requirePage } from "#app/server/context.ts";

const notFound = () => new Response("There is no such playbook or alert.", { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = requirePage(args, "playbooks:read");
  const alertId = new URL(args.request.url).searchParams.get("alert_id") ?? "";
  const playbookId = await resolvePlaybookId(db, user.tenant_id, args.params["slug"]!);
  if (playbookId === null || !isUuid(alertId)) throw notFound();
  const [explained] = await explainTriggers(db, user.tenant_id, { alertId, playbookId });
  if (!explained) throw notFound();
  return Response.json({ matches: explained.matches, checks: explained.reasons } satisfies TriggerTest);
}
