/** Cursors of lists ordered newest first: the creation time and id of the last row seen, opaque to clients. */

export interface Cursor {
  at: Date;
  id: string;
}

export interface PageRequest {
  limit: number;
  offset?: number;
  /** From `next_cursor`; wins over the offset. */
  cursor?: Cursor;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

export const encodeCursor = (cursor: Cursor): string => Buffer.from(`${cursor.at.getTime()}~${cursor.id}`).toString("base64url");

/** @returns undefined for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor | undefined {
  const [time = "", id = ""] = Buffer.from(text, "base64url").toString("latin1").split("~");
  const at = new Date(Number(time));
  return /^\d{1,14}$/.test(time) && isUuid(id) && !Number.isNaN(at.getTime()) ? { at, id } : undefined;
}

/** Cuts a list read with one row too many, and tells where the next page starts. */
export function pageOf<Row extends { id: string; created_at: Date }>(rows: Row[], limit: number): { rows: Row[]; next_cursor: string | null } {
  if (rows.length <= limit) return { rows, next_cursor: null };
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next_cursor: last ? encodeCursor({ at: last.created_at, id: last.id }) : null };
}
