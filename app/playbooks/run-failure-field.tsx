import { useId } from "react";
import type { RunSummary } from "#app/models/wire.ts";
import { inputLook } from "#app/ui/field.tsx";
import { useJson } from "#app/ui/use-json.ts";
import type { RunFailureTrigger } from "#format";

const SHOWN = 50;

/** One of the last failed runs, as a handler gets it. */
export function RunFailureField({ onChoose, error }: { onChoose(failure: RunFailureTrigger | undefined): void; error: string | undefined }) {
  const { data } = useJson<{ runs: RunSummary[] }>(`/api/v1/runs?status=failed&limit=${SHOWN}`);
  const id = useId();
  const runs = data?.runs ?? [];
  const choose = (runId: string) => {
    const run = runs.find((each) => each.id === runId);
    onChoose(run && toFailure(run));
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-fg-2">Failed run</label>
      <select id={id} defaultValue="" onChange={(event) => choose(event.target.value)} aria-invalid={error !== undefined || undefined} className={`${inputLook} pr-1`}>
        <option value="">{data !== undefined && runs.length === 0 ? "No run has failed" : "Choose…"}</option>
        {runs.map((run) => <option key={run.id} value={run.id}>{run.playbook.name}, {run.created_at.slice(0, 16).replace("T", " ")} UTC: {run.error?.message ?? "failed"}</option>)}
      </select>
      {error !== undefined && <p role="alert" className="mt-1 text-xs text-red">{error}</p>}
    </div>
  );
}

function toFailure({ id, playbook, error, alert_id }: RunSummary): RunFailureTrigger {
  const { kind = "rejected", message = "it failed", node_id } = error ?? {};
  return { run_id: id, playbook: { ...playbook, version: playbook.version ?? 0 }, error: { kind, message, ...(node_id === undefined ? {} : { node_id }) }, alert_id };
}
