import { describe, expect, it } from "vitest";
import { inputFacts } from "./input-facts.ts";

const names = (input: unknown) => inputFacts(input).facts.map(({ name }) => name);

describe("the facts of an input", () => {
  it("begin with what the step is done to", () => {
    expect(names({ comment: "by playbook", deviceId: "a".repeat(32), hostname: "web-01", sourceIp: "203.0.113.9", user: "j.doe", force: true }))
      .toEqual(["hostname", "device id", "source ip", "user", "comment", "force"]);
  });

  it("name what is nested, and leave out what is empty", () => {
    expect(inputFacts({ target: { host: "web-01", tags: [], more: { note: null, ips: ["203.0.113.9", "2001:db8::1"] } } })).toEqual({
      facts: [{ name: "host", path: "target host", value: "web-01", isExact: false }, { name: "ips", path: "target more ips", value: "203.0.113.9, 2001:db8::1", isExact: true }],
      isWhole: true,
    });
    expect(names({ from: { host: "a" }, to: { host: "b" } })).toEqual(["from host", "to host"]);
  });

  it("say when they are not all of it", () => {
    expect(inputFacts({ users: Array.from({ length: 20 }, (_, at) => `user${at}`) })).toMatchObject({ isWhole: false, facts: [{ value: expect.stringMatching(/^user0, .*, and 8 more$/) }] });
    expect(inputFacts({ rules: [{ a: 1 }] })).toMatchObject({ isWhole: false, facts: [{ name: "rules", value: "1 entry" }] });
    expect(inputFacts({ a: { b: { c: { d: 1 } } } })).toEqual({ facts: [], isWhole: false });
    expect(inputFacts({ body: "x".repeat(2000) }).isWhole).toBe(false);
    expect(inputFacts(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, at])))).toMatchObject({ isWhole: false });
  });

  it("show what cannot be seen", () => {
    expect(inputFacts({ host: "web\u202e10-\u200bbew", text: "two\nlines" }).facts.map(({ value }) => value)).toEqual(["web⟨U+202E⟩10-⟨U+200B⟩bew", "two\nlines"]);
  });

  it("take any input", () => {
    expect(inputFacts(null)).toEqual({ facts: [], isWhole: true });
    expect(inputFacts("203.0.113.9")).toEqual({ facts: [{ name: "input", path: "", value: "203.0.113.9", isExact: true }], isWhole: true });
    expect(inputFacts({ "": { "constructor": "x" } })).toMatchObject({ facts: [{ value: "x" }] });
  });
});
