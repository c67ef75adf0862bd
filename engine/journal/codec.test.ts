import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonbText } from "../jsonb.ts";
import { stepId, uuidv5, uuidv7 } from "../ids.ts";
import { decode, encode } from "./codec.ts";

describe("journal codec", () => {
  it("gives back what went in, short or long", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => { expect(decode(encode(value))).toEqual(JSON.parse(JSON.stringify(value))); }));
    const long = { text: "abc ".repeat(5000) };
    expect(encode(long).length).toBeLessThan(500);
    expect(decode(encode(long))).toEqual(long);
  });
  it("says so when a newer program wrote the row", () => {
    expect(() => decode(Buffer.from([9, 1, 2]))).toThrow(/not known to this version/);
  });
});

describe("jsonbText", () => {
  it("replaces what PostgreSQL refuses and nothing else", () => {
    expect(JSON.parse(jsonbText({ a: "x\0y", b: "\ud800z", c: "😀", d: "\\u0000", e: "\\\0" }))).toEqual({ a: "x\ufffdy", b: "\ufffdz", c: "😀", d: "\\u0000", e: "\\\ufffd" });
    expect(jsonbText(undefined)).toBe("null");
  });
});

describe("ids", () => {
  it("version 7 sorts by time, version 5 follows from its name", () => {
    expect(uuidv7(1) < uuidv7(2)).toBe(true);
    expect(new Set(Array.from({ length: 2000 }, () => uuidv7())).size).toBe(2000);
    expect(uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
    expect(stepId(uuidv7(), "a", "")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });
});
