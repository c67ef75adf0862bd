import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "#sdk";
import { createRedactor, MASK } from "./redact.ts";

const secret = 'p@ss/w+rd "9"é';
const redactor = createRedactor([secret, "abc"]);

describe("a secret is masked", () => {
  test.each([
    ["plain", `key=${secret};`],
    ["in JSON", JSON.stringify({ key: secret })],
    ["in a path", `https://api.example.com/${encodeURIComponent(secret)}/x`],
    ["in a form", new URLSearchParams({ key: secret }).toString()],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64url", Buffer.from(secret).toString("base64url")],
    ["in Basic auth", `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`],
  ])("%s", (_, text) => {
    const masked = redactor.text(text);
    expect(masked).toContain(MASK);
    expect(masked).not.toContain("p@ss");
    expect(masked).not.toContain(Buffer.from(secret).toString("base64").slice(4, 12));
  });

  test("as key and value, at any depth", () => {
    expect(redactor.json({ list: [{ [secret]: `x${secret}` }], n: 1, none: null })).toEqual({ list: [{ [MASK]: `x${MASK}` }], n: 1, none: null });
  });

  test("in a failure, whose cause is left out", () => {
    const masked = redactor.failure(new Failure("rejected", `no: ${secret}`, { retryAfter: 3, details: { body: secret }, cause: new Error(secret) }));
    expect(masked).toMatchObject({ kind: "rejected", message: `no: ${MASK}`, retryAfter: 3, details: { body: MASK } });
    expect(masked.cause).toBeUndefined();
  });
});

test("too short to be told from chance is left alone", () => {
  expect(redactor.text("abc")).toBe("abc");
});

test("base64 hides it whatever stands before and after", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii", minLength: 8, maxLength: 40 }), fc.string(), fc.string(), (value, before, after) => {
      const encoded = Buffer.from(`${before}${value}${after}`).toString("base64");
      const masked = createRedactor([value]).text(encoded);
      expect(masked).toContain(MASK);
      expect(Buffer.from(masked.replaceAll(MASK, ""), "base64").toString()).not.toContain(value);
    }),
  );
});
