import type { LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useNavigation, type ShouldRevalidateFunction } from "@remix-run/react";
import clsx from "clsx";
import { ClipboardCheck, KeyRound, Plug, Siren, UserRound, Waypoints, Workflow } from "lucide-react";
import { useEffect, useState } from "react";
import { enterPage } from "#app/server/page-access.ts";
import { permissionsOf } from "#app/server/permissions.ts";
import { railCounts } from "#app/shell/counts.server.ts";
import { parseChange } from "#app/shell/parse-change.ts";
import { Rail, RAIL_COOKIE, type RailCounts } from "#app/shell/rail.tsx";
import { CommandPalette, type Destination } from "#app/ui/command-palette.tsx";
import { LiveProvider, useLive } from "#app/ui/live.tsx";
import { RouteError } from "#app/ui/route-error.tsx";
import { themeFrom } from "#app/ui/theme.tsx";
import { getJson } from "#app/ui/use-json.ts";

export async function loader(args: LoaderFunctionArgs) {
  const app = enterPage(args, "routes/_app");
  const cookies = args.request.headers.get("cookie") ?? "";
  return {
    user: { username: app.user.username, role: app.user.role },
    permissions: [...permissionsOf(app.user.role)],
    theme: themeFrom(cookies),
    narrow: /(?:^|;\s*)rail=narrow(?:;|$)/.test(cookies),
    counts: await railCounts(app),
  };
}

/** Live changes load the pages; the frame's own numbers come from /counts. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod, defaultShouldRevalidate }) => formMethod !== undefined && defaultShouldRevalidate;

const icon = "size-4";
const PAGES: Destination[] = [
  { to: "/alerts", label: "Alerts", group: "Page", icon: <Siren className={icon} /> },
  { to: "/approvals", label: "Approvals", group: "Page", icon: <ClipboardCheck className={icon} /> },
  { to: "/runs", label: "Runs", group: "Page", icon: <Waypoints className={icon} /> },
  { to: "/playbooks", label: "Playbooks", group: "Page", icon: <Workflow className={icon} /> },
  { to: "/settings/connections", label: "Connections", group: "Settings", icon: <Plug className={icon} /> },
  { to: "/settings/api-keys", label: "API keys", group: "Settings", icon: <KeyRound className={icon} /> },
  { to: "/settings/account", label: "Account", group: "Settings", icon: <UserRound className={icon} /> },
];

const ICONS = { Alert: <Siren className={icon} />, Run: <Waypoints className={icon} />, Playbook: <Workflow className={icon} /> };

/** The stream was refused: either the server is away, or the session has ended. Only the latter redirects. */
const leaveIfSignedOut = () => void fetch("/counts").then(({ redirected }) => redirected && location.reload(), () => undefined);

export default function AppLayout() {
  return <LiveProvider url="/api/v1/events" parse={parseChange} onRefused={leaveIfSignedOut}><Frame /></LiveProvider>;
}

function Frame() {
  const data = useLoaderData<typeof loader>();
  const [narrow, setNarrow] = useState(data.narrow);
  const [searching, setSearching] = useState(false);
  const busy = useNavigation().state === "loading";
  const [counts, setCounts] = useState<RailCounts>(data.counts);
  useLive({ alerts: "*", runs: "*" }, async () => {
    const fresh = await getJson<RailCounts>("/counts");
    if (fresh) setCounts(fresh);
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setSearching((open) => !open);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="flex h-dvh overflow-hidden">
      <a href="#main" className="sr-only z-50 rounded-md bg-raised px-3 py-1 focus:not-sr-only focus:absolute focus:top-2 focus:left-2">Skip to content</a>
      <Rail
        narrow={narrow}
        onNarrow={(next) => {
          setNarrow(next);
          document.cookie = `${RAIL_COOKIE}=${next ? "narrow" : "wide"}; path=/; max-age=31536000; samesite=lax`;
        }}
        counts={counts}
        user={data.user}
        theme={data.theme}
        onSearch={() => setSearching(true)}
      />
      <div aria-hidden className={clsx("pointer-events-none fixed inset-x-0 top-0 z-50 h-0.5 origin-left bg-accent transition-transform duration-700", busy ? "scale-x-75" : "scale-x-0 duration-0")} />
      <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col overflow-hidden focus-visible:outline-none">
        <Outlet />
      </main>
      <CommandPalette open={searching} onOpenChange={setSearching} pages={PAGES} searchUrl="/search" placeholder="Go to a page, alert, run or playbook" icons={ICONS} />
    </div>
  );
}

/** A page that fails leaves the navigation in place; only this frame's own failure takes the whole screen. */
export function ErrorBoundary() {
  return <main className="grid min-h-dvh place-items-center"><RouteError /></main>;
}
