import { isPublicAddress } from "./addresses.ts";

/** Only addresses on the internet have a reputation, and internal ones are nobody else's business. */
export default function hasPublicSource({ alert }: { alert: { source_ip: string | null } }): boolean {
  return isPublicAddress(alert.source_ip);
}
