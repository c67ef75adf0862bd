/** The forms that answer, on whichever page they stand, as calls of the model that does it. */
import { problemOf } from "#app/api/json-guard.ts";
import { answerRun } from "#app/models/run-actions.server.ts";
import { replyRun } from "#app/models/reply-run.server.ts";
import { actorOf, type AppContext, type SignedIn } from "#app/server/context.ts";
import { attempt, refused, text } from "#app/shell/outcome.server.ts";
import type { Json } from "#sdk";
import { DECISIONS } from "./decisions.ts";

interface Request { app: AppContext & { user: SignedIn }; form: FormData }

const MAX_REASON = 2000;
const WORDS: Record<string, string> = { approve: "Approved", refuse: "Refused" };

const reasonOf = (form: FormData): string | null => text(form, "reason").slice(0, MAX_REASON) || null;

export async function reply({ app, form }: Request) {
  const values = parseJson(text(form, "values"));
  if (!values.ok || (values.value !== undefined && !isRecord(values.value))) return refused("reply", { "": "The answer could not be read" });
  const choice = text(form, "choice") || null;
  return attempt("reply", async () => {
    await replyRun(app, text(form, "run_id"), { waitId: text(form, "wait_id"), choice, values: (values.value ?? {}) as Record<string, Json>, reason: reasonOf(form) }, app.user);
    return (choice !== null && WORDS[choice]) || "Answered";
  });
}

export async function decide({ app, form }: Request) {
  const decision = DECISIONS.find((value) => value === text(form, "decision"));
  if (decision === undefined) return refused("answer", { "": "Choose what is true" });
  const parsed = parseJson(text(form, "data"));
  if (!parsed.ok) return refused("answer", { data: parsed.message });
  const data = decision === "happened" ? parsed.value : undefined;
  return attempt("answer", async () => {
    await answerRun(app, app.user.tenant_id, text(form, "run_id"), { stepId: text(form, "step_id"), decision, reason: reasonOf(form) ?? undefined, data }, actorOf(app.user));
    return "Answered";
  });
}

const isRecord = (value: Json): value is { [name: string]: Json } => typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(source: string): { ok: true; value: Json | undefined } | { ok: false; message: string } {
  if (source === "") return { ok: true, value: undefined };
  try {
    const value = JSON.parse(source) as Json;
    const problem = problemOf(value);
    return problem === undefined ? { ok: true, value } : { ok: false, message: problem };
  } catch (error) {
    return { ok: false, message: `This is not JSON: ${error instanceof Error ? error.message : "unreadable"}` };
  }
}
