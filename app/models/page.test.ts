import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor, pageOf } from "./page.ts";

const id = "0198c0de-0000-7000-8000-000000000001";

describe("cursors", () => {
  it("come back as they went", () => {
    const cursor = { at: new Date("2026-03-04T05:06:07.089Z"), id };
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });

  it.each(["", "nonsense", Buffer.from("1~nope").toString("base64url"), Buffer.from(`-1~${id}`).toString("base64url"), Buffer.from(`1e400~${id}`).toString("base64url"), "%00"])("refuse %j", (text) => {
    expect(decodeCursor(text)).toBeUndefined();
  });

  it("appear only when there is more", () => {
    const rows = [3, 2, 1].map((second) => ({ id, created_at: new Date(second * 1000) }));
    expect(pageOf(rows, 3).next_cursor).toBeNull();
    const page = pageOf(rows, 2);
    expect(page.rows).toHaveLength(2);
    expect(decodeCursor(page.next_cursor!)).toEqual({ at: new Date(2000), id });
  });
});
