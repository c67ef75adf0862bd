import { Check, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import type { TriggerExplanation } from "#app/models/explain-triggers.server.ts";
import { AlertPicker } from "#app/triage/alert-picker.tsx";
import { Button } from "#app/ui/button.tsx";
import { Skeleton } from "#app/ui/state.tsx";
import type { PlaybookTrigger } from "#format";
import { Traces } from "./condition-trace.tsx";

type Answer = { is: "ready"; playbooks: TriggerExplanation[] } | { is: "failed"; message: string };

/** Milliseconds after the last edit of the trigger. */
const PAUSE = 350;

/** Would this trigger start on an alert that one chooses, and why (not)? What else would it start? */
export function TriggerTester({ trigger }: { trigger: PlaybookTrigger }) {
  const slug = useEditor((state) => state.data.playbook.slug);
  const target = useEditor((state) => state.target);
  const [alert, setAlert] = useState(target !== null && "alert" in target ? target.alert : null);
  const [picking, setPicking] = useState(false);
  const answer = useExplanation(slug, alert?.id, trigger);
  const own = answer?.is === "ready" ? answer.playbooks.find(({ by_draft }) => by_draft) : undefined;
  const others = answer?.is === "ready" ? answer.playbooks.filter(({ by_draft }) => !by_draft) : [];

  if (alert === null || picking) {
    return (
      <div className="-mx-3 -mt-2">
        <AlertPicker chosen={alert?.id} onChoose={({ id, title }) => { setAlert({ id, label: title }); setPicking(false); }} className="max-h-64 border-b" />
      </div>
    );
  }
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-2 rounded-md border border-line bg-canvas py-1 pr-1 pl-2.5">
        <a href={`/alerts/${alert.id}`} target="_blank" rel="noreferrer" className="min-w-0 flex-1 truncate hover:underline" title={alert.label}>{alert.label}</a>
        <Button size="sm" onClick={() => setPicking(true)}>Another alert</Button>
      </div>
      {answer === undefined && <div role="status" aria-label="Comparing" className="space-y-2"><Skeleton /><Skeleton className="h-4 w-2/3" /></div>}
      {answer?.is === "failed" && <p role="alert" className="text-red">{answer.message}</p>}
      {own !== undefined && (
        <div>
          <p role="status" className="mb-1.5 flex items-center gap-1.5 font-medium">
            {own.matches ? <Check aria-hidden className="size-4 text-green" /> : <X aria-hidden className="size-4 text-red" />}
            {own.matches ? "This draft would start" : "This draft would not start"}
          </p>
          <Traces traces={own.reasons} />
        </div>
      )}
      {answer?.is === "ready" && <Others playbooks={others} own={own} />}
    </div>
  );
}

/** The last answer stays on screen until the next one is there. */
function useExplanation(slug: string, alertId: string | undefined, trigger: PlaybookTrigger): Answer | undefined {
  const [answer, setAnswer] = useState<{ of: string; answer: Answer }>();
  useEffect(() => {
    if (alertId === undefined) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const next = await explain({ alert_id: alertId, playbook_id: slug, trigger }, abort.signal);
      if (!abort.signal.aborted) setAnswer({ of: alertId, answer: next });
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [slug, alertId, trigger]);
  return answer?.of === alertId ? answer?.answer : undefined;
}

async function explain(body: object, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch("/api/v1/playbooks/explain", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });
    const { playbooks, detail } = (await response.json()) as { playbooks?: TriggerExplanation[]; detail?: unknown };
    if (response.ok && playbooks) return { is: "ready", playbooks };
    return { is: "failed", message: typeof detail === "string" ? detail : `The server answered ${response.status}` };
  } catch {
    return { is: "failed", message: "The server cannot be reached" };
  }
}

/** All that the alert starts, this draft in its place, and then the rest with what keeps each from it. */
function Others({ playbooks, own }: { playbooks: TriggerExplanation[]; own: TriggerExplanation | undefined }) {
  const starting = [...playbooks, ...(own ? [own] : [])].filter(({ matches }) => matches);
  const rest = playbooks.filter(({ matches }) => !matches);
  return (
    <>
      {(["ingested", "enriched"] as const).map((moment) => {
        const here = starting.filter((each) => each.moment === moment).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
        if (here.length === 0) return null;
        return (
          <div key={moment}>
            <h4 className="mb-1 text-xs font-medium text-fg-2">{moment === "ingested" ? "Once received, it starts in this order" : "Once enriched"}</h4>
            <ol className="divide-y divide-line rounded-md border border-line">
              {here.map((each) => <li key={each.id} className="flex h-7 items-center gap-2 px-2 text-xs"><span className="w-4 shrink-0 text-right text-fg-3">{each.position}</span><Name playbook={each} /><span className="ml-auto shrink-0 text-fg-3">order {each.order}</span></li>)}
            </ol>
          </div>
        );
      })}
      {rest.length > 0 && (
        <details className="rounded-md border border-line">
          <summary className="cursor-pointer px-2 py-1 text-xs text-fg-2 hover:bg-hover">{rest.length === 1 ? "One other playbook does not start" : `${rest.length} other playbooks do not start`}: why</summary>
          <ul className="divide-y divide-line border-t border-line">
            {rest.map((each) => <li key={each.id} className="px-2 py-1.5"><p className="mb-0.5 flex text-xs"><Name playbook={each} /></p><Traces traces={each.reasons.filter(({ holds }) => !holds)} /></li>)}
          </ul>
        </details>
      )}
    </>
  );
}

const Name = ({ playbook: { slug, name, by_draft } }: { playbook: TriggerExplanation }) =>
  by_draft ? <span className="min-w-0 truncate font-medium">{name} (this draft)</span> : <a href={`/playbooks/${slug}`} target="_blank" rel="noreferrer" className="min-w-0 truncate hover:underline" title={name}>{name}</a>;
