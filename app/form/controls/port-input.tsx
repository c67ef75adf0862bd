import { useState } from "react";
import { inputLook } from "#app/ui/field.tsx";

interface PortInputProps { id?: string; label?: string; value: string; taken: readonly string[]; onChange(port: string): void }

/** Ports are lower-case words. */
const asPort = (text: string): string => text.toLowerCase().replace(/\s+/g, "-").replace(/[^a-z0-9_-]/g, "").slice(0, 32);

/** A port's name counts when one is done with it: connections follow it, and half a name could be another port's. */
export function PortInput({ id, label, value, taken, onChange }: PortInputProps) {
  const [text, setText] = useState<string>();
  const shown = text ?? value;
  const trouble = shown === value ? undefined : !/^[a-z]/.test(shown) ? "A port starts with a letter" : shown === "failed" || shown === "default" || taken.includes(shown) ? `There is a port “${shown}” already` : undefined;
  const finish = () => {
    setText(undefined);
    if (shown !== value && trouble === undefined) onChange(shown);
  };
  return (
    <div className="min-w-0 flex-1">
      <input
        id={id}
        aria-label={label}
        aria-invalid={trouble !== undefined || undefined}
        value={shown}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(asPort(event.target.value))}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === "Enter") finish();
          else if (event.key === "Escape" && text !== undefined) {
            event.stopPropagation();
            setText(undefined);
          }
        }}
        className={`${inputLook} !h-7 font-mono !text-xs`}
      />
      {trouble !== undefined && <p role="alert" className="mt-0.5 text-xs text-red">{trouble}</p>}
    </div>
  );
}
