import type { Socket } from "node:net";

/**
 * The egress gateway for libraries that speak a protocol of their own (SMTP, SSH, LDAP): it resolves the name, checks it
 * against the hosts the connection allows, and hands over the connected socket. TLS is the library's business.
 * The socket ends with the step: at once while nothing stands, a few seconds after a stop where an answer may be on its way.
 * @throws Failure `invalid-input` for a forbidden address, `unavailable` when no connection came about.
 */
export type Connect = (request: ConnectRequest) => Promise<Socket>;

export interface ConnectRequest {
  host: string;
  port: number;
  /** Seconds until the connection must stand; the step's own time-out holds in any case. */
  timeout?: number;
}
