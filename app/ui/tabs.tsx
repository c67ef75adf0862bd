import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

export interface Tab { value: string; label: ReactNode; content: ReactNode }

/** `value` and `onChange` together make it controlled (the address bar, say); without them it keeps its own state. */
export function Tabs({ tabs, label, value, onChange, aside }: { tabs: Tab[]; label: string; value?: string; onChange?(value: string): void; aside?: ReactNode }) {
  return (
    <Radix.Root defaultValue={tabs[0]?.value} {...(value === undefined ? {} : { value })} {...(onChange === undefined ? {} : { onValueChange: onChange })} className="min-w-0">
      <div className="flex items-center justify-between gap-2 border-b border-line px-2">
        <Radix.List aria-label={label} className="flex min-w-0 overflow-x-auto">
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.value} value={tab.value} className="-mb-px h-9 shrink-0 border-b-2 border-transparent px-2 text-sm text-fg-2 outline-offset-[-3px] hover:text-fg data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-fg">
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="outline-offset-[-2px]">{tab.content}</Radix.Content>
      ))}
    </Radix.Root>
  );
}
