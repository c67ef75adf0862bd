import { Siren } from "lucide-react";
import { useId } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { NumberControl } from "#app/form/controls/number-control.tsx";
import { FieldFrame } from "#app/form/field-frame.tsx";
import { Section } from "#app/form/section.tsx";
import { useFocusWish } from "#app/form/use-focus-wish.ts";
import { type PlaybookTrigger, TRIGGER_ID, type TriggerChanges } from "#format";
import { CheckField, inputLook } from "#app/ui/field.tsx";
import { TriggerConditions } from "./trigger-conditions.tsx";
import { TriggerEnabled } from "./trigger-enabled.tsx";
import { TriggerTester } from "./trigger-tester.tsx";

const PRIORITIES: readonly (readonly [PlaybookTrigger["priority"], string])[] = [["high", "High: before others"], ["default", "Default"], ["low", "Low: when nothing else waits"]];
const MAX_ORDER = 1_000_000;
const ORDER = 1000;

/** What starts the playbook: which alerts, when, and in which order among others. */
export function TriggerForm() {
  const { edit } = useActions();
  const trigger = useEditor((state) => state.draft.document.trigger);
  const sources = useEditor((state) => state.data.sources);
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const id = useId();
  const body = useFocusWish(TRIGGER_ID);
  const set = (label: string, changes: TriggerChanges) => edit(label, [{ op: "set-trigger", changes }], `trigger.${Object.keys(changes).join()}`);
  const source = trigger.source.replace(/\.alert$/, "");
  const isKnown = source === "webhook" || sources.some((each) => each.id === source);
  return (
    <>
      <header className="flex items-center gap-2 border-b border-line px-3 py-2.5"><Siren aria-hidden className="size-4 text-fg-2" /><h2 className="text-base font-semibold">Trigger</h2></header>
      <div ref={body} className="scroll-y min-h-0 flex-1">
        <TriggerEnabled />
        <fieldset disabled={isLocked} className="contents">
          <Section title="Starts">
            <FieldFrame id={`${id}-on`} name="on" label="When">
              <select id={`${id}-on`} value={trigger.on} onChange={(event) => set("Change what starts it", { on: event.target.value as PlaybookTrigger["on"] })} className={`${inputLook} pr-1`}>
                <option value="alert">An alert arrives</option>
                <option value="manual">A person starts it</option>
              </select>
            </FieldFrame>
            {trigger.on === "alert" && (
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
            )}
          </Section>
          {trigger.on === "alert" && (
            <>
              <Section title="Conditions"><div data-field="conditions"><TriggerConditions conditions={trigger.conditions} onChange={(label, conditions, merge) => edit(label, [{ op: "set-trigger", changes: { conditions } }], merge)} /></div></Section>
              <Section title="Among other playbooks">
                <div className="grid grid-cols-2 gap-3">
                  <FieldFrame id={`${id}-order`} name="order" label="Order" hint="Lower runs first">
                    <NumberControl id={`${id}-order`} label="Order" value={trigger.order} invalid={false} describedBy={`${id}-order-hint`} limits={{ isWhole: true, min: 0, max: MAX_ORDER }} onChange={(value) => set("Change the order", { order: typeof value === "number" ? value : ORDER })} />
                  </FieldFrame>
                  <FieldFrame id={`${id}-priority`} name="priority" label="Priority">
                    <select id={`${id}-priority`} value={trigger.priority} onChange={(event) => set("Change the priority", { priority: event.target.value as PlaybookTrigger["priority"] })} className={`${inputLook} pr-1`}>
                      {PRIORITIES.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
                    </select>
                  </FieldFrame>
                </div>
                <CheckField label="Also on duplicates" hint="An alert that was seen before and comes again starts it again." checked={trigger.onDuplicate} onChange={(event) => set("Change duplicates", { onDuplicate: event.target.checked })} />
              </Section>
            </>
          )}
        </fieldset>
        {trigger.on === "alert" && <Section title="Test on an alert"><TriggerTester trigger={trigger} /></Section>}
      </div>
    </>
  );
}
