import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";

interface DialogProps { open: boolean; onOpenChange(open: boolean): void; title: string; description?: string; wide?: boolean; children: ReactNode }

export function Dialog({ open, onOpenChange, title, description, wide, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-(--scrim)" />
        <Radix.Content
          // The first field, or the dialog itself: the close button, which comes first, is nobody's first step.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            const content = event.currentTarget as HTMLElement;
            (content.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea") ?? content).focus();
          }}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={`fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-32px)] -translate-x-1/2 animate-[rise_120ms_ease-out] flex-col rounded-lg bg-raised shadow-float focus-visible:outline-none ${wide ? "max-w-3xl" : "max-w-lg"}`}
        >
          <header className="flex items-center justify-between gap-2 border-b border-line py-2 pr-2 pl-4">
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close"><X aria-hidden className="size-4" /></IconButton>
            </Radix.Close>
          </header>
          <div className="scroll-y p-4">
            {description !== undefined && <Radix.Description className="mb-3 text-fg-2">{description}</Radix.Description>}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
