import { describe, expect, it } from "vitest";
import { type FormField, formSchema, readForm } from "./form.ts";

const form: FormField[] = formSchema.parse([
  { name: "host", type: "text", required: true },
  { name: "hours", type: "number", default: 24 },
  { name: "loud", type: "boolean" },
  { name: "how", type: "choice", choices: ["fast", "slow"], default: "slow" },
  { name: "users", type: "list" },
]);

describe("what was filled in", () => {
  it("has a value for every field", () => {
    expect(readForm(form, { host: "web-1" })).toEqual({ ok: true, values: { host: "web-1", hours: 24, loud: false, how: "slow", users: [] } });
    expect(readForm(form, { host: "web-1", hours: 0, loud: true, how: "fast", users: ["a", "b"] })).toEqual({ ok: true, values: { host: "web-1", hours: 0, loud: true, how: "fast", users: ["a", "b"] } });
  });

  it("is empty where it was emptied, in spite of a default", () => {
    expect(readForm(form, { host: "web-1", hours: null, how: "" })).toEqual({ ok: true, values: { host: "web-1", hours: null, loud: false, how: null, users: [] } });
  });

  it.each<[unknown, Record<string, string>]>([
    [undefined, { host: "this is needed" }],
    [{ host: "" }, { host: "this is needed" }],
    [{ host: 7, hours: "24", loud: "yes", how: "never", users: ["a", 1], extra: 1 }, {
      host: "give a text", hours: "give a number", loud: "say true or false", how: "choose one of fast, slow", users: "give a list of texts", extra: "the form has no such field",
    }],
    [{ host: "x", hours: Infinity }, { hours: "give a number" }],
    [{ host: "x", users: "a" }, { users: "give a list of texts" }],
    [{ host: "x", constructor: 1 }, { constructor: "the form has no such field" }],
    [["web-1"], { "": "give an object with the fields host, hours, loud, how, users" }],
    ["web-1", { "": "give an object with the fields host, hours, loud, how, users" }],
  ])("%j is refused by field", (input, expected) => {
    const reading = readForm(form, input);
    expect(reading.ok ? {} : Object.fromEntries(reading.wrong.map(({ field, message }) => [field, message]))).toEqual(expected);
  });

  it("may have a name that every object inherits something under", () => {
    const odd = formSchema.parse([{ name: "constructor", type: "text" }]);
    expect(readForm(odd, {})).toEqual({ ok: true, values: { constructor: null } });
  });
});

it.each([["Host"], ["1st"], ["a-b"], ["__proto__"], [""]])("a field cannot be called %j", (name) => expect(formSchema.safeParse([{ name, type: "text" }]).success).toBe(false));
