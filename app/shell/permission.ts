import { useRouteLoaderData } from "@remix-run/react";
import type { loader } from "#app/routes/_app.tsx";
import type { Permission } from "#app/server/permissions.ts";

/** Why the signed-in user cannot do this, for a button's tooltip; undefined when they can. The server decides again. */
export function useReason(): (permission: Permission) => string | undefined {
  const data = useRouteLoaderData<typeof loader>("routes/_app");
  return (permission) => (data?.permissions.includes(permission) ? undefined : `Your role (${data?.user.role ?? "none"}) lacks ${permission}`);
}

export const useUserName = (): string | undefined => useRouteLoaderData<typeof loader>("routes/_app")?.user.username;

export const useUserRole = (): string | undefined => useRouteLoaderData<typeof loader>("routes/_app")?.user.role;
