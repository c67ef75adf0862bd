/** What a step may reach: the connection's hosts, and no private address behind any name. */
import { isIP, type LookupFunction } from "node:net";
import { Failure } from "#sdk";
import { refusalOf } from "./addresses.ts";

export interface Reach {
  /** Exact host, or host:port where the port is not the scheme's own; "any" for nodes without a connection. */
  hosts: readonly string[] | "any";
  allowPrivate: boolean;
}

/**
 * @param host as the allow-list writes it
 * @param hostname without port and brackets
 * @throws Failure invalid-input
 */
export function checkReach(host: string, hostname: string, { hosts, allowPrivate }: Reach): void {
  if (hosts !== "any" && !hosts.some((allowed) => allowed.toLowerCase() === host)) throw new Failure("invalid-input", `the connection may not reach ${host}`);
  // Node resolves no literals, so the lookup's guard never sees them.
  const refusal = isIP(hostname) === 0 ? undefined : refusalOf(hostname, allowPrivate);
  if (refusal) throw new Failure("invalid-input", `${host} may not be reached: ${refusal}`);
}

/** Checks what a name resolves to, in the very lookup whose answer the socket uses: a second answer (rebinding) never exists. */
export function guardLookup(lookup: LookupFunction, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, address, family) => {
      if (error) return callback(error, address, family);
      for (const each of Array.isArray(address) ? address.map((entry) => entry.address) : [address]) {
        const refusal = refusalOf(each, allowPrivate);
        if (refusal) return callback(new Failure("invalid-input", `${hostname} may not be reached: ${refusal}`), address, family);
      }
      callback(null, address, family);
    });
}
