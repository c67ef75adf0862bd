import clsx from "clsx";
import { useId, type ReactNode } from "react";

/** A titled box of the page. `flush` lets tables and lists reach its edges. */
export function Panel({ title, aside, flush, className, children }: { title?: ReactNode; aside?: ReactNode; flush?: boolean; className?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={title === undefined ? undefined : id} className={clsx("min-w-0 rounded-lg border border-line bg-surface", className)}>
      {title !== undefined && (
        <header className="flex min-h-9 items-center justify-between gap-3 border-b border-line px-3 py-1">
          <h2 id={id} className="min-w-0 truncate text-sm font-semibold">{title}</h2>
          {aside !== undefined && <div className="flex shrink-0 items-center gap-2 text-xs text-fg-3">{aside}</div>}
        </header>
      )}
      <div className={flush ? undefined : "p-3"}>{children}</div>
    </section>
  );
}

/** Name–value pairs in two aligned columns; entries without a value are left out by the caller. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(96px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** The top of every page: where one is, what there is, what one can do. */
export function PageHeader({ title, meta, actions, children }: { title: ReactNode; meta?: ReactNode; actions?: ReactNode; children?: ReactNode }) {
  return (
    <header className="border-b border-line bg-surface px-4">
      <div className="flex min-h-12 items-center gap-3 py-2">
        <div className="flex min-w-0 flex-1 items-baseline gap-3">
          <h1 className="min-w-0 truncate text-lg font-semibold">{title}</h1>
          {meta !== undefined && <div className="shrink-0 text-xs text-fg-3">{meta}</div>}
        </div>
        {actions !== undefined && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      </div>
      {children}
    </header>
  );
}
