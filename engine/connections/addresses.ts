import ipaddr from "ipaddr.js";

/** Cloud metadata services hand out credentials to whoever asks; no connection ever needs them. */
const METADATA = new Set(["169.254.169.254", "169.254.170.2", "169.254.169.123", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"]);

/** Ranges a connection may be allowed to reach. What is in neither list (multicast, broadcast, unspecified …) is never a server. */
const PRIVATE_RANGES = new Set(["private", "loopback", "uniqueLocal", "linkLocal", "carrierGradeNat", "reserved", "benchmarking"]);

/**
 * Why an address must not be reached, or undefined when it may.
 * Addresses that carry another one inside (IPv4-mapped, NAT64, 6to4) are judged by what they carry.
 */
export function refusalOf(address: string, allowPrivate: boolean): string | undefined {
  if (!ipaddr.isValid(address)) return "it is not an IP address";
  const parsed = unwrap(ipaddr.parse(address));
  if (METADATA.has(parsed.toString())) return "it is a cloud metadata service";
  const range = parsed.range();
  if (range === "unicast") return undefined;
  if (PRIVATE_RANGES.has(range)) return allowPrivate ? undefined : `it is not a public address (${range})`;
  return `it is not an address of a server (${range})`;
}

function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === "rfc6052" || range === "rfc6145") return new ipaddr.IPv4(bytes.slice(12));
  if (range === "6to4") return new ipaddr.IPv4(bytes.slice(2, 6));
  return address;
}
