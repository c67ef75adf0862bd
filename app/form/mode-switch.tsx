import clsx from "clsx";
import type { Mode } from "./bindings.ts";

const MODES: readonly (readonly [mode: Mode, name: string, shown: string])[] = [["value", "Value", "Value"], ["expr", "Expression", "fx"], ["file", "Code file", "Code"]];

/** How a field is filled. Arrows change it, as in any group of choices. */
export function ModeSwitch({ label, mode, modes, onChange }: { label: string; mode: Mode; modes: readonly Mode[]; onChange(mode: Mode): void }) {
  const shown = MODES.filter(([value]) => modes.includes(value));
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const at = (shown.findIndex(([value]) => value === mode) + by + shown.length) % shown.length;
    onChange(shown[at]![0]);
    event.currentTarget.querySelectorAll("button")[at]?.focus();
  };
  return (
    <div role="radiogroup" aria-label={`How ${label} is filled`} onKeyDown={onKeyDown} className="flex rounded-md border border-line bg-canvas p-px">
      {shown.map(([value, name, word]) => (
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={mode === value}
          aria-label={name}
          title={name}
          tabIndex={mode === value ? 0 : -1}
          onClick={() => onChange(value)}
          className={clsx("h-5 rounded-[5px] px-1.5 text-2xs", mode === value ? "bg-raised font-medium text-fg shadow-[0_0_0_1px_var(--line)]" : "text-fg-3 hover:text-fg")}
        >
          {word}
        </button>
      ))}
    </div>
  );
}
