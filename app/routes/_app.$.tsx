import type { LoaderFunctionArgs } from "@remix-run/node";
import { enterPage } from "#app/server/page-access.ts";
import { RouteError } from "#app/ui/route-error.tsx";

/** Every address that no page has; a stranger is asked to sign in first, so that nothing is told about what exists. */
export function loader(args: LoaderFunctionArgs): never {
  enterPage(args, "routes/_app.$");
  throw new Response(null, { status: 404 });
}

export default function NotFound() {
  return null;
}

export const ErrorBoundary = RouteError;
