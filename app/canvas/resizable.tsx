import clsx from "clsx";
import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

interface ResizableProps { /** What is remembered goes by this name. */ name: string; edge: "left" | "top"; min: number; max: number; initial: number; label: string; children: ReactNode }

const slot = (name: string): string => `playgraph:size:${name}`;

function remembered({ name, min, max, initial }: Pick<ResizableProps, "name" | "min" | "max" | "initial">): number {
  const stored = Number(localStorage.getItem(slot(name)) ?? NaN);
  return Number.isFinite(stored) ? Math.min(max, Math.max(min, stored)) : initial;
}

/** A side of the page that one makes as wide (or high) as one likes, by mouse or arrow keys; the browser remembers it. */
export function Resizable({ name, edge, min, max, initial, label, children }: ResizableProps) {
  const [size, setSize] = useState(() => remembered({ name, min, max, initial }));
  const across = edge === "left";
  const resize = (next: number, keep: boolean) => {
    const fitting = Math.round(Math.min(max, Math.max(min, next)));
    setSize(fitting);
    if (keep) localStorage.setItem(slot(name), String(fitting));
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const from = { at: across ? event.clientX : event.clientY, size };
    const sizeAt = (move: globalThis.PointerEvent) => from.size + from.at - (across ? move.clientX : move.clientY);
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent) => resize(sizeAt(move), false);
    const onUp = (up: globalThis.PointerEvent) => {
      handle.removeEventListener("pointermove", onMove);
      resize(sizeAt(up), true);
    };
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onUp, { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { [across ? "ArrowLeft" : "ArrowUp"]: 20, [across ? "ArrowRight" : "ArrowDown"]: -20 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    resize(size + by, true);
  };
  return (
    <div className={clsx("relative shrink-0 border-line bg-surface", across ? "border-l" : "border-t")} style={across ? { width: size } : { height: size, maxHeight: "60%" }}>
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={across ? "vertical" : "horizontal"}
        aria-valuenow={size}
        aria-valuemin={min}
        aria-valuemax={max}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
        className={clsx("absolute z-10 hover:bg-accent-solid/40 focus-visible:bg-accent-solid focus-visible:outline-none", across ? "inset-y-0 -left-[3px] w-[5px] cursor-col-resize" : "inset-x-0 -top-[3px] h-[5px] cursor-row-resize")}
      />
      {children}
    </div>
  );
}
