import { useId } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import { NumberControl } from "#app/form/controls/number-control.tsx";
import { FieldFrame } from "#app/form/field-frame.tsx";
import { CheckField, inputLook } from "#app/ui/field.tsx";
import type { PlaybookTrigger } from "#format";
import { useTrigger } from "./use-trigger.ts";

const MAX_ORDER = 1_000_000;
const ORDER = 1000;

/** Alerts of which source, and at which moment. */
export function TriggerSource() {
  const { trigger, set } = useTrigger();
  const sources = useEditor((state) => state.data.sources);
  const id = useId();
  const source = trigger.source.replace(/\.alert$/, "");
  const isKnown = source === "webhook" || sources.some((each) => each.id === source);
  return (
    <>
      <FieldFrame id={`${id}-source`} name="source" label="From">
        <select id={`${id}-source`} value={source} onChange={(event) => set("Change the source", { source: event.target.value })} className={`${inputLook} pr-1`}>
          <option value="webhook">Any source</option>
          {sources.map(({ id: value, title }) => <option key={value} value={value}>{title}</option>)}
          {!isKnown && <option value={source}>{source} (another name)</option>}
        </select>
      </FieldFrame>
      <FieldFrame id={`${id}-moment`} name="moment" label="Once it is" hint={trigger.moment === "ingested" ? "At once, on what the alert itself says." : "After enrichment: conditions may name what it found."}>
        <select id={`${id}-moment`} value={trigger.moment} aria-describedby={`${id}-moment-hint`} onChange={(event) => set("Change the moment", { moment: event.target.value as PlaybookTrigger["moment"] })} className={`${inputLook} pr-1`}>
          <option value="ingested">Received</option>
          <option value="enriched">Enriched</option>
        </select>
      </FieldFrame>
    </>
  );
}

/** In which order among other playbooks of the same alert. */
export function TriggerOrder() {
  const { trigger, set } = useTrigger();
  const id = useId();
  return (
    <>
      <FieldFrame id={id} name="order" label="Order" hint="Lower runs first">
        <NumberControl id={id} label="Order" value={trigger.order} invalid={false} describedBy={`${id}-hint`} limits={{ isWhole: true, min: 0, max: MAX_ORDER }} onChange={(value) => set("Change the order", { order: typeof value === "number" ? value : ORDER })} />
      </FieldFrame>
      <CheckField label="Also on duplicates" hint="An alert that was seen before and comes again starts it again." checked={trigger.onDuplicate} onChange={(event) => set("Change duplicates", { onDuplicate: event.target.checked })} />
    </>
  );
}
