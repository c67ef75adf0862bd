import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { getContext } from "#app/server/context.ts";

export async function action({ request, context }: ActionFunctionArgs) {
  const { auth, user } = getContext(context);
  return redirect("/login", { headers: { "Set-Cookie": await auth.signOut(request, user) } });
}

export const loader = () => redirect("/");
