import { expect, test } from "vitest";
import { z } from "zod";
import { fieldType, type JsonSchema, schemaType } from "./schema-type.ts";

const of = (schema: z.ZodType, io: "input" | "output" = "output") => schemaType(z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema);

test.each([
  [z.string(), "string"], [z.url(), "string"], [z.number().int().max(3), "number"], [z.boolean(), "boolean"], [z.null(), "null"],
  [z.enum(["a", "b"]), '"a" | "b"'], [z.literal(true), "true"], [z.union([z.ipv4(), z.ipv6()]), "string"], [z.string().nullable(), "string | null"],
  [z.unknown(), "Untyped"], [z.union([z.string(), z.unknown()]), "Untyped"], [z.array(z.string().nullable()), "Array<string | null>"], [z.array(z.unknown()), "Array<Untyped>"],
  [z.tuple([z.string(), z.number()]), "[string, number]"], [z.tuple([z.string()], z.number()), "[string, ...Array<number>]"],
  [z.object({}), "{}"], [z.looseObject({}), "{ [name: string]: Untyped }"], [z.object({ a: z.string(), "b c": z.number().optional() }), '{ "a": string; "b c"?: number }'],
  [z.looseObject({ a: z.string() }), '{ "a": string; [name: string]: Untyped }'], [z.record(z.string(), z.number()), "{ [name: string]: number }"],
])("%#", (schema, type) => {
  expect(of(schema)).toBe(type);
});

test("reads JSON Schema that zod does not write, too", () => {
  expect(schemaType({ allOf: [{ type: "object", properties: { a: { type: "string" } } }, { $ref: "#/$defs/b" }], $defs: { b: { enum: [1, "x"] } } })).toBe('({ "a"?: string }) & (1 | "x")');
  expect(schemaType({ type: ["string", "null"] })).toBe("string | null");
  expect(schemaType({ type: "object" })).toBe("Record<string, Untyped>");
  expect(schemaType({ $ref: "https://elsewhere.test/schema" })).toBe("Untyped");
});

test("what contains itself is untyped from there on", () => {
  interface Tree { name: string; children: Tree[] }
  const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(tree) }));
  expect(of(tree)).toMatch(/^\{ "name": string; "children": Array<.*Untyped.*> \}$/);
  expect(of(z.json(), "input")).toContain("string");
});

test("a field may be left undefined where it is optional, and anything goes where nothing is declared", () => {
  const input = z.toJSONSchema(z.object({ a: z.string(), b: z.string().nullish(), c: z.number().default(1), d: z.unknown() }), { io: "input" }) as JsonSchema;
  expect(["a", "b", "c", "d", "e"].map((field) => fieldType(input, field))).toEqual(["string", "string | null | undefined", "number | undefined", undefined, undefined]);
});

test("descriptions become JSDoc where they are asked for", () => {
  const schema = z.toJSONSchema(z.object({ a: z.string().describe("Of the alert.\nNot */ more"), b: z.number() })) as JsonSchema;
  expect(schemaType(schema, { root: schema, isDocumented: true })).toBe('{ \n/** Of the alert. Not * / more */ "a": string; "b": number }');
  expect(schemaType(schema)).toBe('{ "a": string; "b": number }');
});
