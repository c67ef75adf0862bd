/** Headers that narrow what a browser may do with our answers. */
const COMMON: readonly (readonly [string, string])[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "same-origin"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Permissions-Policy", "camera=(), geolocation=(), microphone=()"],
];

/**
 * Pages run our own scripts and those inline ones that carry the nonce. Inline styles stay allowed: the canvas positions its
 * nodes with style attributes, which a nonce cannot cover. Monaco's workers come as blobs.
 */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

export const FILE_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'";
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
export const DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** A policy that the answer already names stays. */
export function setSecurityHeaders(headers: Headers, policy: string, isHttps: boolean): void {
  for (const [name, value] of COMMON) headers.set(name, value);
  if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", policy);
  if (isHttps) headers.set("Strict-Transport-Security", "max-age=31536000");
}
