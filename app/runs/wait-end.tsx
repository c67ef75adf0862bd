import type { WaitingOn } from "#engine/status.ts";
import { Time } from "#app/ui/time.tsx";

/** When a wait ends by itself, and what happens then. A place in a line is looked for in between, which says nothing to a person. */
export function WaitEnd({ wait }: { wait: WaitingOn }) {
  if (wait.until === undefined || wait.kind === "concurrency") return null;
  return <>, {wait.kind === "timer" ? "" : "given up "}<Time at={wait.until} suffix=" ago" /></>;
}
