/** Three checks look at one draft, and where two see the same mistake people shall read it once, in the clearer words. */
import type { Problem } from "#format";

/** esbuild names the package and says why it cannot be had; TypeScript only finds no module. */
const IMPORT_FAULTS: ReadonlySet<string> = new Set(["missing-package", "needs-node", "forbidden-import", "missing-file"]);

/** @param structure of checkDocument @param compile of compileVersion @param types of checkTypes */
export function mergeProblems(structure: readonly Problem[], compile: readonly Problem[], types: readonly Problem[]): Problem[] {
  const isMissingFile = new Set(structure.filter(({ code }) => code === "missing-file").map(fieldOf));
  const inTypes = new Set(types.map((problem) => `${problem.code} ${fieldOf(problem)}`));
  const filesWithErrors = new Set(types.filter(({ severity }) => severity === "error").map(({ file }) => file));
  const compiled = compile.filter((problem) => {
    if (problem.code === "missing-file" && isMissingFile.has(fieldOf(problem))) return false;
    if (problem.code === "expression-syntax") return !inTypes.has(`expression-syntax ${fieldOf(problem)}`);
    // TypeScript goes on after a mistake and names all of them, with their columns.
    if (problem.code === "code-syntax") return problem.file === undefined || !filesWithErrors.has(problem.file);
    return true;
  });
  const explained = new Set(compiled.filter(({ code }) => IMPORT_FAULTS.has(code)).map(lineOf));
  const without = new Set(compiled.filter(({ code }) => code === "no-default-export").map(fieldOf));
  const typed = types.filter((problem) => {
    if (problem.code === "unresolved-import") return !explained.has(lineOf(problem));
    // A file that is not there or gives no function has no type either.
    return !(problem.file !== undefined && problem.line === undefined && (isMissingFile.has(fieldOf(problem)) || without.has(fieldOf(problem))));
  });
  return [...structure, ...compiled, ...typed];
}

const fieldOf = ({ node, field }: Problem): string => `${node} ${field}`;
const lineOf = ({ file, line }: Problem): string => `${file} ${line}`;
