/**
 * Lifts a stored document, one format number at a time, to the current shape. Each step is a pure function from the
 * JSON of format n to that of n + 1, with a fixture of format n beside the test. There is one format so far.
 */
const STEPS: ((document: Record<string, unknown>) => Record<string, unknown>)[] = [];

/** @throws Error for a document that is not an object or is newer than this program. */
export function migrateDocument(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) throw new Error("a playbook document is a JSON object");
  let document = input as Record<string, unknown>;
  const newest = STEPS.length + 1;
  const format = document["format"];
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1) throw new Error("a playbook document names its format, a whole number");
  if (format > newest) throw new Error(`this playbook has format ${format}; this Playgraph reads up to ${newest}: update Playgraph`);
  for (let at = format; at < newest; at++) document = STEPS[at - 1]!(document);
  return document;
}
