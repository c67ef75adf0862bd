/** What waits for people, and what they said: approvals of steps, questions, and decisions about calls that may have happened. */
import { APPROVAL_KINDS, type ApprovalKind } from "#app/approvals/kinds.ts";
import type { Db } from "#prisma";
import { Prisma } from "#prisma/generated/client.ts";
import type { RunStatus } from "#engine/status.ts";
import type { PlaybookDocument, PlaybookLayout } from "#format";
import { resolveNode } from "#nodes";
import type { Question } from "#sdk";
import { type Cursor, encodeCursor, isUuid } from "./page.ts";
import type { ApprovalWire } from "./wire.ts";

export interface ApprovalFilter {
  status: "open" | "answered";
  /** Absent: all kinds. */
  kind?: readonly ApprovalKind[];
  /** Absent: live runs alone; a test asks nobody but who started it. */
  run_id?: string;
}

export interface ApprovalPage {
  approvals: ApprovalWire[];
  total: number;
  next_cursor: string | null;
}

/** The engine's own words beside those of every question: engine/settle.ts. */
type StoredQuestion = Partial<Question> & { node?: string; input?: unknown; message?: string };

/** As `reply` and `answer` of the engine, its timers and its late receipts write them. */
type StoredAnswer = { choice?: string | null; decision?: string; values?: Record<string, unknown>; reason?: string | null; timed_out?: true; withdrawn?: true };

interface Row {
  id: string;
  kind: ApprovalKind;
  question: StoredQuestion;
  answer: StoredAnswer | null;
  answered_by: { name?: string } | null;
  answered_at: Date | null;
  until: Date | null;
  created_at: Date;
  run_id: string;
  status: RunStatus;
  mode: string;
  playbook_id: string;
  slug: string;
  name: string;
  version: number | null;
  version_id: string;
  alert_id: string | null;
  alert_title: string | null;
  severity: NonNullable<ApprovalWire["alert"]>["severity"] | null;
  step_id: string;
  node_id: string;
  node_type: string | null;
  item: string | null;
  effect: string | null;
  node: { title?: string; version?: number; config?: Record<string, unknown>; connection?: string } | null;
}

const JOINS = Prisma.sql`JOIN runs r ON r.id = w.run_id`;

const COLUMNS = Prisma.sql`w.id, w.kind, w.question, w.answer, w.answered_by, w.answered_at, w.until, w.created_at, r.id AS run_id, r.status, r.mode,
  p.id AS playbook_id, p.slug, p.name, v.number AS version, v.id AS version_id, a.id AS alert_id, a.title AS alert_title, a.severity,
  w.step_id, COALESCE(s.node_id, w.question->>'node') AS node_id, s.node_type, s.item, s.effect,
  jsonb_path_query_first(v.document, '$.nodes[*] ? (@.id == $id)', jsonb_build_object('id', COALESCE(s.node_id, w.question->>'node'))) AS node`;

// A step is a soft reference: its row may be gone long before the answer is.
const DETAILS = Prisma.sql`JOIN playbooks p ON p.id = r.playbook_id JOIN playbook_versions v ON v.id = r.version_id
  LEFT JOIN alerts a ON a.id = r.alert_id LEFT JOIN steps s ON s.id = w.step_id`;

const DECISION_CHOICES = [{ value: "happened", label: "It happened" }, { value: "again", label: "Do it again" }, { value: "fail", label: "Fail" }];

function toWire(row: Row): ApprovalWire {
  const { question, node } = row;
  const title = node?.title ?? resolveNode(row.node_type ?? "", node?.version ?? 1)?.ui.title ?? row.node_id;
  return {
    id: row.id,
    kind: row.kind,
    run: { id: row.run_id, status: row.status, mode: row.mode },
    playbook: { id: row.playbook_id, slug: row.slug, name: row.name, version: row.version, version_id: row.version_id },
    alert: row.alert_id === null ? null : { id: row.alert_id, title: row.alert_title!, severity: row.severity! },
    step: { id: row.step_id, node_id: row.node_id, node_type: row.node_type ?? "", item: row.item ?? "", title, effect: row.effect ?? "none" },
    title: row.kind === "question" ? (question.title ?? title) : title,
    text: question.text ?? null,
    input: question.input ?? null,
    settings: node?.config ?? {},
    connection: node?.connection ?? null,
    failure: question.message ?? null,
    choices: row.kind === "decision" ? DECISION_CHOICES : (question.choices ?? []),
    fields: question.fields ?? [],
    roles: question.roles ?? null,
    asked_at: row.created_at.toISOString(),
    until: row.until?.toISOString() ?? null,
    answer: toAnswer(row),
  };
}

