import clsx from "clsx";
import { useId, type ComponentProps, type ReactNode } from "react";

/** Of a control of any height. */
export const boxLook = "w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-fg placeholder:text-fg-3 disabled:opacity-60 aria-[invalid=true]:border-red";
export const inputLook = `h-8 ${boxLook}`;

interface FieldProps { label: string; hint?: ReactNode; error?: string | undefined; hideLabel?: boolean }

/** Label, control, hint and the server's message for this field, tied together for assistive technology. */
function Frame({ label, hint, error, hideLabel, id, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={clsx(hideLabel ? "sr-only" : "mb-1 block text-xs font-medium text-fg-2")}>{label}</label>
      {children}
      {error !== undefined && <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-red">{error}</p>}
      {hint !== undefined && <p id={`${id}-hint`} className="mt-1 text-xs text-fg-3">{hint}</p>}
    </div>
  );
}

const described = (id: string, { hint, error }: FieldProps) => ({
  id,
  "aria-invalid": error === undefined ? undefined : true,
  "aria-describedby": clsx(error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`) || undefined,
});

export function TextField({ label, hint, error, hideLabel, className, ...rest }: FieldProps & ComponentProps<"input">) {
  const id = useId();
  return (
    <Frame {...{ label, hint, error, hideLabel, id }}>
      <input className={clsx(inputLook, className)} {...described(id, { label, hint, error })} {...rest} />
    </Frame>
  );
}

export function TextArea({ label, hint, error, hideLabel, className, ...rest }: FieldProps & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Frame {...{ label, hint, error, hideLabel, id }}>
      <textarea className={clsx(inputLook, "block h-auto min-h-16 py-1.5", className)} {...described(id, { label, hint, error })} {...rest} />
    </Frame>
  );
}

/** The platform's own select: best on every device, and usable before scripts load. */
export function SelectField({ label, hint, error, hideLabel, className, children, ...rest }: FieldProps & ComponentProps<"select">) {
  const id = useId();
  return (
    <Frame {...{ label, hint, error, hideLabel, id }}>
      <select className={clsx(inputLook, "pr-1", className)} {...described(id, { label, hint, error })} {...rest}>{children}</select>
    </Frame>
  );
}

export function CheckField({ label, hint, ...rest }: { label: string; hint?: string } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input type="checkbox" id={id} className="mt-0.5" aria-describedby={hint === undefined ? undefined : `${id}-hint`} {...rest} />
      <div>
        <label htmlFor={id} className="text-sm">{label}</label>
        {hint !== undefined && <p id={`${id}-hint`} className="text-xs text-fg-3">{hint}</p>}
      </div>
    </div>
  );
}

/** On or off, at once. `reason` says why it cannot be changed. */
export function Switch({ checked, label, reason, onChange }: { checked: boolean; label: string; reason?: string | undefined; onChange(next: boolean): void }) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      aria-disabled={reason !== undefined || undefined}
      title={reason}
      onClick={() => reason === undefined && onChange(!checked)}
      className={clsx("relative h-4 w-7 shrink-0 rounded-full align-middle border transition-colors", checked ? "border-transparent bg-accent-solid" : "border-line-strong bg-hover", reason !== undefined && "opacity-60")}
    >
      <span aria-hidden className={clsx("absolute top-1/2 size-3 -translate-y-1/2 rounded-full transition-[left]", checked ? "left-[13px] bg-white" : "left-px bg-fg-3")} />
    </button>
  );
}
