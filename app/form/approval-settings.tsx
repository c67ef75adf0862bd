import { useId } from "react";
import { useActions } from "#app/canvas/editor-context.tsx";
import type { Role } from "#app/server/permissions.ts";
import { CheckField } from "#app/ui/field.tsx";
import type { PlaybookNode } from "#format";
import { ListControl } from "./controls/list-control.tsx";
import { NumberControl } from "./controls/number-control.tsx";
import { GrowingText } from "./controls/text-control.tsx";
import { FieldFrame } from "./field-frame.tsx";
import { Section } from "./section.tsx";

type Approval = NonNullable<PlaybookNode["approval"]>;

/** Roles that may decide: those that may run playbooks. */
const DECIDERS = ["admin", "analyst", "tenant_admin", "playbook_author"] as const satisfies readonly Role[];
const DAY = 86_400;
const MAX_TIMEOUT = 90 * DAY;

/** Any step can wait for a person, who sees exactly what it is about to do. */
export function ApprovalSettings({ node }: { node: PlaybookNode }) {
  const { edit } = useActions();
  const id = useId();
  const { approval } = node;
  const set = (next: Approval | null, field = "") => edit(next === null ? "Do not ask for approval" : "Change the approval", [{ op: "set-node", id: node.id, changes: { approval: next } }], field === "" ? undefined : `${node.id}.approval.${field}`);
  const change = (given: Approval, field: keyof Approval, value: Approval[keyof Approval]) => {
    const { [field]: _, ...rest } = given;
    set({ ...rest, ...(value === undefined ? {} : { [field]: value }) }, field);
  };
  return (
    <Section title="Approval" open={approval !== undefined} summary={approval === undefined ? "not asked" : "a person is asked"}>
      <CheckField label="Ask a person before this step" hint="They see its input as it will be used, and the answer holds for exactly that." checked={approval !== undefined} onChange={(event) => set(event.target.checked ? {} : null)} />
      {approval !== undefined && (
        <>
          <FieldFrame id={`${id}-text`} name="approval" label="What they should consider">
            <GrowingText id={`${id}-text`} value={approval.text ?? ""} maxLength={2000} onChange={({ target: { value } }) => change(approval, "text", value === "" ? undefined : value)} />
          </FieldFrame>
          <FieldFrame id={`${id}-roles`} name="approval.roles" label="Who may decide" hint="Roles; none: everybody who may run playbooks">
            <ListControl id={`${id}-roles`} label="Who may decide" value={approval.roles} item={{ kind: "text", isLong: false, example: null }} suggestions={DECIDERS} invalid={false} describedBy={`${id}-roles-hint`} onChange={(value) => change(approval, "roles", Array.isArray(value) ? value.map(String) : undefined)} />
          </FieldFrame>
          <FieldFrame id={`${id}-timeout`} name="approval.timeout" label="Refused after, in seconds" hint={approval.timeout === undefined ? "Empty: it waits until somebody decides" : undefined}>
            <NumberControl id={`${id}-timeout`} label="Refused after, in seconds" value={approval.timeout} invalid={false} describedBy={approval.timeout === undefined ? `${id}-timeout-hint` : undefined} limits={{ isWhole: false, min: 1, max: MAX_TIMEOUT }} onChange={(value) => change(approval, "timeout", typeof value === "number" ? value : undefined)} />
          </FieldFrame>
        </>
      )}
    </Section>
  );
}
