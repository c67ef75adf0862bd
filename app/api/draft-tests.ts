import { z } from "@hono/zod-openapi";
import { startTest } from "#app/models/test-run.server.ts";
import { actorOf } from "#app/server/context.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { anyJson, idOrSlugParam } from "./schemas.ts";

const node = z.string().min(1).max(63);

const testBody = z.strictObject({
  alert_id: z.guid().optional().openapi({ description: "A stored alert; it is only read" }),
  payload: anyJson.optional().openapi({ description: "In place of an alert: what a SIEM would send, as text or as JSON. It is normalised like one that is delivered, and stored nowhere. For a playbook that is started by hand it is the input, unless `source` is given" }),
  source: z.string().min(1).max(60).optional().openapi({ description: "The payload's format; recognised when it is left out" }),
  only: node.optional().openapi({ description: "Run this node alone. The nodes before it take their results from `pins` or `from_run`; without either they are absent" }),
  upto: node.optional().openapi({ description: "Run this node and everything before it" }),
  pins: z.record(z.string(), z.strictObject({ port: z.string().min(1).max(64), data: anyJson })).optional().openapi({ description: "By node id: it is not executed and leaves by this port with this data" }),
  from_run: z.guid().optional().openapi({ description: "An earlier run of this playbook. With `only`: what it recorded stands for the nodes before. Its alert or payload is used where none is given" }),
});

export function draftTestRoutes(api: Api): void {
  endpoint(api, "POST /playbooks/{id}/draft/test", {
    summary: "Test the draft: a run of mode `test`, in which every step that would change something is held",
    description: "Reads are made. Steps with effect write or contain are not called: they are `held`, with the input they would have had and a stand-in result. 422 lists what is wrong with the nodes that take part; types may be wrong.",
    tag: "Drafts",
    params: idOrSlugParam,
    body: testBody,
    isBodyOptional: true,
    status: 202,
    answer: z.object({ run_id: z.string() }),
  }, ({ app, user, params, body }) => {
    const { alert_id: alertId, from_run: fromRun, ...rest } = body;
    return startTest(app, user.tenant_id, { playbook: params.id, alertId, fromRun, ...rest }, actorOf(user));
  });
}
