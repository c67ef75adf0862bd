import { useId } from "react";
import { useActions, useEditor } from "#app/canvas/editor-context.tsx";
import { portsOf } from "#app/canvas/shapes.ts";
import type { NodeChanges, Operation, PlaybookNode } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";
import { inputLook } from "#app/ui/field.tsx";
import { JsonControl } from "./controls/json-control.tsx";
import { NumberControl } from "./controls/number-control.tsx";
import { FieldFrame } from "./field-frame.tsx";
import { JoinField } from "./join-field.tsx";
import { RetryField } from "./retry-field.tsx";
import { Section } from "./section.tsx";

const MAX_TIMEOUT = 86_400;

type FailureChoice = "fail" | "port" | "default";
const FAILURE_WORDS: Record<FailureChoice, string> = { fail: "The run fails", port: "Go on by the port “failed”", default: "Go on with a default" };

const choiceOf = ({ onFailure }: PlaybookNode): FailureChoice => (typeof onFailure === "object" ? "default" : onFailure);

/** What happens when the step fails, how often it is tried, how long it may take, and when it may start. */
export function FailureSettings({ node, type }: { node: PlaybookNode; type: CatalogNode | undefined }) {
  const { edit } = useActions();
  const edges = useEditor((state) => state.draft.document.edges);
  const incoming = edges.filter(({ to }) => to === node.id).length;
  const ports = portsOf(type, { config: node.config, onFailure: "fail" });
  const id = useId();
  const change = (label: string, changes: NodeChanges, field: string) => edit(label, [{ op: "set-node", id: node.id, changes }], `${node.id}.${field}`);
  const choose = (choice: FailureChoice) => {
    const onFailure = choice === "default" ? { port: ports[0] ?? "out", data: {} } : choice;
    // The port goes, and with it what leaves by it.
    const gone = choice === "port" ? [] : edges.filter(({ from, port }) => from === node.id && port === "failed" && !ports.includes("failed"));
    edit("Change what happens on a failure", [...gone.map(({ id: edge }): Operation => ({ op: "remove-edge", id: edge })), { op: "set-node", id: node.id, changes: { onFailure } }]);
  };
  const choice = choiceOf(node);
  const fallback = typeof node.onFailure === "object" ? node.onFailure : null;
  const isChanged = choice !== "fail" || node.retry !== undefined || node.timeout !== undefined || node.join !== undefined;
  return (
    <Section title="Failure and timing" open={isChanged} summary={isChanged ? "changed" : "defaults"}>
      <FieldFrame id={id} name="onFailure" label="When this step fails" hint={choice === "port" ? "Its data is the kind of failure, the message and the attempts. Connect the port to what should happen then." : undefined}>
        <select id={id} value={choice} aria-describedby={choice === "port" ? `${id}-hint` : undefined} onChange={(event) => choose(event.target.value as FailureChoice)} className={`${inputLook} pr-1`}>
          {Object.entries(FAILURE_WORDS).filter(([value]) => value !== "default" || ports.length > 0).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      </FieldFrame>
      {fallback !== null && (
        <>
          {ports.length > 1 && (
            <FieldFrame id={`${id}-port`} name="onFailure.port" label="Leaves by">
              <select id={`${id}-port`} value={fallback.port} onChange={(event) => change("Change the default", { onFailure: { ...fallback, port: event.target.value } }, "onFailure")} className={`${inputLook} pr-1`}>
                {[...new Set([...ports, fallback.port])].map((port) => <option key={port} value={port}>{port}</option>)}
              </select>
            </FieldFrame>
          )}
          <FieldFrame id={`${id}-data`} name="onFailure.data" label="With this output" hint="As JSON: what later steps read instead">
            <JsonControl id={`${id}-data`} label="With this output" value={fallback.data} invalid={false} describedBy={`${id}-data-hint`} onChange={(data) => change("Change the default", { onFailure: { ...fallback, data: data ?? null } }, "onFailure")} />
          </FieldFrame>
        </>
      )}
      <RetryField node={node} type={type} />
      <FieldFrame id={`${id}-timeout`} name="timeout" label="Time limit in seconds">
        <NumberControl id={`${id}-timeout`} label="Time limit in seconds" value={node.timeout} invalid={false} describedBy={undefined} placeholder={type === undefined ? undefined : `Default: ${type.timeout}`} limits={{ isWhole: false, min: 0.1, max: MAX_TIMEOUT }} onChange={(value) => change("Change the time limit", { timeout: typeof value === "number" ? value : null }, "timeout")} />
      </FieldFrame>
      {(incoming > 1 || node.join !== undefined) && <JoinField node={node} incoming={incoming} />}
    </Section>
  );
}
