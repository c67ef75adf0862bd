/** When a word with dots in it is a domain that somebody can ask a provider about. */
import { parse } from "tldts";
import type { KeyHints } from "./keys.ts";

export interface Surroundings {
  before: string;
  after: string;
  /** The word is all there is in the field. */
  whole: boolean;
  /** The text was defanged: whoever wrote it meant an indicator. */
  defanged: boolean;
  hints: KeyHints;
}

/** Suffixes that are far more often the end of a file's name. */
const FILE_SUFFIXES = new Set(["py", "sh", "pl", "rs", "md", "zip", "mov", "ps", "so", "app", "cab", "pub", "bat", "java", "map", "inc"]);
/** Words of code, queries and products whose last part happens to be a suffix. */
const NOT_DOMAINS = new Set(["asp.net", "vb.net", "ado.net", "system.net", "system.io", "java.io", "java.net", "socket.io", "microsoft.net", "paint.net"]);
/** Field names (`process.name`, `kibana.alert.rule.id`), as queries and messages quote them. */
const FIELD_SUFFIXES = new Set(["name", "id"]);
const FIELD_OWNERS = new Set(["process", "user", "host", "event", "agent", "rule", "file", "group", "service", "container", "image", "account", "policy", "registry", "dll", "parent", "alert", "source", "destination", "device", "network", "threat", "cloud", "observer", "effective", "module", "package", "pod", "namespace", "node", "question", "technique", "tactic"]);
const REVERSED = new Set(["com", "org", "net", "edu", "gov"]);

const MAX_LENGTH = 253;
const LABEL = /^[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/** The suffix is delegated in the DNS (ICANN's part of the public suffix list), and something stands before it. */
export function isPublicDomain(name: string): boolean {
  if (name.length > MAX_LENGTH || !name.includes(".")) return false;
  const parsed = parse(name, { extractHostname: false });
  if (parsed.isIcann !== true || parsed.isIp === true || parsed.domain === null) return false;
  // An underscore is fine in `_dmarc.example.com`, but nobody can register one.
  return parsed.domain.split(".").every((label) => LABEL.test(label));
}

/** @param word letters, digits, dots, hyphens and underscores; @returns the domain in lower case, or null */
export function toDomain(word: string, { before, after, whole, defanged, hints }: Surroundings): string | null {
  const name = word.toLowerCase();
  if (before === "@" || after === "@" || after === "(" || after === "\\" || before === "\\") return null;
  if (before === "/" && !whole) return null;
  if (hints.named && !hints.host && whole && !defanged) return null;
  if (!isPublicDomain(name)) return null;
  if (hints.host || defanged) return name;
  const labels = word.split(".");
  const suffix = labels.at(-1)!;
  if (FILE_SUFFIXES.has(suffix.toLowerCase()) && labels[0]!.toLowerCase() !== "www") return null;
  if (NOT_DOMAINS.has(name)) return null;
  if (labels.length > 2 && REVERSED.has(labels[0]!)) return null;
  if (FIELD_SUFFIXES.has(suffix) && FIELD_OWNERS.has(labels.at(-2)!.toLowerCase())) return null;
  // `System.Threading.Tasks` and `sentence.Next`: a suffix with a capital belongs to code or to a missing blank.
  if (suffix !== suffix.toLowerCase() && word !== word.toUpperCase()) return null;
  return name;
}
