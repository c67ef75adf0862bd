import { z } from "zod";

/**
 * Marks a string field as secret: password box in forms, sealed at rest, redacted in every view, stream and log.
 * The mark travels in the schema's metadata, so the JSON Schema for the browser carries it too.
 */
export function secret(schema: z.ZodString = z.string().min(1)) {
  return schema.meta({ secret: true });
}

export function isSecretField(schema: z.ZodType): boolean {
  let inner: z.ZodType = schema;
  for (;;) {
    if (inner.meta()?.["secret"] === true) return true;
    if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) inner = inner.unwrap() as z.ZodType;
    else return false;
  }
}
