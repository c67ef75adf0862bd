import { Form, NavLink } from "@remix-run/react";
import { ClipboardCheck, LogOut, PanelLeftClose, PanelLeftOpen, Search, Settings, Siren, Waypoints, Workflow } from "lucide-react";
import clsx from "clsx";
import { IconButton } from "#app/ui/button.tsx";
import { Kbd } from "#app/ui/kbd.tsx";
import { useLiveStatus } from "#app/ui/live.tsx";
import { Mark } from "#app/ui/mark.tsx";
import { ThemeToggle, type Theme } from "#app/ui/theme.tsx";
import { Tooltip } from "#app/ui/tooltip.tsx";

export const RAIL_COOKIE = "rail";

/** Counts come from data or are not shown. */
export interface RailCounts { alerts: number | null; approvals: number | null; runs: number | null }

interface RailProps { narrow: boolean; onNarrow(narrow: boolean): void; counts: RailCounts; user: { username: string; role: string }; theme: Theme; onSearch(): void }

export function Rail({ narrow, onNarrow, counts, user, theme, onSearch }: RailProps) {
  const link = (to: string, label: string, Icon: typeof Siren, count?: number | null, meaning?: string) => {
    const anchor = (
      <NavLink
        to={to}
        prefetch="intent"
        aria-label={count ? `${label}, ${count} ${meaning}` : label}
        className={({ isActive }) => clsx("flex h-8 items-center gap-2.5 rounded-md px-2", narrow && "justify-center", isActive ? "bg-selected font-medium text-fg" : "text-fg-2 hover:bg-hover hover:text-fg")}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        {!narrow && <span className="flex-1">{label}</span>}
        {!narrow && count ? <span aria-hidden title={`${count} ${meaning}`} className="text-xs text-fg-3">{count > 9999 ? "9999+" : count}</span> : null}
      </NavLink>
    );
    // Around the link, not on it: what the tooltip adds to its child would turn the link's class, a function, into text.
    return <li key={to}>{narrow ? <Tooltip side="right" text={label}><span className="block">{anchor}</span></Tooltip> : anchor}</li>;
  };

  return (
    <nav aria-label="Main" className={clsx("flex shrink-0 flex-col border-r border-line bg-surface px-2", narrow ? "w-[52px]" : "w-[200px]")}>
      <div className={clsx("flex h-12 items-center gap-2 px-1.5", narrow && "justify-center px-0")}>
        <Mark />
        {!narrow && <span className="text-base font-semibold">Playgraph</span>}
      </div>
      <button type="button" onClick={onSearch} aria-label="Search and go to" className={clsx("mb-2 flex h-8 items-center gap-2.5 rounded-md border border-line px-2 text-fg-3 hover:bg-hover", narrow && "justify-center")}>
        <Search aria-hidden className="size-4 shrink-0" />
        {!narrow && <><span className="flex-1 text-left">Go to…</span><Kbd>Ctrl K</Kbd></>}
      </button>
      <ul className="flex flex-1 flex-col gap-0.5">
        {link("/alerts", "Alerts", Siren, counts.alerts, "new")}
        {link("/approvals", "Approvals", ClipboardCheck, counts.approvals, "waiting for a person")}
        {link("/runs", "Runs", Waypoints, counts.runs, "unfinished")}
        {link("/playbooks", "Playbooks", Workflow)}
        {link("/settings", "Settings", Settings)}
      </ul>
      <div className={clsx("flex flex-col gap-1 border-t border-line py-2", narrow && "items-center")}>
        <LiveLight narrow={narrow} />
        {!narrow && <p className="truncate px-2 text-xs text-fg-3" title={`${user.username}, ${user.role}`}><span className="text-fg-2">{user.username}</span> · {user.role.replace("_", " ")}</p>}
        <div className={clsx("flex", narrow ? "flex-col" : "items-center")}>
          <ThemeToggle initial={theme} />
          <Form method="post" action="/logout"><IconButton label="Sign out" type="submit"><LogOut aria-hidden className="size-4" /></IconButton></Form>
          <span className="flex-1" />
          <IconButton label={narrow ? "Widen navigation" : "Narrow navigation"} onClick={() => onNarrow(!narrow)}>
            {narrow ? <PanelLeftOpen aria-hidden className="size-4" /> : <PanelLeftClose aria-hidden className="size-4" />}
          </IconButton>
        </div>
      </div>
    </nav>
  );
}

const LIGHT = { connecting: ["gray", "Connecting…"], live: ["green", "Live"], reconnecting: ["yellow", "Reconnecting…"] } as const;

function LiveLight({ narrow }: { narrow: boolean }) {
  const [tone, text] = LIGHT[useLiveStatus()];
  return (
    <div role="status" data-tone={tone} title={narrow ? text : undefined} className={clsx("flex h-6 items-center gap-2 px-2 text-xs text-fg-3", narrow && "justify-center")}>
      <span aria-hidden className={clsx("size-2 rounded-full bg-fill", tone !== "green" && "animate-[shimmer_0.9s_ease-in-out_infinite_alternate]")} />
      <span className={narrow ? "sr-only" : undefined}>{text}</span>
    </div>
  );
}
