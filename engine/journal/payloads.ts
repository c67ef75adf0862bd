/**
 * What is too large for a row of the journal lies apart, once per run however many steps hand it on: a live trace is read
 * again with every change, and must not carry megabytes each time. The run itself gets everything back (load.ts).
 */
import { createHash } from "node:crypto";
import type { ClientBase, Pool } from "pg";
import type { Json } from "#sdk";
import { decode, encode, encodeText } from "./codec.ts";
import type { SegmentBody, StepRecord } from "./records.ts";

/** Characters of JSON. */
export const APART_FROM = 256 * 1024;

export const PARTS = ["input", "output"] as const;
export type PayloadPart = (typeof PARTS)[number];

export interface PayloadRef {
  /** SHA-256 of the JSON, hex. */
  hash: string;
  /** Bytes of JSON. */
  size: number;
  /** The shape, with what is long cut. */
  preview: Json;
}

export interface PayloadRow {
  runId: string;
  tenantId: string;
  hash: string;
  body: Buffer;
}

/** The segment as it is stored, and what goes apart. Only a segment that is large as a whole is looked into. */
export function packSegment(segment: SegmentBody, run: { runId: string; tenantId: string }): { body: Buffer; payloads: PayloadRow[] } {
  const whole = JSON.stringify(segment);
  if (whole.length < APART_FROM) return { body: encodeText(whole), payloads: [] };
  const payloads = new Map<string, PayloadRow>();
  const steps = segment.steps.map((step) => {
    const packed: StepRecord = { ...step };
    for (const part of PARTS) {
      const value = step[part];
      const text = value === undefined ? "" : JSON.stringify(value);
      if (value === undefined || text.length < APART_FROM) continue;
      const hash = createHash("sha256").update(text).digest("hex");
      if (!payloads.has(hash)) payloads.set(hash, { ...run, hash, body: encodeText(text) });
      delete packed[part];
      packed.apart = { ...packed.apart, [part]: { hash, size: Buffer.byteLength(text), preview: preview(value) } };
    }
    return packed;
  });
  return { body: encode({ ...segment, steps }), payloads: [...payloads.values()] };
}

/** Before the commit that refers to them: one that is refused leaves a row that nobody reads. */
export async function storePayloads(db: Pool | ClientBase, rows: readonly PayloadRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db.query({
    name: "store-payloads",
    text: "INSERT INTO payloads (run_id, hash, tenant_id, body) SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[]) ON CONFLICT (run_id, hash) DO NOTHING",
    values: [rows.map((row) => row.runId), rows.map((row) => row.hash), rows.map((row) => row.tenantId), rows.map((row) => row.body)],
  });
}

/** Puts back what lies apart. @throws Error when a payload is gone */
export async function fetchPayloads(db: Pool | ClientBase, runId: string, steps: Map<string, StepRecord>): Promise<void> {
  const hashes = [...steps.values()].flatMap((step) => PARTS.flatMap((part) => step.apart?.[part]?.hash ?? []));
  if (hashes.length === 0) return;
  const { rows } = await db.query<{ hash: string; body: Buffer }>("SELECT hash, body FROM payloads WHERE run_id = $1 AND hash = ANY($2::text[])", [runId, [...new Set(hashes)]]);
  const values = new Map(rows.map((row) => [row.hash, decode<Json>(row.body)]));
  for (const [key, step] of steps) {
    if (!step.apart) continue;
    const { apart, ...whole } = step;
    for (const part of PARTS) {
      const ref = apart[part];
      if (!ref) continue;
      const value = values.get(ref.hash);
      if (value === undefined) throw new Error(`the ${part} of step ${step.node} of run ${runId} is not stored any more`);
      whole[part] = value;
    }
    steps.set(key, whole);
  }
}

const MAX_TEXT = 300;
const MAX_ITEMS = 5;
const MAX_FIELDS = 30;
const MAX_DEPTH = 4;

/** The value with long texts and lists cut, and nothing deep. */
export function preview(value: Json, depth = 0): Json {
  if (typeof value === "string") return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}… (${value.length} characters)` : value;
  if (value === null || typeof value !== "object") return value;
  if (depth === MAX_DEPTH) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ITEMS).map((item) => preview(item, depth + 1));
    return value.length > MAX_ITEMS ? [...shown, `… (${value.length} items)`] : shown;
  }
  const fields = Object.entries(value);
  const shown = fields.slice(0, MAX_FIELDS).map(([name, field]) => [name, preview(field, depth + 1)] as const);
  return Object.fromEntries(fields.length > MAX_FIELDS ? [...shown, ["…", `${fields.length} fields`] as const] : shown);
}
