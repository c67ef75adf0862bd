/** Ranges that nobody on the internet can come from: RFC 1918, 6598, 3927, 6890 and their IPv6 relatives. */
const INTERNAL_V4: [network: string, bits: number][] = [
  ["0.0.0.0", 8], ["10.0.0.0", 8], ["100.64.0.0", 10], ["127.0.0.0", 8], ["169.254.0.0", 16], ["172.16.0.0", 12],
  ["192.0.0.0", 24], ["192.0.2.0", 24], ["192.168.0.0", 16], ["198.18.0.0", 15], ["198.51.100.0", 24], ["203.0.113.0", 24], ["224.0.0.0", 3],
];

export function isPublicAddress(address: string | null): boolean {
  if (address === null) return false;
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) {
    const number = toNumber(v4);
    return number !== undefined && !INTERNAL_V4.some(([network, bits]) => (number ^ toNumber(network)!) >>> (32 - bits) === 0);
  }
  // Of IPv6, the internet uses 2000::/3; 2001:db8::/32 is for documentation.
  return /^[23][0-9a-f]{3}:[0-9a-f:]+$/i.test(address) && !/^2001:0?db8:/i.test(address);
}

function toNumber(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  return parts.every((part) => part <= 255) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}
