import { describe, expect, it } from "vitest";
import { settingFields, settingsFrom } from "./schema-form.ts";

const schema = {
  type: "object",
  properties: {
    api_key: { type: "string", description: "From your account" },
    base_url: { type: "string", default: "https://example.test" },
    per_minute: { type: "integer" },
    verify: { type: "boolean", default: true },
    tier: { type: "string", enum: ["public", "premium"] },
    hosts: { type: "array", items: { type: "string" } },
  },
  required: ["api_key"],
};

describe("settings as a form", () => {
  const fields = settingFields(schema, ["api_key"]);

  it("knows what each field is", () => {
    expect(fields.map(({ name, kind }) => [name, kind])).toEqual([["api_key", "secret"], ["base_url", "text"], ["per_minute", "number"], ["verify", "boolean"], ["tier", "choice"], ["hosts", "list"]]);
    expect(fields[0]).toMatchObject({ label: "Api key", required: true, hint: "From your account" });
    expect(fields[1]).toMatchObject({ required: false, initial: "https://example.test" });
  });

  it("reads values back in their types and leaves empty ones out", () => {
    const form: Record<string, string> = { api_key: "k", base_url: "", per_minute: "4", verify: "on", hosts: "a, b," };
    expect(settingsFrom(fields, (name) => form[name] ?? "")).toEqual({ api_key: "k", per_minute: 4, verify: true, hosts: ["a", "b"] });
  });

  it("leaves a wrong number to the schema", () => {
    expect(settingsFrom(fields, (name) => (name === "per_minute" ? "many" : ""))["per_minute"]).toBe("many");
  });
});
