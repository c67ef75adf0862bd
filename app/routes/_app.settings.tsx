import { NavLink, Outlet } from "@remix-run/react";
import clsx from "clsx";
import { PageHeader } from "#app/ui/panel.tsx";
import { RouteError } from "#app/ui/route-error.tsx";

const SECTIONS = [["/settings/connections", "Connections"], ["/settings/api-keys", "API keys"], ["/settings/account", "Account"]] as const;

export default function SettingsLayout() {
  return (
    <>
      <PageHeader title="Settings">
        <nav aria-label="Settings" className="-ml-2 flex">
          {SECTIONS.map(([to, label]) => (
            <NavLink key={to} to={to} className={({ isActive }) => clsx("-mb-px grid h-9 place-items-center border-b-2 px-2 outline-offset-[-3px]", isActive ? "border-accent font-medium" : "border-transparent text-fg-2 hover:text-fg")}>{label}</NavLink>
          ))}
        </nav>
      </PageHeader>
      <div className="scroll-y flex-1 p-4"><Outlet /></div>
    </>
  );
}

export const ErrorBoundary = RouteError;
