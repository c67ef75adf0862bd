import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { getVersion, listVersions, restoreVersion } from "#app/models/playbook.server.ts";
import { actorOf } from "#app/server/context.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { idOrSlugParam, whole } from "./schemas.ts";
import { draftDetail, versionDetail, versionSummary } from "./shapes.ts";

const tag = "Versions";
const MAX_NUMBER = 2 ** 31 - 1;
const versionParams = idOrSlugParam.extend({ number: whole(1, MAX_NUMBER) });

export function versionRoutes(api: Api): void {
  endpoint(api, "GET /playbooks/{id}/versions", {
    summary: "What was published, by whom and when, and what each changed; newest first",
    tag,
    params: idOrSlugParam,
    query: z.object({ limit: whole(1, 100).default(30), before: whole(1, MAX_NUMBER).optional().openapi({ description: "`next_before` of the page before" }) }),
    answer: z.object({ versions: z.array(versionSummary), next_before: z.number().int().nullable() }),
  }, ({ app, user, params, query }) => listVersions(app.db, user.tenant_id, params.id, query));

  endpoint(api, "GET /playbooks/{id}/versions/{number}", { summary: "One version", tag, params: versionParams, answer: versionDetail }, async ({ app, user, params }) => {
    const version = await getVersion(app.db, user.tenant_id, params.id, params.number);
    if (!version) throw new HTTPException(404, { message: "Version not found" });
    return version;
  });

  endpoint(api, "POST /playbooks/{id}/versions/{number}/restore", {
    summary: "The draft becomes that version; 409 while the draft holds what is not published, unless its revision is named",
    tag,
    params: versionParams,
    body: z.strictObject({ revision: z.number().int().min(0).optional().openapi({ description: "Of the draft that is given up" }) }),
    isBodyOptional: true,
    conflict: { draft: draftDetail },
    answer: draftDetail,
  }, ({ app, user, params, body }) => restoreVersion(app.db, user.tenant_id, params.id, { number: params.number, revision: body.revision }, actorOf(user)));
}
