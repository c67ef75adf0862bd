import ipaddr from "ipaddr.js";
import { Failure } from "#sdk";

/** Names that only mean something inside a network: RFC 6761, RFC 8375, ICANN's .internal, and the habits of Windows domains. */
const INTERNAL_SUFFIXES = [".localhost", ".local", ".internal", ".intranet", ".lan", ".corp", ".home", ".home.arpa", ".private", ".test", ".invalid", ".example"];

/**
 * Refuses what must not leave the house: a third party learns nothing about internal addresses, and could say nothing about them.
 * @throws Failure `invalid-input`
 */
export function assertPublicIp(ip: string): void {
  const parsed = ipaddr.process(ip); // unwraps IPv4-mapped addresses
  const range = parsed.range();
  if (range !== "unicast") throw new Failure("invalid-input", `${ip} is not a public address (${range}): it is not sent to VirusTotal`);
}

/** @throws Failure `invalid-input` for single labels and internal names. */
export function assertPublicHost(host: string): void {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (ipaddr.isValid(name)) return assertPublicIp(name);
  if (!name.includes(".") || INTERNAL_SUFFIXES.some((suffix) => name.endsWith(suffix))) {
    throw new Failure("invalid-input", `${host} is an internal name: it is not sent to VirusTotal`);
  }
}
