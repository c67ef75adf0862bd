/** The table of attacks: every one is made in both profiles, by root's children and by a plain user's. */
import type { Attack } from "./attack.ts";
import { machine, next, process, protocol } from "./reach.ts";
import { errors, floods, memory, results, time } from "./resources.ts";

export const attacks: Readonly<Record<string, readonly Attack[]>> = { time, memory, results, errors, floods, process, machine, "the next call": next, protocol };
