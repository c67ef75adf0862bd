import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { type PlaybookTrigger, type Problem, TRIGGER_ID, type TriggerChanges } from "#format";

/** The draft's trigger, how it is changed, and what is wrong with one of its fields ("schedule.cron"). */
export function useTrigger(): { trigger: PlaybookTrigger; set(label: string, changes: TriggerChanges, merge?: string): boolean; problemsOf(field: string): Problem[] } {
  const { edit } = useActions();
  const trigger = useEditor((state) => state.draft.document.trigger);
  const problems = useEditor((state) => state.problems);
  return {
    trigger,
    set: (label, changes, merge = Object.keys(changes).join()) => edit(label, [{ op: "set-trigger", changes }], `trigger.${merge}`),
    problemsOf: (field) => problems.filter((problem) => problem.node === TRIGGER_ID && problem.field === field),
  };
}
