import type { z } from "zod";
import type { Http } from "./http.ts";
import type { Connect } from "./socket.ts";

export interface ConnectionHealth {
  healthy: boolean;
  message: string;
  /** The product offers no way to prove the credentials (a webhook address): `healthy` is then false, and pages say "not verified", not "broken". */
  unverifiable?: true;
}

/** What `open` gets: the gateway, already limited to this connection's hosts. */
export interface OpenContext {
  http: Http;
  /** For protocols other than HTTP: a connected socket to one of `hosts`, which then name host and port. */
  connect: Connect;
  signal: AbortSignal;
}

/**
 * A product a playbook can talk to. `settings` marks its secrets with `secret()`; the rest may be shown.
 * `hosts` lists what the egress gateway lets this connection reach, from its settings (exact host or host:port).
 */
export interface ConnectionDefinition<S extends z.ZodObject = z.ZodObject, C = unknown> {
  type: string;
  title: string;
  description: string;
  icon?: string;
  docs?: string;
  settings: S;
  hosts(settings: z.infer<S>): string[];
  open(settings: z.infer<S>, context: OpenContext): C;
  /** Proves that the credentials work without changing anything; says so honestly when that cannot be proved. */
  check(client: C, settings: z.infer<S>): Promise<ConnectionHealth>;
}

export type AnyConnection = ConnectionDefinition<any, any>;

export function defineConnection<S extends z.ZodObject, C>(definition: ConnectionDefinition<S, C>): ConnectionDefinition<S, C> {
  return definition;
}
