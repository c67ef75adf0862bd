/**
 * Requests that change something must come from our own pages; also without a cookie, since another site could sign somebody
 * in as itself. Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); what carries neither is no browser, and
 * a header like Authorization cannot be forged by one.
 */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

export function isForgeable(request: Request, ownOrigins: ReadonlySet<string>): boolean {
  if (SAFE.has(request.method) || request.headers.has("authorization")) return false;
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin" || site === "none") return false;
  const origin = request.headers.get("origin");
  if (origin !== null) return !ownOrigins.has(origin);
  return site !== null;
}
