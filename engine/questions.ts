/** Whether an answer fits the question: what a form in the browser checks too, for whoever answers by the API. Pure. */
import type { Answer, Json, Question, QuestionField } from "#sdk";

export function checkAnswer({ choices = [], fields = [] }: Question, { choice, values }: Answer): { field: string; message: string }[] {
  const wrong: { field: string; message: string }[] = [];
  if (choices.length > 0 && !choices.some(({ value }) => value === choice)) wrong.push({ field: "choice", message: `choose one of ${choices.map(({ value }) => value).join(", ")}` });
  if (choices.length === 0 && choice !== null) wrong.push({ field: "choice", message: "there is nothing to choose from" });
  for (const field of fields) {
    const message = faultOf(field, Object.hasOwn(values, field.name) ? values[field.name]! : null);
    if (message !== null) wrong.push({ field: field.name, message });
  }
  for (const name of Object.keys(values)) if (!fields.some((field) => field.name === name)) wrong.push({ field: name, message: "the question has no such field" });
  return wrong;
}

function faultOf({ type, required, choices = [] }: QuestionField, value: Json): string | null {
  if (value === null || value === "") return required ? "this is needed" : null;
  switch (type) {
    case "text": return typeof value === "string" ? null : "write a text";
    case "number": return typeof value === "number" && Number.isFinite(value) ? null : "give a number";
    case "boolean": return typeof value === "boolean" ? null : "say true or false";
    case "choice": return typeof value === "string" && choices.includes(value) ? null : `choose one of ${choices.join(", ")}`;
    default: return type satisfies never;
  }
}
