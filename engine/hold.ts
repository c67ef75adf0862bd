/** What replaces the world outside when a run is not live: stand-ins for writes, and records that nothing can change. */
import { type AlertView, type AnyNode, type Effect, Failure, type Records } from "#sdk";

/** Only a live run changes anything. */
export const isHeld = (mode: string, effect: Effect): boolean => mode !== "live" && (effect === "write" || effect === "contain");

/**
 * What the node says it would have given. Not yet checked against the port's schema.
 * @throws Failure rejected: a stand-in that cannot be made says nothing about the world, so it is never ambiguous
 */
export function standIn(definition: AnyNode, context: { config: Record<string, unknown>; input: unknown; alert: AlertView | null }): { port: string; data: unknown } {
  if (!definition.simulate) throw new Failure("rejected", `${definition.type} cannot be tested: it does not say what it would give (simulate)`);
  try {
    return definition.simulate(context);
  } catch (error) {
    throw new Failure("rejected", `${definition.type} could not say what it would have given: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * Playgraph's own records as a test sees them. A node whose effect is `read` has no reason to change an alert; if it tries, the
 * step fails and the alert stays.
 * @param pasted the alert of a pasted payload: "the run's alert" in place of one that is stored
 */
export function heldRecords(real: Records, pasted: AlertView | undefined): Records {
  const refuse = async (): Promise<never> => {
    throw new Failure("rejected", "a test changes no alert, and this node says that it only reads");
  };
  return {
    getAlert: async (id) => (pasted && (id === undefined || id === pasted.id) ? pasted : real.getAlert(id)),
    updateAlert: refuse,
    assign: refuse,
    comment: refuse,
  };
}
