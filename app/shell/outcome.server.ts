import { isRefusal, REFUSAL_STATUS } from "#app/models/refusal.ts";
import { data } from "@remix-run/node";

/**
 * What an action answers: nothing to say, a word for the toast, a page to go to, or errors at their fields ("" is the form's own).
 * A page to go to is not a redirect: Remix drops a fetcher's redirect when a revalidation has begun meanwhile, and live pages
 * revalidate at any moment.
 */
export interface Outcome { ok: boolean; intent: string; message?: string; to?: string; errors?: Record<string, string> }

export const done = (intent: string, message?: string): Outcome => ({ ok: true, intent, ...(message === undefined ? {} : { message }) });

export const refused = (intent: string, errors: Record<string, string>, status = 422) => data<Outcome>({ ok: false, intent, errors }, { status });

/** Runs a model's change, which may give a word for the toast or a page to go to; its refusal becomes the form's errors, anything else stays an error. */
export async function attempt(intent: string, change: () => Promise<string | { to: string } | undefined | void>) {
  try {
    const result = await change();
    return data<Outcome>(typeof result === "object" ? { ok: true, intent, ...result } : done(intent, result ?? undefined));
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
