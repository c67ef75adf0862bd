/** URLs in free text: where they start and end, and what their host is. */

export interface FoundUrl {
  url: string;
  /** Host without brackets, port and user information, in lower case. */
  host: string;
  start: number;
  end: number;
}

const SCHEMES = new Set(["http", "https", "ftp", "ftps", "sftp", "ws", "wss", "ldap", "ldaps", "rmi"]);
const MAX_SCHEME = 8;
/** Longer ones are cut out of the text but not reported: no provider takes them, and an attacker pads with them. */
const MAX_URL = 2048;
const STOP = /[\s"<>`{}|\\^\u0000-\u001f\u007f\u00a0\u2018-\u201f\ufffd]/g;
/** A single quote only closes what it opened: attackers put them into URLs on purpose. */
const STOP_IN_QUOTES = new RegExp(`'|${STOP.source}`, "g");

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);

/** Every character is looked at a fixed number of times: the search goes on behind each URL. */
export function findUrls(text: string): FoundUrl[] {
  const found: FoundUrl[] = [];
  for (let colon = text.indexOf("://"); colon !== -1; ) {
    let start = colon;
    while (start > 0 && colon - start < MAX_SCHEME && isLetter(text.charCodeAt(start - 1))) start--;
    const scheme = text.slice(start, colon).toLowerCase();
    let end = colon + 3;
    if (SCHEMES.has(scheme)) {
      end = endOf(text, start, colon + 3);
      const rest = trim(text.slice(colon + 3, end));
      const host = hostOf(rest);
      if (host !== null) found.push({ url: rest.length <= MAX_URL ? `${scheme}://${rest}` : "", host, start, end: colon + 3 + rest.length });
    }
    colon = text.indexOf("://", end);
  }
  return found;
}

function endOf(text: string, start: number, from: number): number {
  const stop = text[start - 1] === "'" ? STOP_IN_QUOTES : STOP;
  stop.lastIndex = from;
  const end = stop.exec(text)?.index ?? text.length;
  const next = text.indexOf("://", from);
  if (next === -1 || next >= end) return end;
  // "http://a.example,http://b.example" is a list.
  const near = text.slice(Math.max(from, next - MAX_SCHEME - 1), next);
  const separator = Math.max(near.lastIndexOf(","), near.lastIndexOf(";"));
  return separator === -1 ? end : next - near.length + separator;
}

/** Without the punctuation that ends the sentence, and a bracket that was opened before the URL. */
function trim(rest: string): string {
  const ending = `.,;:!?'*${rest.includes("(") ? "" : ")"}${rest.includes("[") ? "" : "]"}`;
  let end = rest.length;
  while (end > 0 && ending.includes(rest[end - 1]!)) end--;
  return rest.slice(0, end);
}

function hostOf(rest: string): string | null {
  const slash = rest.search(/[/?#]/);
  const authority = (slash === -1 ? rest : rest.slice(0, slash)).slice(0, 512);
  const bare = authority.slice(authority.lastIndexOf("@") + 1);
  const host = bare.startsWith("[") ? bare.slice(1, Math.max(bare.indexOf("]"), 1)) : (bare.split(":", 1)[0] ?? "");
  const clean = host.replace(/\.$/, "").toLowerCase();
  return clean === "" || /[^\p{L}\p{N}\p{M}._:-]/u.test(clean) ? null : clean;
}
