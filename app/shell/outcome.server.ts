import { isRefusal, REFUSAL_STATUS } from "#app/models/refusal.ts";
import { data } from "@remix-run/node";

/** What an action answers: nothing to say, a word for the toast, or errors at their fields ("" is the form's own). */
export interface Outcome { ok: boolean; intent: string; message?: string; errors?: Record<string, string> }

export const done = (intent: string, message?: string): Outcome => ({ ok: true, intent, ...(message === undefined ? {} : { message }) });

export const refused = (intent: string, errors: Record<string, string>, status = 422) => data<Outcome>({ ok: false, intent, errors }, { status });

/** Runs a model's change; its refusal becomes the form's errors, anything else stays an error. */
export async function attempt(intent: string, change: () => Promise<string | undefined | void>) {
  try {
    return data<Outcome>(done(intent, (await change()) ?? undefined));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const errors = Object.fromEntries((error.details ?? []).map(({ loc, msg }) => [String(loc.at(-1) ?? ""), msg]));
    return refused(intent, Object.keys(errors).length > 0 ? errors : { "": error.message }, REFUSAL_STATUS[error.kind]);
  }
}

/** A form's field as text, never a file, never missing. */
export const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
};
