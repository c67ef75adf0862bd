/** The platform's URL parser on behalf of the isolate's URL class. The order of the parts is that class's. */
const SETTABLE = new Set(["href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"]);
const MAX_LENGTH = 64 * 1024;

export function urlParts(operation: string, href: string, second?: string): string | null {
  if (href.length > MAX_LENGTH || (second?.length ?? 0) > MAX_LENGTH) return null;
  const url = URL.parse(href, operation === "parse" ? second : undefined);
  if (!url) return null;
  if (SETTABLE.has(operation)) {
    try {
      url[operation as "href"] = second ?? "";
    } catch {
      return null;
    }
  }
  return JSON.stringify([url.href, url.origin, url.protocol, url.username, url.password, url.host, url.hostname, url.port, url.pathname, url.search, url.hash]);
}
