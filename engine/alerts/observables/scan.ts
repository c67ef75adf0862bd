/**
 * Indicators in one string. Time grows linearly with its length whatever it holds: runs of one character class, fixed
 * look-arounds, bounded repetitions. Nothing here backtracks.
 */
import { isIPv4, isIPv6 } from "node:net";
import { isInternalAddress } from "./addresses.ts";
import { isPublicDomain, toDomain } from "./domains.ts";
import type { KeyHints } from "./keys.ts";
import { refang } from "./refang.ts";
import { type FoundUrl, findUrls } from "./urls.ts";

export type Kind = "ips" | "domains" | "hashes" | "urls" | "emails" | "cves";
export type Report = (kind: Kind, value: string, internal: boolean) => void;

const WORD = "[A-Za-z0-9\\u00a1-\\u1fff\\u2c00-\\u2fff\\u3040-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef._-]+";
const WORDS = new RegExp(WORD, "g");
const WORD_HERE = new RegExp(WORD, "y");
const HEX = /[0-9A-Fa-f]{32,}/g;
const IPV6 = /(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.]{0,15}/g;
const CVE = /(?<![A-Za-z0-9])CVE-(?:19|20)\d{2}-\d{4,7}(?!\d)/gi;
const HASH_LENGTHS = new Set([32, 40, 64, 128]);

/** A string without any of these holds no indicator: most do not. */
const WORTH = /[.:@]|[0-9A-Fa-f]{32}|cve-|dot|punkt/i;
const ALNUM = /[\p{L}\p{N}_]/u;

export function scan(original: string, hints: KeyHints, report: Report): void {
  if (!WORTH.test(original)) return;
  const { text, defanged } = refang(original);
  const urls = text.includes("://") ? findUrls(text) : [];
  for (const { url, host } of urls) reportUrl(url, host, report);
  scanCves(text, report);
  if (!hints.id) scanEmails(text, report);
  scanWords(text, { hints, defanged, urls }, report);
  if (!hints.id) scanHashes(text, urls, report);
  if (text.includes(":")) scanIpv6(text, urls, report);
}

function reportUrl(url: string, host: string, report: Report): void {
  const address = isIPv4(host) || isIPv6(host);
  const known = address || isPublicDomain(host);
  // A URL to an internal address is still what the alert is about; one to a name that no public DNS knows is not for others.
  if (url !== "") report("urls", url, !known);
  if (address) report("ips", host, isInternalAddress(host));
  else if (known) report("domains", host, false);
}

function scanCves(text: string, report: Report): void {
  for (const [id] of text.matchAll(CVE)) report("cves", id.toUpperCase(), false);
}

const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const MAX_LOCAL = 64;

/** From each @ outwards; an @ ends both walks, so no character is walked over more than twice. */
function scanEmails(text: string, report: Report): void {
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start <= MAX_LOCAL && LOCAL.test(text[start - 1]!)) start--;
    WORD_HERE.lastIndex = at + 1;
    const right = WORD_HERE.exec(text)?.[0];
    if (right === undefined) continue;
    const local = text.slice(start, at).replace(/^.*[=/'`{|]/u, "").replace(/^[^\p{L}\p{N}_+]+/u, "");
    const domain = trimDots(right).toLowerCase();
    if (local === "" || local.length > MAX_LOCAL || local.endsWith(".") || local.includes("..") || !isPublicDomain(domain)) continue;
    report("emails", `${local.toLowerCase()}@${domain}`, false);
    report("domains", domain, false);
  }
}

const isEdge = (code: number): boolean => code === 46 || code === 95 || code === 45;
const UNDERSCORE = 95;

/** Two loops and no `/[._-]+$/`: that looks at every run of dots once per dot. */
function trimDots(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && isEdge(word.charCodeAt(start)) && word.charCodeAt(start) !== UNDERSCORE) start++;
  while (end > start && isEdge(word.charCodeAt(end - 1))) end--;
  return word.slice(start, end);
}

interface WordContext { hints: KeyHints; defanged: boolean; urls: readonly FoundUrl[] }