function toAnswer({ answer, answered_by, answered_at }: Row): ApprovalWire["answer"] {
  if (answered_at === null) return null;
  const { choice, decision, values, reason, timed_out, withdrawn } = answer ?? {};
  const outcome = timed_out ? "timed_out" : withdrawn ? "withdrawn" : decision === "receipt" ? "receipt" : "answered";
  return { outcome, choice: choice ?? decision ?? null, values: values ?? {}, reason: reason ?? null, by: outcome === "answered" ? (answered_by?.name ?? null) : null, at: answered_at.toISOString() };
}

/** Open ones oldest first: who has waited longest comes first. Answered ones by their answer, newest first. */
export function listApprovals(db: Db, tenantId: string, { status, kind = APPROVAL_KINDS, run_id }: ApprovalFilter, page: { limit: number; cursor?: Cursor }): Promise<ApprovalPage> {
  const isOpen = status === "open";
  const where = Prisma.sql`w.tenant_id = ${tenantId}::uuid AND w.answered_at IS ${isOpen ? Prisma.empty : Prisma.sql`NOT`} NULL AND w.kind = ANY(${[...kind]}::text[])
    AND ${run_id === undefined ? Prisma.sql`r.mode = 'live'` : isUuid(run_id) ? Prisma.sql`w.run_id = ${run_id}::uuid` : Prisma.sql`false`}`;
  const { cursor } = page;
  const after = !cursor ? Prisma.empty
    : isOpen ? Prisma.sql`AND w.created_at >= ${cursor.at} AND (w.created_at > ${cursor.at} OR w.id > ${cursor.id}::uuid)`
    : Prisma.sql`AND w.answered_at <= ${cursor.at} AND (w.answered_at < ${cursor.at} OR w.id < ${cursor.id}::uuid)`;
  const order = isOpen ? Prisma.sql`w.created_at, w.id` : Prisma.sql`w.answered_at DESC, w.id DESC`;
  return db.withTenant(tenantId, async (tx) => {
    const rows = await tx.$queryRaw<Row[]>`SELECT ${COLUMNS} FROM waits w ${JOINS} ${DETAILS} WHERE ${where} ${after} ORDER BY ${order} LIMIT ${page.limit + 1}`;
    const [counted] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM waits w ${JOINS} WHERE ${where}`;
    const shown = rows.slice(0, page.limit);
    const last = shown.at(-1);
    const more = rows.length > page.limit && last !== undefined;
    return { approvals: shown.map(toWire), total: counted?.count ?? 0, next_cursor: more ? encodeCursor({ at: isOpen ? last.created_at : last.answered_at!, id: last.id }) : null };
  });
}

/** More are not counted: the navigation asks after every change. */
export const MOST_COUNTED = 10_000;

/** How many things wait for a person, up to `MOST_COUNTED`. */
export async function countApprovals(db: Db, tenantId: string): Promise<number> {
  const [counted] = await db.withTenant(tenantId, (tx) => tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM (SELECT FROM waits w ${JOINS}
    WHERE w.tenant_id = ${tenantId}::uuid AND w.answered_at IS NULL AND w.kind = ANY(${[...APPROVAL_KINDS]}::text[]) AND r.mode = 'live' LIMIT ${MOST_COUNTED}) AS waiting`);
  return counted?.count ?? 0;
}

/** One of any state. @returns null for an unknown id, and for what is none */
export function findApproval(db: Db, tenantId: string, runId: string, waitId: string): Promise<ApprovalWire | null> {
  if (!isUuid(runId) || !isUuid(waitId)) return Promise.resolve(null);
  return db.withTenant(tenantId, async (tx) => {
    const [row] = await tx.$queryRaw<Row[]>`SELECT ${COLUMNS} FROM waits w ${JOINS} ${DETAILS}
      WHERE w.tenant_id = ${tenantId}::uuid AND w.run_id = ${runId}::uuid AND w.id = ${waitId}::uuid AND w.kind = ANY(${[...APPROVAL_KINDS]}::text[])`;
    return row ? toWire(row) : null;
  });
}

export interface RunGraph {
  document: PlaybookDocument;
  layout: PlaybookLayout;
}

/** The graphs that runs of these versions execute, each once, by the version's id. */
export async function graphsOf(db: Db, tenantId: string, versionIds: readonly string[]): Promise<Record<string, RunGraph>> {
  const rows = await db.withTenant(tenantId, (tx) => tx.playbookVersion.findMany({ where: { tenant_id: tenantId, id: { in: [...new Set(versionIds)] } }, select: { id: true, document: true, layout: true } }));
  return Object.fromEntries(rows.map(({ id, document, layout }) => [id, { document: document as unknown as PlaybookDocument, layout: layout as unknown as PlaybookLayout }]));
}
