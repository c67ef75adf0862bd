/** What the editor asks about the code of a draft while somebody writes: is it right, what may a node read, what must Monaco know. */
import { checkTypesOrYield, compileVersion, type Declarations, declarations, describeScope, type Outcome, type ScopeDescription, type TypeCheckInput } from "#engine";
import { checkDocument, type Problem } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import type { Db } from "#prisma";
import { readDraft } from "./draft.server.ts";
import { mergeProblems } from "./merge-problems.ts";
import { missingPlaybooks } from "./playbook-references.server.ts";
import { parsePlaybook } from "./parse-playbook.ts";
import { Refusal } from "./refusal.ts";

export interface CodeQuestion {
  tenantId: string;
  userId: string;
  /** Id or slug. */
  playbook: string;
  /** As the editor has it; absent: as it is stored. */
  document?: unknown;
  files?: Record<string, string> | undefined;
}

/** Milliseconds: somebody is waiting, and so is everybody behind them. */
const TIMEOUT_MS = 5_000;

/** Structure, compilation and types together: a mistake in one place hides nothing about another. @throws Refusal. */
export async function checkDraft(db: Db, question: CodeQuestion): Promise<Problem[]> {
  const input = await toInput(db, question);
  const [compiled, types] = await Promise.all([compileVersion(input), checkTypesOrYield(input)]);
  const named = await db.withTenant(question.tenantId, (tx) => missingPlaybooks(tx, question.tenantId, input.document));
  const structure = [...checkDocument(input.document, shapeOf, new Set(Object.keys(input.files))), ...named];
  return mergeProblems(structure, compiled.ok ? [] : compiled.problems, answered(types));
}

/** @throws Refusal; not-found also for a node that the document does not have. */
export async function describeDraftScope(db: Db, question: CodeQuestion & { node: string }): Promise<ScopeDescription> {
  const input = await toInput(db, question);
  if (!input.document.nodes.some(({ id }) => id === question.node)) throw new Refusal("not-found", `The playbook has no node "${question.node}"`);
  return answered(await describeScope({ ...input, node: question.node, replaces: `${input.replaces}:${question.node}` }));
}

/** @throws Refusal. */
export async function declareDraft(db: Db, question: CodeQuestion): Promise<Declarations> {
  return answered(await declarations(await toInput(db, question)));
}

async function toInput(db: Db, { tenantId, userId, playbook, document, files }: CodeQuestion): Promise<TypeCheckInput> {
  // Read in any case: it says that the playbook is there and the tenant's.
  const stored = await readDraft(db, tenantId, playbook);
  if (!stored) throw new Refusal("not-found", "Playbook not found");
  const draft = parsePlaybook({ document: document === undefined ? stored.document : document, files: files ?? stored.files });
  return { ...draft, shapeOf, turn: userId, replaces: `${userId}:${stored.playbook_id}`, timeoutMs: TIMEOUT_MS };
}

function answered<T>(outcome: Outcome<T>): T {
  switch (outcome.status) {
    case "answered": return outcome.answer;
    case "superseded": throw new Refusal("conflict", "You have asked the same of a newer draft meanwhile");
    case "gave-up": throw new Refusal("invalid", `The types of this playbook cannot be worked out: ${outcome.reason}`);
  }
}
