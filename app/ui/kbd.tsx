export const Kbd = ({ children }: { children: string }) => (
  <kbd className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong bg-canvas px-1 font-sans text-2xs text-fg-2">{children}</kbd>
);
