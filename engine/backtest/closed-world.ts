/** What a step of a backtest may touch, where reads are answered from recordings alone: nothing that is outside. */
import { Failure } from "#sdk";
import type { StepServices } from "../attempt.ts";

/** Code that computes a field of a write could still ask the world; what it was told then is recorded nowhere. */
export function closed(services: StepServices): StepServices {
  const refuse = async (): Promise<never> => {
    throw new Failure("rejected", "a backtest makes no requests: what this one was answered then is not recorded");
  };
  return { ...services, connect: refuse, http: () => ({ request: refuse }) };
}
