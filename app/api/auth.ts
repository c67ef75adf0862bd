import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { findUser } from "#app/models/user.server.ts";
import type { AppContext, SignedIn } from "#app/server/context.ts";
import { newPasswordSchema } from "#app/server/password.ts";
import { permissionsOf } from "#app/server/permissions.ts";
import { TOKEN_MINUTES } from "#app/server/tokens.ts";
import { type Api, endpoint } from "./endpoint.ts";
import { analyst } from "./shapes.ts";

const tag = "Sign-in";
const me = analyst.extend({ permissions: z.array(z.string()) }).openapi("Me");
const detail = z.object({ detail: z.string() });

export function authRoutes(api: Api): void {
  endpoint(api, "GET /auth/capabilities", {
    summary: "What the sign-in page may offer",
    tag,
    answer: z.object({ local_login_enabled: z.boolean(), local_registration_enabled: z.boolean(), providers: z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), login_url: z.string() })) }),
  }, async () => ({ local_login_enabled: true, local_registration_enabled: false, providers: [] }));

  endpoint(api, "POST /auth/login", {
    summary: `Sign in: a bearer token for ${TOKEN_MINUTES} minutes`,
    tag,
    body: z.object({ username: z.string(), password: z.string() }),
    answer: z.object({ access_token: z.string(), token_type: z.literal("bearer"), expires_in: z.number(), analyst: me }),
  }, async ({ app, body, c }) => {
    const result = await app.auth.signIn(body, { via: "token", clientAddress: app.clientAddress });
    if (!result.ok) {
      if (result.reason === "throttled") return c.json({ detail: result.message, retry_after: result.retryAfter }, 429, { "Retry-After": String(result.retryAfter) });
      throw new HTTPException(result.reason === "inactive" ? 403 : 401, { message: result.message });
    }
    return { access_token: result.secret, token_type: "bearer" as const, expires_in: TOKEN_MINUTES * 60, analyst: await describe(app, result.user) };
  });

  endpoint(api, "GET /auth/me", { summary: "Who is signed in", tag, answer: me }, ({ app, user }) => describe(app, user));

  endpoint(api, "POST /auth/logout", { summary: "End this session or token", tag, answer: detail }, async ({ app, user, c }) => {
    c.header("Set-Cookie", await app.auth.signOut(c.req.raw, user));
    return { detail: "Signed out" };
  });

  endpoint(api, "POST /auth/change-password", {
    summary: "Change one's own password; every other session ends",
    tag,
    body: z.object({ current_password: z.string(), new_password: newPasswordSchema }),
    answer: detail,
  }, async ({ app, user, body, c }) => {
    const outcome = await app.auth.changePassword(c.req.raw, user, { current: body.current_password, next: body.new_password });
    if (outcome === "wrong") throw new HTTPException(401, { message: "The current password is wrong" });
    if (outcome === "no-local-password") throw new HTTPException(400, { message: "This account has no local password" });
    return { detail: "Password updated" };
  });
}

async function describe(app: AppContext, user: SignedIn): Promise<z.infer<typeof me>> {
  const row = await findUser(app.db, user.tenant_id, user.id);
  if (!row) throw new HTTPException(401, { message: "Authentication required" });
  return { ...row, permissions: [...permissionsOf(row.role)] };
}
