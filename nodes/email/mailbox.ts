import { z } from "zod";

export interface Mailbox {
  name: string;
  address: string;
}

/** ASCII only: an address beyond it needs SMTPUTF8, which most servers refuse. Internal names without a dot are fine. */
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;
const NAMED = /^(?:"([^"\\]*)"|([^"<>]*?))\s*<([^<>\s]+)>$/;
const CONTROL = /\p{Cc}/u;

/** `ann@example.org`, `Ann Lee <ann@example.org>` or `"Lee, Ann" <ann@example.org>`; null for anything else, and for line breaks in particular. */
export function parseMailbox(text: string): Mailbox | null {
  if (CONTROL.test(text)) return null;
  const [, quoted, plain, named] = NAMED.exec(text.trim()) ?? [];
  const address = named ?? text.trim();
  return address.length <= 254 && ADDRESS.test(address) ? { name: (quoted ?? plain ?? "").trim(), address } : null;
}

export const mailbox = z.string().max(400).refine((text) => parseMailbox(text) !== null, "not an e-mail address: write ann@example.org or Ann Lee <ann@example.org>");
