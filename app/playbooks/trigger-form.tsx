import { useId } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { NodeIcon } from "#app/canvas/icons.tsx";
import { FieldFrame } from "#app/form/field-frame.tsx";
import { Section } from "#app/form/section.tsx";
import { useFocusWish } from "#app/form/use-focus-wish.ts";
import { inputLook } from "#app/ui/field.tsx";
import { type PlaybookTrigger, TRIGGER_ID, TRIGGER_KINDS } from "#format";
import { TriggerOrder, TriggerSource } from "./trigger-alert.tsx";
import { TriggerAsk } from "./trigger-ask.tsx";
import { TriggerConditions } from "./trigger-conditions.tsx";
import { TriggerEnabled } from "./trigger-enabled.tsx";
import { TriggerFailures } from "./trigger-failures.tsx";
import { KINDS } from "./trigger-kinds.ts";
import { TriggerSchedule } from "./trigger-schedule.tsx";
import { TriggerTester } from "./trigger-tester.tsx";
import { TriggerWebhook, WebhookAddress } from "./trigger-webhook.tsx";
import { useTrigger } from "./use-trigger.ts";

const PRIORITIES: readonly (readonly [PlaybookTrigger["priority"], string])[] = [["high", "High: before others"], ["default", "Default"], ["low", "Low: when nothing else waits"]];

/** What starts the playbook: which alerts, times, calls, failures or people; when, and in which order among others. */
export function TriggerForm() {
  const { edit } = useActions();
  const { trigger, set } = useTrigger();
  const isLocked = useEditor((state) => state.data.readOnly !== null);
  const id = useId();
  const body = useFocusWish(TRIGGER_ID);
  const { on } = trigger;
  return (
    <>
      <header className="flex items-center gap-2 border-b border-line px-3 py-2.5"><NodeIcon name={KINDS[on].icon} className="size-4 text-fg-2" /><h2 className="text-base font-semibold">Trigger</h2></header>
      <div ref={body} className="scroll-y min-h-0 flex-1">
        <TriggerEnabled />
        {/* What follows the last section in it is no part of the draft, and stands apart all the same. */}
        <fieldset disabled={isLocked} className="contents [&>section:last-child]:border-b">
          <Section title="Starts">
            <FieldFrame id={`${id}-on`} name="on" label="When">
              <select id={`${id}-on`} value={on} onChange={(event) => set("Change what starts it", { on: event.target.value as PlaybookTrigger["on"] })} className={`${inputLook} pr-1`}>
                {TRIGGER_KINDS.map((kind) => <option key={kind} value={kind}>{KINDS[kind].label}</option>)}
              </select>
            </FieldFrame>
            {on === "alert" && <TriggerSource />}
            {on === "schedule" && <TriggerSchedule />}
            {on === "webhook" && <TriggerWebhook />}
            {on === "run-failed" && <TriggerFailures />}
          </Section>
          {on === "alert" && <Section title="Conditions"><div data-field="conditions"><TriggerConditions conditions={trigger.conditions} onChange={(label, conditions, merge) => edit(label, [{ op: "set-trigger", changes: { conditions } }], merge)} /></div></Section>}
          {on === "manual" && <Section title="Asks for"><TriggerAsk /></Section>}
          {on !== "manual" && (
            <Section title="Among other playbooks">
              <FieldFrame id={`${id}-priority`} name="priority" label="Priority">
                <select id={`${id}-priority`} value={trigger.priority} onChange={(event) => set("Change the priority", { priority: event.target.value as PlaybookTrigger["priority"] })} className={`${inputLook} pr-1`}>
                  {PRIORITIES.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
                </select>
              </FieldFrame>
              {on === "alert" && <TriggerOrder />}
            </Section>
          )}
        </fieldset>
        {on === "webhook" && <Section title="Address"><WebhookAddress /></Section>}
        {on === "alert" && <Section title="Test on an alert"><TriggerTester trigger={trigger} /></Section>}
      </div>
    </>
  );
}
