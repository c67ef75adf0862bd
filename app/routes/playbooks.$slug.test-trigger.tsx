import type { LoaderFunctionArgs } from "@remix-run/node";
import { isUuid } from "#app/models/page.ts";
import { explainTriggers, resolvePlaybookId } from "#app/models/playbook.server.ts";
import { isRefusal } from "#app/models/refusal.ts";
import type { TriggerTest } from "#app/playbooks/run-alert-field.tsx";
import { enterPage } from "#app/server/page-access.ts";

const notFound = () => new Response("There is no such playbook or alert.", { status: 404 });

export async function loader(args: LoaderFunctionArgs) {
  const { db, user } = enterPage(args, "routes/playbooks.$slug.test-trigger");
  const alertId = new URL(args.request.url).searchParams.get("alert_id") ?? "";
  const playbookId = await resolvePlaybookId(db, user.tenant_id, args.params["slug"]!);
  if (playbookId === null || !isUuid(alertId)) throw notFound();
  const [explained] = await explainTriggers(db, user.tenant_id, { alertId, playbookId }).catch((error: unknown) => {
    throw isRefusal(error) ? notFound() : error;
  });
  if (!explained) throw notFound();
  return Response.json({ matches: explained.matches, checks: explained.reasons } satisfies TriggerTest);
}
