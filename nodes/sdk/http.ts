/**
 * The egress gateway as a node sees it. Every request is checked against the hosts the connection allows,
 * limited in size and time, aborted with the step, and redacted in the log.
 */
export interface Http {
  /**
   * Sends one request.
   * @throws Failure `invalid-input` for a bad or forbidden address, `unavailable` when certainly nothing was sent
   *   (DNS, refused, gateway limit), `ambiguous` when the answer was lost after sending a non-GET request.
   *   A status code is not a failure here: look at `status`, or use `expectOk`.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  /** Absolute http(s) URL. */
  url: string;
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  /** A string is sent as it is; anything else as JSON. */
  body?: unknown;
  /** Seconds; the step's own time-out holds in any case. */
  timeout?: number;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
  /** Parsed body. @throws Failure `rejected` when the body is not JSON. */
  json(): unknown;
  /** Returns itself for 2xx. @throws Failure: 401/403 unauthorized, 408/425/429 rate-limited or unavailable, 5xx unavailable for reads and ambiguous for the rest, other 4xx rejected. */
  expectOk(): HttpResponse;
}
