import clsx from "clsx";
import type { ReactNode } from "react";
import type { Problem } from "#format";
import { Prose } from "#app/ui/prose.tsx";

interface FieldFrameProps {
  id: string;
  label: string;
  /** As it is stored: what `state.focus` and problems name. */
  name: string;
  isRequired?: boolean;
  hint?: ReactNode;
  problems?: readonly Problem[];
  /** Beside the label: how the field is filled, what can be done with it. */
  aside?: ReactNode;
  children: ReactNode;
}

/** Label, control, hint and what is wrong with the field, tied together. The control takes `describedBy(…)` of the same id. */
export function FieldFrame({ id, label, name, isRequired, hint, problems = [], aside, children }: FieldFrameProps) {
  return (
    <div data-field={name} className="min-w-0 scroll-my-16">
      <div className="mb-1 flex min-h-6 items-center justify-between gap-2">
        <label id={`${id}-label`} htmlFor={id} className="min-w-0 truncate text-xs font-medium text-fg-2" title={label === name ? undefined : name}>
          {label}
          {isRequired && <span className="text-fg-3"> (required)</span>}
        </label>
        {aside !== undefined && <div className="flex shrink-0 items-center gap-0.5">{aside}</div>}
      </div>
      {children}
      {problems.length > 0 && (
        <ul id={`${id}-problems`} className="mt-1 space-y-0.5">
          {problems.map(({ severity, message, line }, index) => <li key={index} className={clsx("text-xs break-words whitespace-pre-wrap", severity === "error" ? "text-red" : "text-yellow")}>{line === undefined || problems.length === 1 ? message : `Line ${line}: ${message}`}</li>)}
        </ul>
      )}
      {hint !== undefined && hint !== null && <p id={`${id}-hint`} className="mt-1 text-xs break-words text-fg-3">{typeof hint === "string" ? <Prose text={hint} /> : hint}</p>}
    </div>
  );
}

export const describedBy = (id: string, { hint, problems }: { hint?: unknown; problems: readonly Problem[] }): string | undefined =>
  clsx(problems.length > 0 && `${id}-problems`, hint !== undefined && hint !== null && `${id}-hint`) || undefined;

export const hasError = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === "error");