function scanWords(text: string, { hints, defanged, urls }: WordContext, report: Report): void {
  const length = text.trim().length;
  const inUrl = spans(urls);
  for (const match of text.matchAll(WORDS)) {
    const run = match[0];
    if (!run.includes(".") || inUrl(match.index + run.length - 1)) continue;
    const word = trimDots(run);
    const start = match.index + run.indexOf(word);
    if (/^[\d.-]+$/.test(word)) {
      scanIpv4(text, start, word, hints, report);
      continue;
    }
    if (hints.id) continue;
    const slashes = text[start - 1] === "/" && text[start - 2] === "/";
    const before = slashes ? "" : (text[start - 1] ?? "");
    const after = text[start + word.length] ?? "";
    for (const part of word.includes("..") ? word.split(/\.{2,}/) : [word]) {
      const name = trimDots(part);
      const surroundings = { before, after, whole: part.length === length, defanged, hints };
      // `_dmarc.example.com` is a name; in `_example.com_` the underscores are emphasis.
      const domain = toDomain(name, surroundings) ?? (name.startsWith("_") ? toDomain(name.slice(1), surroundings) : null);
      if (domain !== null) report("domains", domain, false);
    }
  }
}

/** @returns whether a position lies in one of the spans; asked for with rising positions only */
function spans(urls: readonly FoundUrl[]): (at: number) => boolean {
  let next = 0;
  return (at) => {
    while (next < urls.length && urls[next]!.end <= at) next++;
    return next < urls.length && urls[next]!.start <= at;
  };
}

/** "1.2.3.4-1.2.3.9" is a range of addresses; "1.2.3.4-5ubuntu1" never gets here, since it holds letters. */
function scanIpv4(text: string, start: number, word: string, hints: KeyHints, report: Report): void {
  if (hints.version) return;
  const parts = word.split("-");
  if (!parts.every((part) => isIPv4(part))) return;
  const before = text[start - 1] ?? "";
  const rest = text.slice(start + word.length, start + word.length + 4);
  // "Chrome/1.2.3.4" and "version 1.2.3.4": products number themselves this way too.
  if (before === "/" && /[A-Z][A-Za-z-]{0,30}\/$/.test(text.slice(Math.max(0, start - 32), start))) return;
  if (/\b(?:version|ver\.?|build|release|v\.)\s?[:=]?\s?$/i.test(text.slice(Math.max(0, start - 12), start))) return;
  const network = /^\/(\d{1,2})(?!\d)/.exec(rest)?.[1];
  if (network !== undefined && Number(network) < 32 && isNetworkAddress(parts[0]!, Number(network))) return;
  for (const part of parts) report("ips", part, isInternalAddress(part));
}

/** Host bits all zero: the name of a network, not of a host in it. */
function isNetworkAddress(address: string, bits: number): boolean {
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return value % 2 ** (32 - bits) === 0;
}

/** Labels that say what the hex digits after them are, where that is not a file's hash. */
const NOT_A_HASH = /(?:id|imphash|ja3s?|ja4|hassh|token|session|nonce|etag|key|serial)["']?\s?[:=]\s?["']?$/i;

function scanHashes(text: string, urls: readonly FoundUrl[], report: Report): void {
  const inUrl = spans(urls);
  for (const match of text.matchAll(HEX)) {
    const hex = match[0];
    if (!HASH_LENGTHS.has(hex.length)) continue;
    const start = match.index;
    const before = text[start - 1] ?? "";
    const after = text[start + hex.length] ?? "";
    if (inUrl(start)) continue;
    if (ALNUM.test(before) || ALNUM.test(after) || before === "@") continue;
    // Joined on both sides: a part of a composite id such as a trace parent or a sensor's detection id.
    if ((before === "-" || before === ":") && before === after) continue;
    if (!/\d/.test(hex) || !/[A-Fa-f]/.test(hex)) continue;
    if (NOT_A_HASH.test(text.slice(Math.max(0, start - 20), start))) continue;
    report("hashes", hex.toLowerCase(), false);
  }
}

function scanIpv6(text: string, urls: readonly FoundUrl[], report: Report): void {
  const inUrl = spans(urls);
  for (const match of text.matchAll(IPV6)) {
    const start = match.index;
    if (inUrl(start)) continue;
    const word = match[0].replace(/\.+$/, "").replace(/([^:]):$/, "$1");
    const before = text[start - 1] ?? "";
    const after = text[start + word.length] ?? "";
    if (/[\p{L}\p{N}:._-]/u.test(before) || /[\p{L}\p{N}_-]/u.test(after) || !isIPv6(word)) continue;
    const groups = word.split(":").filter((group) => group !== "");
    // Eight pairs of digits are a hardware address; two short groups are more often code (`std::ad`) or a time.
    if (groups.length === 8 && groups.every((group) => group.length === 2)) continue;
    if (groups.length === 0 || (groups.length < 3 && !/^(?:::|[23f][0-9a-f]{3}:)/i.test(word))) continue;
    report("ips", word.toLowerCase(), isInternalAddress(word));
  }
}
