import { describe, expect, it } from "vitest";
import { isForgeable } from "./csrf.ts";

const own = new Set(["https://soc.example"]);
const request = (method: string, headers: Record<string, string>) => new Request("https://soc.example/x", { method, headers });

describe("cross-site requests", () => {
  it.each([
    ["a form of another site", "POST", { cookie: "s=1", "sec-fetch-site": "cross-site", origin: "https://evil.example" }, true],
    ["a sibling domain", "POST", { cookie: "s=1", "sec-fetch-site": "same-site" }, true],
    ["an old browser, another origin", "DELETE", { cookie: "s=1", origin: "https://evil.example" }, true],
    ["a sandboxed frame", "POST", { cookie: "s=1", origin: "null" }, true],
    ["a sign-in form of another site", "POST", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, true],
    ["our own page", "POST", { cookie: "s=1", "sec-fetch-site": "same-origin" }, false],
    ["our own page, plain http without fetch metadata", "POST", { cookie: "s=1", origin: "https://soc.example" }, false],
    ["a script with a token", "POST", { authorization: "Bearer x", origin: "https://other.example" }, false],
    ["curl with a cookie", "POST", { cookie: "s=1" }, false],
    ["a link from elsewhere", "GET", { cookie: "s=1", "sec-fetch-site": "cross-site" }, false],
  ])("%s", (_name, method, headers, expected) => {
    expect(isForgeable(request(method, headers as Record<string, string>), own)).toBe(expected);
  });
});
