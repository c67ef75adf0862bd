import { useId } from "react";
import { describedBy, FieldFrame, hasError } from "#app/form/field-frame.tsx";
import { useTyped } from "#app/form/use-typed.ts";
import { CheckField, inputLook } from "#app/ui/field.tsx";
import { isTimezone, type Schedule } from "#format";
import { NextTimes } from "./next-times.tsx";
import { cronWords, PRESETS } from "./schedule-words.ts";
import { useTrigger } from "./use-trigger.ts";

const MAX_LENGTH = 200;
const HINT = "Minute, hour, day of the month, month, day of the week. Each a number, a list 1,15, a range 1-5, steps */15, or * for any.";

/** At which times: one of the usual ones, or five fields; and where it is that late. */
export function TriggerSchedule() {
  const { trigger, set, problemsOf } = useTrigger();
  const id = useId();
  const schedule: Schedule = trigger.schedule ?? { cron: "", timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, catchUp: true };
  const change = (label: string, changes: Partial<Schedule>) => set(label, { schedule: { ...schedule, ...changes } }, `schedule.${Object.keys(changes).join()}`);
  const cron = useTyped(schedule.cron, (value) => value, (text) => (text.trim() === "" ? { ok: false, message: "A schedule needs its five fields" } : { ok: true, value: text.slice(0, MAX_LENGTH) }), (value) => change("Change the times", { cron: value }));
  // Half a name is no time zone: the draft keeps the last one that was.
  const zone = useTyped(schedule.timezone, (value) => value, (text) => (isTimezone(text.trim()) ? { ok: true, value: text.trim() } : { ok: false, message: "There is no such time zone" }), (timezone) => change("Change the time zone", { timezone }));
  const problems = { cron: problemsOf("schedule.cron"), timezone: problemsOf("schedule.timezone") };
  const isPreset = (PRESETS as readonly string[]).includes(schedule.cron);
  return (
    <div data-field="schedule" className="space-y-3">
      <FieldFrame id={`${id}-usual`} name="usual" label="How often">
        <select id={`${id}-usual`} value={isPreset ? schedule.cron : ""} onChange={({ target: { value } }) => value !== "" && change("Change the times", { cron: value })} className={`${inputLook} pr-1`}>
          <option value="">{trigger.schedule ? "At other times" : "Choose…"}</option>
          {PRESETS.map((preset) => <option key={preset} value={preset}>{cronWords(preset).replace(/^./, (letter) => letter.toUpperCase())}</option>)}
        </select>
      </FieldFrame>
      <FieldFrame id={`${id}-cron`} name="cron" label="Times" hint={HINT} problems={cron.error === undefined || trigger.schedule === undefined ? problems.cron : [{ severity: "error", code: "typed", message: cron.error }]}>
        <input id={`${id}-cron`} value={cron.text} maxLength={MAX_LENGTH} placeholder="0 6 * * *" autoComplete="off" spellCheck={false} aria-invalid={hasError(problems.cron) || undefined} aria-describedby={describedBy(`${id}-cron`, { hint: HINT, problems: problems.cron })} onChange={(event) => cron.type(event.target.value)} className={`${inputLook} font-mono`} />
      </FieldFrame>
      <FieldFrame id={`${id}-zone`} name="timezone" label="Time zone" problems={zone.error === undefined ? problems.timezone : [{ severity: "error", code: "typed", message: zone.error }]}>
        <input id={`${id}-zone`} value={zone.text} list={`${id}-zones`} autoComplete="off" spellCheck={false} aria-invalid={zone.error !== undefined || hasError(problems.timezone) || undefined} onChange={(event) => zone.type(event.target.value)} className={inputLook} />
        <datalist id={`${id}-zones`}>{["UTC", ...Intl.supportedValuesOf("timeZone")].map((name) => <option key={name} value={name} />)}</datalist>
      </FieldFrame>
      {trigger.schedule !== undefined && <NextTimes cron={schedule.cron} timezone={schedule.timezone} />}
      <CheckField label="Catch up" hint="A time that passed while no worker was running is done once, late. Else it is left out." checked={schedule.catchUp} disabled={trigger.schedule === undefined} onChange={(event) => change("Change catching up", { catchUp: event.target.checked })} />
    </div>
  );
}
