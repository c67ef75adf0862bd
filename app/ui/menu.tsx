import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

/** `trigger` is one element that takes a ref. */
export function Menu({ trigger, children, align = "end" }: { trigger: ReactNode; children: ReactNode; align?: "start" | "end" }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className="z-50 max-h-[60vh] min-w-44 overflow-y-auto rounded-md bg-raised p-1 shadow-float">
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const itemLook = "flex h-7 cursor-default items-center gap-2 rounded-sm px-2 text-sm text-fg outline-none select-none data-disabled:text-fg-3 data-highlighted:bg-hover";

export const MenuItem = ({ children, onSelect, disabled }: { children: ReactNode; onSelect(): void; disabled?: boolean }) => (
  <DropdownMenu.Item className={itemLook} onSelect={onSelect} disabled={disabled}>{children}</DropdownMenu.Item>
);

/** Stays open, so that several can be chosen. */
export const MenuCheck = ({ children, checked, onChange }: { children: ReactNode; checked: boolean; onChange(checked: boolean): void }) => (
  <DropdownMenu.CheckboxItem className={itemLook} checked={checked} onCheckedChange={onChange} onSelect={(event) => event.preventDefault()}>
    <span aria-hidden className={`grid size-3.5 place-items-center rounded-sm border text-2xs leading-none ${checked ? "border-transparent bg-accent-solid text-on-accent" : "border-line-strong"}`}>{checked ? "✓" : ""}</span>
    {children}
  </DropdownMenu.CheckboxItem>
);

export const MenuLabel = ({ children }: { children: ReactNode }) => <DropdownMenu.Label className="px-2 py-1 text-xs text-fg-3">{children}</DropdownMenu.Label>;
export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />;
