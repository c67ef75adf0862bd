import { expectTypeOf, test } from "vitest";
import type { RunFailureTrigger, ScheduleTrigger } from "#format";
import type { AlertView } from "#sdk";
import type * as world from "./library/world.d.ts";

/** Held by `npm run typecheck`: the texts that the checker is given say what the engine really hands over. */
test("the alert of the checker is the alert of the SDK", () => {
  expectTypeOf<world.AlertView>().toEqualTypeOf<{ [K in keyof AlertView]: AlertView[K] }>();
});

test("what starts a playbook is what its code is told", () => {
  expectTypeOf<world.ScheduleTrigger>().toEqualTypeOf<ScheduleTrigger>();
  expectTypeOf<Required<world.RunFailureTrigger>>().branded.toEqualTypeOf<Required<RunFailureTrigger>>();
});

test("values become what JSON makes of them", () => {
  expectTypeOf<world.Jsonify<{ at: Date; n?: number; u: string | undefined; f: () => 1; list: (Date | undefined)[]; any: unknown }>>()
    .toEqualTypeOf<{ at: string; n?: number; u: string | undefined; list: (string | null)[]; any: world.Untyped }>();
  expectTypeOf<world.Result<() => Promise<Date | void>>>().toEqualTypeOf<string | null>();
  expectTypeOf<world.Result<7>>().toBeAny();
});
