import { Link } from "@remix-run/react";
import clsx from "clsx";
import { forwardRef, type ComponentProps, type ReactNode } from "react";
import { Tooltip } from "./tooltip.tsx";

type Variant = "primary" | "secondary" | "ghost" | "danger";
type Size = "sm" | "md" | "icon";

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent-solid text-on-accent hover:bg-accent-solid-hover border-transparent",
  secondary: "bg-raised text-fg border-line-strong hover:bg-hover",
  ghost: "text-fg-2 border-transparent hover:bg-hover hover:text-fg",
  danger: "text-red border-line-strong bg-raised hover:bg-hover",
};
const SIZES: Record<Size, string> = { sm: "h-6 px-2 text-xs gap-1", md: "h-7 px-2.5 text-sm gap-1.5", icon: "size-7 justify-center" };

const look = (variant: Variant, size: Size, className?: string) =>
  clsx("inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap select-none transition-colors", VARIANTS[variant], SIZES[size], className);

interface ButtonProps extends ComponentProps<"button"> {
  variant?: Variant;
  size?: Size;
  busy?: boolean;
  /** Why the button cannot be used: it stays focusable, says so in a tooltip, and does nothing. */
  reason?: string | undefined;
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button({ variant = "secondary", size = "md", busy, reason, className, onClick, type = "button", children, ...rest }, ref) {
  const blocked = reason !== undefined;
  const button = (
    <button
      ref={ref}
      type={blocked ? "button" : type}
      aria-disabled={blocked || busy || undefined}
      aria-busy={busy || undefined}
      onClick={blocked || busy ? (event) => event.preventDefault() : onClick}
      className={look(variant, size, clsx("disabled:opacity-50", (blocked || busy) && "opacity-60", className))}
      {...rest}
    >
      {children}
    </button>
  );
  return blocked ? <Tooltip text={reason}>{button}</Tooltip> : button;
});

export function ButtonLink({ variant = "secondary", size = "md", className, ...rest }: ComponentProps<typeof Link> & { variant?: Variant; size?: Size }) {
  return <Link className={look(variant, size, className)} {...rest} />;
}

/** A square button with a picture only: the label is its name and its tooltip. */
export const IconButton = forwardRef<HTMLButtonElement, Omit<ButtonProps, "aria-label" | "size"> & { label: string; children: ReactNode }>(function IconButton({ label, variant = "ghost", reason, ...rest }, ref) {
  return (
    <Tooltip text={reason ?? label}>
      <Button ref={ref} size="icon" variant={variant} aria-label={label} {...rest} {...(reason === undefined ? {} : { "aria-disabled": true, onClick: undefined })} />
    </Tooltip>
  );
});
