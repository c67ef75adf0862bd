import { type Problem, TRIGGER_ID } from "#format";
import { Refusal, type RefusalDetail } from "./refusal.ts";

/** One detail per problem, with the place to show it. @param subject what is refused, for people who only read one line */
export const problemRefusal = (subject: string, problems: readonly Problem[]): Refusal =>
  new Refusal("invalid", `${subject}: ${problems[0]?.message ?? "the code does not compile"}`, problems.map(toDetail));

function toDetail(problem: Problem): RefusalDetail {
  const loc = problem.node === TRIGGER_ID ? ["trigger", ...(problem.field?.split(".") ?? [])]
    : problem.node ? ["nodes", problem.node, ...(problem.field ? ["input", problem.field] : [])] : problem.edge ? ["edges", problem.edge] : problem.file ? ["files", problem.file] : ["document"];
  return { loc, msg: problem.message };
}
