import clsx from "clsx";

interface PlainEditorProps { value: string; onChange(text: string): void; label: string; readOnly?: boolean; id?: string; className?: string }

/** The same text while Monaco is on its way, and where it cannot be had. */
export function PlainEditor({ value, onChange, label, readOnly, id, className }: PlainEditorProps) {
  return (
    <textarea
      id={id}
      aria-label={label}
      value={value}
      readOnly={readOnly}
      onChange={(event) => onChange(event.target.value)}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      className={clsx("block resize-none bg-surface px-3 py-1.5 font-mono text-xs leading-5 whitespace-pre text-fg", className)}
    />
  );
}
