import clsx from "clsx";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** Nothing to show, and what one can do about it. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center gap-2 px-6 py-12 text-center">
      {icon !== undefined && <div aria-hidden className="mb-1 text-fg-3">{icon}</div>}
      <p className="text-base font-semibold">{title}</p>
      {children !== undefined && <div className="w-full text-fg-2">{children}</div>}
    </div>
  );
}

/** A page that did not work: what, and a way on. */
export function ErrorState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div role="alert" className="mx-auto flex max-w-xl flex-col items-center gap-2 px-6 py-16 text-center">
      <TriangleAlert aria-hidden className="mb-1 size-6 text-red" />
      <h1 className="text-base font-semibold">{title}</h1>
      {children !== undefined && <div className="max-w-full break-words text-fg-2">{children}</div>}
      {action !== undefined && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}

/** The message beside what it is about; colour and icon say how grave. */
export function Notice({ tone = "red", children }: { tone?: "red" | "yellow" | "accent"; children: ReactNode }) {
  return (
    <div role={tone === "red" ? "alert" : undefined} data-tone={tone} className="rounded-md border border-line bg-tone-bg px-3 py-2 break-words text-fg">
      <span className="text-tone">{children}</span>
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-[shimmer_0.9s_ease-in-out_infinite_alternate] rounded-sm bg-hover", className ?? "h-4 w-full")} />;
}
