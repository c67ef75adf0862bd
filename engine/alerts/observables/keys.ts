/** What the name of a field says about the text in it. Hints only: a value's own form decides first. */

export interface KeyHints {
  /** A link back to a console, a rule's reading list, a TLS client's fingerprint: nothing in it is an indicator. */
  skip: boolean;
  /** An identifier: its hex digits are no hash and its dots no domain. */
  id: boolean;
  /** The field holds names of hosts, so any public domain counts, also one that looks like a file (`evil.zip`). */
  host: boolean;
  /** Files, programs and accounts: `setup.app` and `john.me` are not domains here. */
  named: boolean;
  /** Four numbers with dots are a version here. */
  version: boolean;
}

const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

const IDS = new Set(["id", "ids", "uuid", "guid", "sid", "token", "nonce", "etag", "key", "session", "cookie"]);
const HOSTS = new Set(["domain", "domains", "host", "hosts", "hostname", "fqdn", "dns", "query", "qname", "rrname", "sni", "server", "url", "urls", "uri", "ioc", "iocs", "indicator", "indicators", "observable", "observables", "ns", "mx", "cname", "rdata", "referrer", "referer"]);
const NAMED = new Set(["file", "filename", "files", "path", "image", "exe", "executable", "process", "program", "module", "script", "package", "library", "dll", "user", "username", "users", "account", "owner", "login", "service", "container", "tag", "tags", "group", "groups", "role", "type", "category", "class"]);
const VERSIONS = new Set(["version", "versions", "build", "release", "firmware"]);
const FINGERPRINT = /^(?:ja3s?|ja4\w*|jarm|hassh|imphash|ssdeep|tlsh|authentihash)(?![a-z0-9])/;
/** `console_link`, `alertWebUrl`, `FalconHostLink`: the first word says whose page it is. */
const PAGES = new Set(["link", "links", "url", "urls", "uri", "href", "permalink"]);
const OWN_PAGES = new Set(["alert", "alerts", "incident", "case", "console", "dashboard", "rule", "ticket", "breach", "detection", "finding", "portal", "search", "results", "result", "falcon", "kibana", "web", "event", "investigation", "workflow", "upwind", "help", "doc", "docs", "documentation", "support", "vendor"]);
const READING = new Set(["reference", "references", "documentation", "docs", "permalink", "helpuri", "remediation", "$schema", "mitigation", "runbook"]);

function classify(key: string): KeyHints {
  const words = (key.slice(0, 80).match(WORD) ?? []).map((word) => word.toLowerCase());
  const plain = key.toLowerCase();
  const last = words.at(-1) ?? "";
  const page = words.length > 1 && PAGES.has(last) && words.slice(0, -1).some((word) => OWN_PAGES.has(word));
  return {
    skip: page || READING.has(plain) || READING.has(last) || FINGERPRINT.test(plain) || plain.startsWith("@odata"),
    id: IDS.has(last) || plain.endsWith("id") || plain === "event_hash",
    host: words.some((word) => HOSTS.has(word)) || /(?:domain|host|hostname|fqdn)$/.test(plain),
    named: NAMED.has(last) || NAMED.has(plain) || /(?:name|path|image)$/.test(plain) && words.some((word) => NAMED.has(word)),
    version: words.some((word) => VERSIONS.has(word)),
  };
}

const NONE: KeyHints = { skip: false, id: false, host: false, named: false, version: false };
const MOST_KEYS = 4096;
const known = new Map<string, KeyHints>();

/** @param key one segment of a path; "" for the root. Payloads choose their keys, so what is remembered is bounded. */
export function keyHints(key: string): KeyHints {
  if (key === "") return NONE;
  let hints = known.get(key);
  if (!hints) {
    if (known.size >= MOST_KEYS) known.clear();
    known.set(key, (hints = classify(key)));
  }
  return hints;
}
