import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useActionData, useNavigation } from "@remix-run/react";
import { getContext } from "#app/server/context.ts";
import { text } from "#app/shell/outcome.server.ts";
import { Button } from "#app/ui/button.tsx";
import { TextField } from "#app/ui/field.tsx";
import { Mark } from "#app/ui/mark.tsx";
import { Notice } from "#app/ui/state.tsx";

export const meta: MetaFunction = () => [{ title: "Sign in · Playgraph" }];

export function loader({ context }: LoaderFunctionArgs) {
  if (getContext(context).user) throw redirect("/");
  return null;
}

/** A path of ours and nothing else: `//host` and `/\host` are addresses of somebody else's. */
const ownPath = (next: string | null): string => (next !== null && /^\/(?![/\\])/.test(next) ? next : "/");

export async function action({ request, context }: ActionFunctionArgs) {
  const { auth, clientAddress } = getContext(context);
  const form = await request.formData();
  const password = form.get("password");
  const result = await auth.signIn({ username: text(form, "username"), password: typeof password === "string" ? password : "" }, { via: "browser", clientAddress });
  if (!result.ok) {
    const headers: Record<string, string> = result.reason === "throttled" ? { "Retry-After": String(result.retryAfter) } : {};
    return data({ message: result.message }, { status: result.reason === "throttled" ? 429 : 401, headers });
  }
  return redirect(ownPath(new URL(request.url).searchParams.get("next")), { headers: { "Set-Cookie": result.secret } });
}

export default function Login() {
  const problem = useActionData<typeof action>();
  const busy = useNavigation().state !== "idle";
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <div className="w-full max-w-80">
        <h1 className="mb-6 flex items-center gap-2.5 text-xl font-semibold"><Mark className="size-7" /> Playgraph</h1>
        <Form method="post" className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-5">
          {problem && <Notice>{problem.message}</Notice>}
          <TextField label="User name" name="username" autoComplete="username" autoFocus required maxLength={200} />
          <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
          <Button variant="primary" type="submit" busy={busy} className="mt-1 h-8">{busy ? "Signing in…" : "Sign in"}</Button>
        </Form>
      </div>
    </main>
  );
}
