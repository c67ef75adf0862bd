/** A playbook as somebody sent it, told what is wrong with its shape. Whether it would run is checked after this. */
import { ZodError } from "zod";
import { type Draft, layoutSchema, parseDocument } from "#format";
import { codeFilePath } from "#format/schema.ts";
import { refuseTooLarge } from "./playbook-limits.ts";
import { Refusal } from "./refusal.ts";

export interface PlaybookContent {
  document: unknown;
  layout?: unknown;
  /** {"code/score.ts": source} */
  files?: Readonly<Record<string, string>> | undefined;
}

/** @throws Refusal invalid, with one detail per thing that is wrong. */
export function parsePlaybook({ document, layout, files = {} }: PlaybookContent): Draft & { files: Record<string, string> } {
  for (const path of Object.keys(files)) {
    if (!codeFilePath.safeParse(path).success) throw new Refusal("invalid", `a code file is code/<kebab-case>.ts, not "${path}"`);
  }
  const draft = { ...shaped(document, layout), files: { ...files } };
  refuseTooLarge(draft);
  return draft;
}

function shaped(document: unknown, layout: unknown): Pick<Draft, "document" | "layout"> {
  try {
    return { document: parseDocument(document), layout: layoutSchema.parse(layout ?? {}) };
  } catch (error) {
    if (error instanceof ZodError) {
      const details = error.issues.map((issue) => ({ loc: issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)), msg: issue.message }));
      throw new Refusal("invalid", `the playbook document is not valid: ${details[0]?.msg ?? ""}`, details);
    }
    throw new Refusal("invalid", error instanceof Error ? error.message : "the playbook document is not valid");
  }
}
