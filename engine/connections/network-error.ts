/** Why we ended a connection ourselves, in words that finish a sentence. */
export class Cut extends Error {}

/** What went wrong on a connection, in words that finish "… cannot be reached: ". */
export function wordsFor(error: unknown): string {
  if (error instanceof Cut) return error.message;
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
  switch (code) {
    case "ENOTFOUND": case "EAI_NODATA": return "the name does not exist";
    case "EAI_AGAIN": return "the name could not be resolved just now";
    case "ECONNREFUSED": return "the connection was refused";
    case "ECONNRESET": case "EPIPE": case "ERR_STREAM_PREMATURE_CLOSE": return "the connection was closed before the whole answer came";
    case "ETIMEDOUT": return "the connection timed out";
    case "EHOSTUNREACH": case "ENETUNREACH": return "there is no route to it";
    case "CERT_HAS_EXPIRED": return "its certificate has expired";
    case "DEPTH_ZERO_SELF_SIGNED_CERT": case "SELF_SIGNED_CERT_IN_CHAIN": case "UNABLE_TO_VERIFY_LEAF_SIGNATURE": case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": return "its certificate is not trusted";
    case "ERR_TLS_CERT_ALTNAME_INVALID": return "its certificate is for another name";
    default: return code ? `the connection failed (${code})` : "the connection failed";
  }
}
