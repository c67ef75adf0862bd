import { useId } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import type { PlaybookNode } from "#format";
import { inputLook } from "#app/ui/field.tsx";
import { NumberControl } from "./controls/number-control.tsx";
import { FieldFrame } from "./field-frame.tsx";

type Choice = "settled" | "all" | "any" | "first";

const WORDS: Record<Choice, { label: string; hint: string }> = {
  settled: { label: "All ways are decided", hint: "It waits until each way has come or will not come, and runs if one came." },
  all: { label: "All ways came", hint: "It waits for every way; if one does not come, this step fails." },
  any: { label: "The first way came", hint: "It starts with the first that comes; later ones are ignored." },
  first: { label: "So many ways came", hint: "It starts when that many have come; later ones are ignored." },
};

/** When a step that several ways lead to may start. */
export function JoinField({ node, incoming }: { node: PlaybookNode; incoming: number }) {
  const { edit } = useActions();
  const id = useId();
  const choice: Choice = node.join === undefined ? "settled" : typeof node.join === "object" ? "first" : node.join;
  const set = (join: NonNullable<PlaybookNode["join"]> | null) => edit("Change when it starts", [{ op: "set-node", id: node.id, changes: { join } }], `${node.id}.join`);
  return (
    <FieldFrame id={id} name="join" label={`Starts when, of the ${incoming} ways here`} hint={WORDS[choice].hint}>
      <div className="flex gap-2">
        <select id={id} value={choice} aria-describedby={`${id}-hint`} onChange={({ target: { value } }) => set(value === "settled" ? null : value === "first" ? { first: Math.max(1, Math.min(2, incoming)) } : (value as "all" | "any"))} className={`${inputLook} pr-1`}>
          {Object.entries(WORDS).map(([value, { label }]) => <option key={value} value={value}>{label}</option>)}
        </select>
        {typeof node.join === "object" && (
          <div className="w-20 shrink-0">
            <label htmlFor={`${id}-first`} className="sr-only">How many ways</label>
            <NumberControl id={`${id}-first`} label="How many ways" value={node.join.first} invalid={false} describedBy={undefined} limits={{ isWhole: true, min: 1, max: Math.max(1, incoming) }} onChange={(value) => typeof value === "number" && set({ first: value })} />
          </div>
        )}
      </div>
    </FieldFrame>
  );
}
