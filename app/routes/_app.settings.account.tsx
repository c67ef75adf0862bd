import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useCallback, useRef } from "react";
import { enterAction, enterPage } from "#app/server/page-access.ts";
import { newPasswordSchema } from "#app/server/password.ts";
import { done, refused } from "#app/shell/outcome.server.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { TextField } from "#app/ui/field.tsx";
import { Fact, Facts, Panel } from "#app/ui/panel.tsx";
import { Notice } from "#app/ui/state.tsx";

export function loader(args: LoaderFunctionArgs) {
  const { user } = enterPage(args, "routes/_app.settings.account");
  return { username: user.username, display_name: user.display_name, email: user.email, role: user.role };
}

const password = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

export async function action(args: ActionFunctionArgs) {
  const { app: { auth, user }, form, intent } = await enterAction(args, "routes/_app.settings.account");
  const next = password(form, "next");
  const accepted = newPasswordSchema.safeParse(next);
  if (!accepted.success) return refused(intent, { next: accepted.error.issues[0]?.message ?? "This password cannot be used" });
  if (next !== password(form, "again")) return refused(intent, { again: "This is not the same" });
  switch (await auth.changePassword(args.request, user, { current: password(form, "current"), next })) {
    case "changed": return done(intent, "Password changed. Other sessions have been signed out.");
    case "wrong": return refused(intent, { current: "This is not your current password" });
    case "no-local-password": return refused(intent, { "": "This account signs in elsewhere and has no password here" }, 409);
  }
}

export const meta: MetaFunction = () => [{ title: "Account · Playgraph" }];

export default function AccountPage() {
  const user = useLoaderData<typeof loader>();
  const form = useRef<HTMLFormElement>(null);
  const { fetcher, busy, errors } = useOutcome(useCallback(() => form.current?.reset(), []));
  return (
    <div className="grid max-w-4xl grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
      <Panel title="You">
        <Facts>
          <Fact name="User name">{user.username}</Fact>
          <Fact name="Name">{user.display_name}</Fact>
          {user.email !== null && <Fact name="E-mail">{user.email}</Fact>}
          <Fact name="Role">{user.role.replace("_", " ")}</Fact>
        </Facts>
      </Panel>
      <Panel title="Change password">
        <fetcher.Form ref={form} method="post" className="flex flex-col gap-3">
          <input type="hidden" name="intent" value="password" />
          <input type="text" name="username" value={user.username} autoComplete="username" readOnly hidden />
          {errors[""] !== undefined && <Notice>{errors[""]}</Notice>}
          <TextField label="Current password" name="current" type="password" autoComplete="current-password" required error={errors["current"]} />
          <TextField label="New password" name="next" type="password" autoComplete="new-password" required error={errors["next"]} />
          <TextField label="New password again" name="again" type="password" autoComplete="new-password" required error={errors["again"]} />
          <div><Button variant="primary" type="submit" busy={busy}>Change password</Button></div>
        </fetcher.Form>
      </Panel>
    </div>
  );
}
