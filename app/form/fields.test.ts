import { describe, expect, it } from "vitest";
import { catalog } from "#nodes/catalog.ts";
import { fieldsOf, labelOf, type Schema, shapeOf } from "./fields.ts";

const field = (type: string, part: "config" | "input", name: string) => fieldsOf(catalog().nodes.find((node) => node.type === type)![part]).find((each) => each.name === name);

describe("the catalogue's own schemas", () => {
  it.each([
    ["core.condition", "input", "test", { label: "Test", shape: { kind: "boolean" }, isRequired: true, isNullable: false }],
    ["core.http-request", "config", "method", { shape: { kind: "choice", choices: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] }, initial: "GET", isRequired: false }],
    ["core.http-request", "config", "expect", { shape: { kind: "list", item: { kind: "text" } }, initial: ["2xx"] }],
    ["core.http-request", "input", "url", { label: "URL", shape: { kind: "text", example: "https://" }, isRequired: true }],
    ["core.http-request", "input", "headers", { shape: { kind: "pairs", value: { kind: "text" } }, isNullable: true }],
    ["core.http-request", "input", "query", { shape: { kind: "pairs", value: { kind: "any" } } }],
    ["core.http-request", "input", "body", { shape: { kind: "any" }, isRequired: false }],
    ["core.switch", "config", "cases", { label: "Cases", shape: { kind: "cases", operators: expect.arrayContaining(["==", "between", "exists"]) } }],
    ["alert.update", "input", "risk_score", { shape: { kind: "number", isWhole: true, min: 0, max: 100 }, isNullable: true }],
    ["alert.update", "input", "add_tags", { shape: { kind: "list", item: { kind: "text" } } }],
    ["alert.comment", "input", "text", { shape: { kind: "text", isLong: true } }],
    ["alert.resolve", "input", "reason", { shape: { kind: "text", isLong: true } }],
    ["virustotal.lookup-ip", "input", "ip", { shape: { kind: "text", isLong: false } }],
    ["core.ask", "config", "answers", { shape: { kind: "rows", fields: [{ name: "port" }, { name: "label", isRequired: true }] } }],
    ["core.ask", "config", "fields", { shape: { kind: "rows", fields: [{ name: "name" }, { name: "label" }, { name: "type", initial: "text" }, { name: "choices", shape: { kind: "list" } }, { name: "required", shape: { kind: "boolean" } }] } }],
    ["core.each", "input", "items", { shape: { kind: "json", only: "list" } }],
    ["core.run-playbook", "config", "playbook", { shape: { kind: "text", picks: "playbook" } }],
    ["alert.assign", "input", "username", { isRequired: true, isNullable: true }],
  ] as const)("%s %s.%s", (type, part, name, expected) => expect(field(type, part, name)).toMatchObject(expected));

  it("leave no field without a label", () => {
    for (const node of catalog().nodes) for (const part of [node.config, node.input]) for (const { label } of fieldsOf(part)) expect(label).not.toBe("");
  });
});

it.each<[Schema, string]>([
  [{}, "any"],
  [{ type: "null" }, "any"],
  [{ type: ["string", "number", "boolean"] }, "any"],
  [{ type: ["string", "null"] }, "text"],
  [{ enum: [1, 2] }, "any"],
  [{ const: "only" }, "choice"],
  [{ type: "object", properties: { a: { type: "string" } } }, "json"],
  [{ type: "object", additionalProperties: {} }, "json"],
  [{ type: "array", items: { type: "object" } }, "json"],
  [{ anyOf: [{ type: "string" }, { type: "number" }] }, "any"],
])("%j is edited as %s", (schema, kind) => expect(shapeOf(schema).kind).toBe(kind));

it("makes words of names", () => {
  expect(["api_key", "apiKey", "url"].map(labelOf)).toEqual(["Api key", "Api key", "Url"]);
});
