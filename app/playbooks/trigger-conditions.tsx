import { Plus } from "lucide-react";
import { useRef } from "react";
import { Button } from "#app/ui/button.tsx";
import type { Condition } from "#format";
import { ConditionGroup } from "./trigger-group.tsx";
import { addPart, type Group, type Path, newGroup, newRow, readConditions, writeConditions } from "./trigger-tree.ts";

interface TriggerConditionsProps {
  conditions: Condition | undefined;
  /** @param merge edits under one key are undone together. */
  onChange(label: string, conditions: Condition | null, merge?: string): void;
}

/** Which alerts start the playbook: rows that compare a field, in groups of all or any, each perhaps negated. */
export function TriggerConditions({ conditions, onChange }: TriggerConditionsProps) {
  const box = useRef<HTMLDivElement>(null);
  const root = readConditions(conditions);
  const set = (label: string, next: Group, merge?: string) => onChange(label, writeConditions(next), merge === undefined ? undefined : `trigger.conditions.${merge}`);
  /** What was moved keeps the keyboard. */
  const focus = (path: Path) => setTimeout(() => box.current?.querySelector<HTMLElement>(`[data-path="${path.join(".")}"] [data-handle]`)?.focus());
  if (root.parts.length === 0 && root.join === "all") {
    return (
      <div>
        <p className="mb-2 text-fg-2">Every alert of the source starts it.</p>
        <div className="flex gap-2">
          <Button onClick={() => set("Add a condition", addPart(root, [], newRow()))}><Plus aria-hidden className="size-3.5" /> Add condition</Button>
          <Button variant="ghost" onClick={() => set("Add a group", addPart(root, [], newGroup("any")))}><Plus aria-hidden className="size-3.5" /> Add group</Button>
        </div>
      </div>
    );
  }
  return <div ref={box}><ConditionGroup root={root} group={root} path={[]} set={set} focus={focus} /></div>;
}
