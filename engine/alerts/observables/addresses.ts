/** Which addresses are somebody else's (worth asking a provider about) and which are the organisation's own or nobody's. */
import ipaddr from "ipaddr.js";
import { isPublicDomain } from "./domains.ts";

/** Documentation, benchmark and future ranges are `reserved` too, but a payload that names one means a host out there. */
const RESERVED_FOR_NOBODY = ipaddr.parseCIDR("240.0.0.0/4");
const EXTERNAL = new Set(["unicast", "reserved", "benchmarking", "amt", "as112", "6to4", "teredo", "rfc6052", "as112v6", "orchid2", "droneRemoteIdProtocolEntityTags"]);

/** Private, loopback, link-local, shared (100.64/10), multicast, broadcast, unspecified or class E. @param text a valid address */
export function isInternalAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.kind() === "ipv4" && (address as ipaddr.IPv4).match(RESERVED_FOR_NOBODY as [ipaddr.IPv4, number])) return true;
  return !EXTERNAL.has(address.range());
}

/** A URL that leads to an internal address or to a host name without a public suffix. */
export function isInternalUrl(url: string): boolean {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, "");
  return host === undefined || (ipaddr.isValid(host) ? isInternalAddress(host) : !isPublicDomain(host));
}
