import type { FieldFault } from "#format";
import { Refusal } from "./refusal.ts";

/** What a playbook is to be started with does not fit: one detail per field. @param name of the request's field that holds it */
export const inputRefusal = (wrong: readonly FieldFault[], name = "input"): Refusal => {
  const [first] = wrong;
  return new Refusal(
    "invalid",
    first === undefined ? "the input does not fit" : first.field === "" ? first.message : `${first.field}: ${first.message}`,
    wrong.map(({ field, message }) => ({ loc: ["body", name, ...(field === "" ? [] : [field])], msg: message })),
  );
};
