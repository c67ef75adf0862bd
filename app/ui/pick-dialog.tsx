import { Dialog } from "radix-ui";
import { PickList, type Pick } from "./pick-list.tsx";

interface PickDialogProps { title: string; placeholder: string; onClose(): void; find(query: string): Pick[]; onPick(item: Pick): void; nothing(query: string): string }

/** A question that a list answers. */
export function PickDialog({ title, onClose, ...list }: PickDialogProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => { if (!open) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-(--scrim)" />
        <Dialog.Content aria-describedby={undefined} className="fixed top-[14vh] left-1/2 z-40 flex max-h-[70vh] w-[calc(100vw-32px)] max-w-xl -translate-x-1/2 animate-[rise_120ms_ease-out] flex-col overflow-hidden rounded-lg bg-raised shadow-float">
          <Dialog.Title className="px-3 pt-2 text-xs text-fg-3">{title}</Dialog.Title>
          <PickList label={title} onClose={onClose} {...list} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
