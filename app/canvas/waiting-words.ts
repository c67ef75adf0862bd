import type { StepWire } from "#app/models/wire.ts";
import type { PlaybookNode } from "#format";

/** What a waiting step waits for, in a card's few words: of people, who. */
export function waitingWords({ waiting_on }: Pick<StepWire, "waiting_on">, { approval, config }: PlaybookNode): string {
  switch (waiting_on?.kind) {
    case "approval": return `Waits for approval${by(approval?.roles)}`;
    case "question": return `Waits for an answer${by(config["roles"])}`;
    case "decision": return "Needs a decision";
    case "callback": return "Waits to be called";
    case "run": return "Waits for its run";
    case "concurrency": return "Waits for a place";
    case undefined:
    case "timer":
    case "worker":
    case "step":
    case "sequence": return "Waiting";
    default: return waiting_on satisfies never;
  }
}

const by = (roles: unknown): string => (Array.isArray(roles) && roles.length > 0 ? ` by ${roles.join(", ")}` : "");
