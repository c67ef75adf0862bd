import { useEditor } from "#app/canvas/editor-context.tsx";
import { StatusBadge } from "#app/canvas/status-icon.tsx";
import { JsonView } from "#app/ui/json-view.tsx";
import { Tabs } from "#app/ui/tabs.tsx";
import { Section } from "./section.tsx";

/** What went into the node in the last test, and what came out. */
export function LastTest({ node }: { node: string }) {
  const steps = useEditor((state) => state.test?.steps);
  const step = steps?.findLast(({ node_id }) => node_id === node);
  if (step === undefined) return null;
  const nothing = (text: string) => <p className="p-3 text-fg-3">{text}</p>;
  return (
    <Section title="Last test" open summary={<StatusBadge status={step.status} />}>
      {step.error !== null && <p className="break-words whitespace-pre-wrap text-red">{step.error.message}</p>}
      <div className="-mx-3">
        <Tabs label="Last test" tabs={[
          { value: "output", label: "Output", content: step.output === null || step.output === undefined ? nothing("It gave nothing.") : <JsonView value={step.output} label="output of the last test" /> },
          { value: "input", label: "Input", content: step.input === null || step.input === undefined ? nothing("It took no input.") : <JsonView value={step.input} label="input of the last test" /> },
        ]} />
      </div>
    </Section>
  );
}
