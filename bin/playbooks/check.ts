/** The checks of publishing, on a folder: structure, code, types. Needs neither server nor database. */
import path from "node:path";
import { ZodError } from "zod";
import { checkTypes, compileVersion } from "#engine";
import { checkDocument, layoutSchema, parseDocument, type PlaybookDocument, type Problem, TRIGGER_ID } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import { readFolder } from "./folder.ts";

export interface Finding {
  file: string;
  /** 1-based. */
  line: number;
  severity: Problem["severity"];
  message: string;
}

export async function checkFolder(folder: string): Promise<Finding[]> {
  const { document: text, layout, files } = await readFolder(folder);
  const file = path.join(folder, "playbook.json");
  const parsed = read(file, text, parseDocument);
  const findings = [...("findings" in parsed ? parsed.findings : []), ...layoutFindings(path.join(folder, "layout.json"), layout)];
  if ("findings" in parsed) return findings;
  return [...findings, ...(await problemsOf(parsed.value, files)).map((problem) => toFinding(folder, text, problem))];
}

/** Each check needs the one before it: types mean nothing where an edge leads nowhere. */
async function problemsOf(document: PlaybookDocument, files: Record<string, string>): Promise<Problem[]> {
  const structure = checkDocument(document, shapeOf, new Set(Object.keys(files)));
  if (structure.some(({ severity }) => severity === "error")) return structure;
  const compiled = await compileVersion({ document, files });
  if (!compiled.ok) return [...structure, ...compiled.problems];
  return [...structure, ...(await checkTypes({ document, files, shapeOf }))];
}

const layoutFindings = (file: string, text: string | undefined): Finding[] => {
  const parsed = read(file, text ?? "{}", (value) => layoutSchema.parse(value));
  return "findings" in parsed ? parsed.findings : [];
};

function read<T>(file: string, text: string, parse: (value: unknown) => T): { value: T } | { findings: Finding[] } {
  const finding = (message: string, line = 1): Finding => ({ file, line, severity: "error", message });
  try {
    return { value: parse(JSON.parse(text)) };
  } catch (error) {
    if (error instanceof ZodError) return { findings: error.issues.map(({ path: at, message }) => finding(`${at.join(".")}: ${message}`)) };
    const message = error instanceof Error ? error.message : String(error);
    const position = error instanceof SyntaxError ? /position (\d+)/.exec(message)?.[1] : undefined;
    return { findings: [finding(message, position === undefined ? 1 : lineAt(text, Number(position)))] };
  }
}

function toFinding(folder: string, text: string, { severity, message, node, edge, field, file, line }: Problem): Finding {
  const place = node === undefined ? "" : `${node}${field === undefined ? "" : `.${field}`}: `;
  if (file !== undefined) return { file: path.join(folder, file), line: line ?? 1, severity, message: `${place}${message.replace(`${file} line ${line}: `, "")}` };
  return { file: path.join(folder, "playbook.json"), line: lineOf(text, node ?? edge, field), severity, message: `${place}${message}` };
}

/** Line of the entry with this id, or of its input field: JSON carries no positions, but ids are unique and come first. */
function lineOf(text: string, id: string | undefined, field: string | undefined): number {
  const start = id === undefined ? -1 : id === TRIGGER_ID ? text.search(/"trigger"\s*:/) : text.search(new RegExp(`"id"\\s*:\\s*${JSON.stringify(id)}`));
  if (start === -1) return 1;
  const next = text.slice(start + 1).search(/"id"\s*:/);
  const entry = text.slice(start, next === -1 ? undefined : start + 1 + next);
  const input = entry.search(/"input"\s*:/);
  const name = field === undefined || input === -1 ? -1 : entry.indexOf(JSON.stringify(field), input);
  return lineAt(text, start + Math.max(name, 0));
}

const lineAt = (text: string, position: number): number => text.slice(0, position).split("\n").length;
