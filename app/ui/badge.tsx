import clsx from "clsx";
import type { ReactNode } from "react";

export type Tone = "gray" | "red" | "orange" | "yellow" | "green" | "cyan" | "blue" | "violet" | "accent";

/** A word with a colour. `dot` puts the colour in a dot and leaves the word plain: for columns of many. */
export function Badge({ tone = "gray", dot, pulse, title, children }: { tone?: Tone; dot?: boolean; pulse?: boolean; title?: string; children: ReactNode }) {
  if (dot) {
    return (
      <span data-tone={tone} title={title} className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <span aria-hidden className={clsx("size-2 shrink-0 rounded-full bg-fill", pulse && "animate-[shimmer_0.9s_ease-in-out_infinite_alternate]")} />
        {children}
      </span>
    );
  }
  return (
    <span data-tone={tone} title={title} className="inline-flex h-5 items-center align-middle gap-1 rounded-sm bg-tone-bg px-1.5 text-xs font-medium whitespace-nowrap text-tone">
      {children}
    </span>
  );
}

/** A neutral value chip: tags, techniques, keys. Long text is cut and readable in full as its title. */
export function Chip({ children, mono, title }: { children: ReactNode; mono?: boolean; title?: string }) {
  return (
    <span title={title ?? (typeof children === "string" ? children : undefined)} className={clsx("inline-block max-w-full truncate rounded-sm border border-line bg-canvas px-1.5 align-middle text-xs leading-[18px] text-fg-2", mono && "font-mono text-2xs leading-[18px]")}>
      {children}
    </span>
  );
}
