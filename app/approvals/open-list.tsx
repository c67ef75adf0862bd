import { Check } from "lucide-react";
import { useMemo } from "react";
import type { CardType } from "#app/canvas/project.ts";
import type { RunGraph } from "#app/models/approval.server.ts";
import type { ApprovalWire } from "#app/models/wire.ts";
import { Empty } from "#app/ui/state.tsx";
import { ApprovalRow, type Place } from "./approval-row.tsx";
import { APPROVAL_KINDS, type ApprovalKind } from "./kinds.ts";
import { pictureOf, sentenceOf } from "./place.ts";
import { useApprovalKeys } from "./use-approval-keys.ts";

const GROUPS: Record<ApprovalKind, { title: string; meaning: string }> = {
  approval: { title: "Approvals", meaning: "steps that are only taken when somebody allows them" },
  question: { title: "Questions", meaning: "of playbooks that go on by the answer" },
  decision: { title: "Decisions", meaning: "about calls of which nobody knows whether they happened" },
};

interface OpenListProps { approvals: ApprovalWire[]; graphs: Record<string, RunGraph>; types: CardType[]; filtered: boolean }

/** Grouped by what is asked, in each group who has waited longest first. */
export function OpenList({ approvals, graphs, types, filtered }: OpenListProps) {
  const groups = useMemo(() => APPROVAL_KINDS.map((kind) => ({ kind, list: approvals.filter((one) => one.kind === kind) })).filter(({ list }) => list.length > 0), [approvals]);
  const places = useMemo(() => new Map(approvals.flatMap((approval): [string, Place][] => {
    const graph = graphs[approval.playbook.version_id];
    return graph ? [[approval.id, { picture: pictureOf(approval, graph, types), sentence: sentenceOf(approval, graph, types) }]] : [];
  })), [approvals, graphs, types]);
  const { selected, armedFor, select, disarm } = useApprovalKeys(useMemo(() => groups.flatMap(({ list }) => list), [groups]));
  if (groups.length === 0) {
    return (
      <Empty icon={<Check className="size-7" />} title={filtered ? "Nothing of this kind waits" : "Nothing waits for a person"}>
        {!filtered && <>Steps that need leave, questions of playbooks, and calls that may or may not have happened come here. In the editor, a step can “Ask a person before this step”; the node “Ask a person” asks anything else.</>}
      </Empty>
    );
  }
  return groups.map(({ kind, list }) => (
    <section key={kind} aria-label={GROUPS[kind].title}>
      <h2 className="sticky top-0 z-10 border-b border-line bg-canvas px-4 py-1.5 text-xs font-semibold">{GROUPS[kind].title} <span className="font-normal text-fg-3">{list.length}, {GROUPS[kind].meaning}</span></h2>
      {list.map((approval) => <ApprovalRow key={approval.id} approval={approval} place={places.get(approval.id) ?? null} selected={approval.id === selected} armed={armedFor(approval.id)} onSelect={select} onDisarm={disarm} />)}
    </section>
  ));
}
