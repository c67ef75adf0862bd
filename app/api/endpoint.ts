/** How a resource file declares a route: key of the table, schemas, and a function from typed input to the answer. */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AppContext, SignedIn } from "#app/server/context.ts";
import { can } from "#app/server/permissions.ts";
import { honoPath, ROUTES, type RouteKey, splitKey } from "./routes.ts";
import { errorSchema, toValidationErrors } from "./schemas.ts";

export interface ApiEnv {
  Variables: { app: AppContext };
}

export type Api = OpenAPIHono<ApiEnv>;
export type ApiContext = Context<ApiEnv>;

export const createApiRouter = (): Api =>
  new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => (result.success ? undefined : c.json({ detail: toValidationErrors(result.error.issues, result.target) }, 422)),
  });

/** Lets in whom the table lets in. */
export function guard(key: RouteKey): MiddlewareHandler<ApiEnv> {
  const access = ROUTES[key];
  return async (c, next) => {
    if (access === "public" || access === "api-key") return next();
    const { user } = c.get("app");
    if (!user) throw new HTTPException(401, { message: "Authentication required" });
    if (access !== "login" && !can(user, access)) throw new HTTPException(403, { message: `Permission denied: requires ${access}` });
    return next();
  };
}

interface Spec<P, Q, B, T> {
  summary: string;
  description?: string;
  tag: string;
  params?: P;
  query?: Q;
  body?: B;
  /** The body may be left out. */
  isBodyOptional?: boolean;
  /** Status of success; 200 unless said. */
  status?: 200 | 201 | 202;
  /** It may answer 409, with these fields beside `detail`. */
  conflict?: z.ZodRawShape;
  answer: z.ZodType<T>;
}

interface Input<P, Q, B> {
  app: AppContext;
  /** @throws 401 on a public route without a login. */
  readonly user: SignedIn;
  params: P;
  query: Q;
  body: B;
  c: ApiContext;
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export function endpoint<T, P extends z.ZodObject | undefined = undefined, Q extends z.ZodObject | undefined = undefined, B extends z.ZodType | undefined = undefined>(
  api: Api,
  key: RouteKey,
  spec: Spec<P, Q, B, T>,
  handle: (input: Input<Output<P>, Output<Q>, Output<B>>) => Promise<T | Response>,
): void {
  const { method, path } = splitKey(key);
  const { params, query, body, status = 200 } = spec;
  api.openapi(
    {
      method,
      path,
      summary: spec.summary,
      ...(spec.description ? { description: spec.description } : {}),
      tags: [spec.tag],
      ...securityOf(key),
      request: {
        ...(params ? { params } : {}),
        ...(query ? { query } : {}),
        ...(body ? { body: { content: { "application/json": { schema: body } }, required: !spec.isBodyOptional } } : {}),
      },
      responses: { [status]: { description: "Success", content: { "application/json": { schema: spec.answer } } }, ...errorsOf(key, { params, body, conflict: spec.conflict }) },
      middleware: [guard(key)],
    },
    async (c: ApiContext) => {
      const app = c.get("app");
      // The schemas above have validated these; their types are the schemas' outputs.
      const valid = (target: "param" | "query" | "json"): never => c.req.valid(target as never);
      const result = await handle({
        app,
        get user() {
          if (!app.user) throw new HTTPException(401, { message: "Authentication required" });
          return app.user;
        },
        params: params ? valid("param") : (undefined as never),
        query: query ? valid("query") : (undefined as never),
        body: body ? valid("json") : (undefined as never),
        c,
      });
      return result instanceof Response ? result : c.json(result as object, status);
    },
  );
}

/** A route that zod-openapi does not describe (streams, raw bodies): guarded by the same table. */
export function plainRoute(api: Api, key: RouteKey, handle: (c: ApiContext) => Response | Promise<Response>): void {
  const { method, path } = splitKey(key);
  api.on(method, honoPath(path), guard(key), handle);
}

export function securityOf(key: RouteKey): { security?: Record<string, string[]>[]; "x-permission"?: string } {
  const access = ROUTES[key];
  if (access === "public") return {};
  if (access === "api-key") return { security: [{ apiKey: [] }, { bearer: [] }] };
  return { security: [{ bearer: [] }, { cookie: [] }], "x-permission": access };
}

const error = (description: string) => ({ description, content: { "application/json": { schema: errorSchema } } });

function errorsOf(key: RouteKey, { params, body, conflict }: { params: unknown; body: unknown; conflict: z.ZodRawShape | undefined }) {
  const access = ROUTES[key];
  return {
    ...(access === "public" ? {} : { 401: error("Not signed in") }),
    ...(access === "public" || access === "login" ? {} : { 403: error("Permission missing") }),
    ...(params ? { 404: error("Unknown id") } : {}),
    ...(body ? { 400: error("Not JSON") } : {}),
    ...(conflict ? { 409: { description: "Not as it is now", content: { "application/json": { schema: z.object({ detail: z.string(), ...conflict }) } } } } : {}),
    422: error("Wrong shape"),
  };
}
