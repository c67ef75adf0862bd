/** What TypeScript says of a playbook, at the places where its authors wrote. */
import ts from "typescript";
import { defaultExport, type Problem } from "#format";
import { ROOT } from "./node-module.ts";
import { fileProblem, moduleProblem } from "./problems.ts";
import { openProject, type ProjectInput } from "./project.ts";

export function checkProject(input: ProjectInput): Problem[] {
  const { program, modules, ends, users, insertions, problems } = openProject(input);
  const found = [...problems];
  for (const [path, source] of Object.entries(input.files)) {
    for (const diagnostic of diagnosticsOf(program, `${ROOT}/${path}`)) found.push(fileProblem({ path, source, insertions: insertions.get(path) ?? [] }, diagnostic, users));
  }
  // In topological order, so that a long chain of inferred types is resolved from its start and never in one deep recursion.
  for (const module of [...modules, ...ends]) {
    for (const diagnostic of diagnosticsOf(program, module.path)) found.push(moduleProblem(module, diagnostic, (file) => exportLine(input.files[file])));
  }
  return distinct(found);
}

function diagnosticsOf(program: ts.Program, path: string): readonly ts.Diagnostic[] {
  const file = program.getSourceFile(path);
  if (!file) return [];
  const syntax = program.getSyntacticDiagnostics(file);
  return syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
}

function exportLine(source: string | undefined): number | undefined {
  if (source === undefined) return undefined;
  const tree = ts.createSourceFile("file.ts", source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const found = defaultExport(ts, tree);
  return found && tree.getLineAndCharacterOfPosition(found.at.getStart(tree)).line + 1;
}

const distinct = (problems: readonly Problem[]): Problem[] => [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
