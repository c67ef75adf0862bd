import { expect, it } from "vitest";
import { concerns } from "./live.tsx";

it.each([
  [{ alerts: ["a"] }, { alerts: "*" as const }, true],
  [{ alerts: ["a"] }, { alerts: ["b"] }, false],
  [{ alerts: ["a", "b"] }, { alerts: ["b"] }, true],
  [{ alerts: "*" as const }, { alerts: ["b"] }, true],
  [{ alerts: [] }, { alerts: "*" as const }, false],
  [{ runs: ["a"] }, { alerts: "*" as const }, false],
])("%o concerns whoever wants %o: %s", (change, interest, expected) => expect(concerns(change, interest)).toBe(expected));
