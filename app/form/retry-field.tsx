import { useId } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import type { PlaybookNode } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";
import { CheckField, inputLook } from "#app/ui/field.tsx";
import type { Json } from "./bindings.ts";
import { NumberControl } from "./controls/number-control.tsx";
import { FieldFrame } from "./field-frame.tsx";
import { type Retry, retryWords } from "./retry-words.ts";

type Choice = "type" | "none" | "own";

const FIRST: Retry = { attempts: 3, backoff: "exponential", base: 1, max: 60, jitter: true };

/** Failures that certainly had no effect are tried again by themselves. */
export function RetryField({ node, type }: { node: PlaybookNode; type: CatalogNode | undefined }) {
  const { edit } = useActions();
  const id = useId();
  const own = node.retry;
  const choice: Choice = own === undefined ? "type" : own.attempts === 1 ? "none" : "own";
  const set = (retry: Retry | null) => edit("Change the retries", [{ op: "set-node", id: node.id, changes: { retry } }], `${node.id}.retry`);
  const number = (name: "attempts" | "base" | "max", label: string, limits: { isWhole: boolean; min: number; max: number }) => (
    <div>
      <label id={`${id}-${name}-label`} htmlFor={`${id}-${name}`} className="mb-1 block text-xs text-fg-2">{label}</label>
      <NumberControl id={`${id}-${name}`} label={label} value={own?.[name]} invalid={false} describedBy={undefined} limits={limits} onChange={(value: Json | undefined) => own && typeof value === "number" && set({ ...own, [name]: value })} />
    </div>
  );
  return (
    <FieldFrame id={id} name="retry" label="Tried again" hint="When the product is busy or cannot be reached: never after a failure that may have changed something.">
      <select id={id} value={choice} aria-describedby={`${id}-hint`} onChange={(event) => set(event.target.value === "type" ? null : event.target.value === "none" ? { ...FIRST, attempts: 1 } : { ...(type?.retry ?? FIRST) })} className={`${inputLook} pr-1`}>
        <option value="type">As this type does: {type?.retry == null ? "one attempt" : retryWords(type.retry)}</option>
        <option value="none">Never</option>
        <option value="own">In its own way…</option>
      </select>
      {own !== undefined && choice === "own" && (
        <div role="group" aria-label="Own retries" className="mt-2 rounded-md border border-line p-2">
          <div className="grid grid-cols-3 gap-2">
            {number("attempts", "Attempts", { isWhole: true, min: 2, max: 10 })}
            {number("base", "First wait, s", { isWhole: false, min: 0, max: 3600 })}
            {number("max", "Longest wait, s", { isWhole: false, min: 0, max: 86_400 })}
          </div>
          <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
            <select aria-label="How waits grow" value={own.backoff} onChange={(event) => set({ ...own, backoff: event.target.value as Retry["backoff"] })} className={`${inputLook} !w-auto pr-1`}>
              <option value="exponential">Twice as long each time</option>
              <option value="fixed">Always the same</option>
            </select>
            <CheckField label="Vary at random" checked={own.jitter} onChange={(event) => set({ ...own, jitter: event.target.checked })} />
          </div>
          <p className="mt-2 text-xs text-fg-3">{retryWords(own)}</p>
        </div>
      )}
    </FieldFrame>
  );
}
