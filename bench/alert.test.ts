import { expect, it } from "vitest";
import { ALERT_BYTES, alertBody, alertId } from "./alert.ts";

it("is JSON of 2 KB with an id of its own, whatever the number", () => {
  const ids = new Set<string>();
  for (const number of [0, 1, 499, 500, 12_345_678]) {
    const id = alertId("product-12-", number);
    const body = alertBody(id, number);
    expect(Buffer.byteLength(body)).toBe(ALERT_BYTES);
    expect(JSON.parse(body)).toMatchObject({ source: "bench", source_id: id });
    ids.add(id);
  }
  expect(ids.size).toBe(5);
});
