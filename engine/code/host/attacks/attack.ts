/** What an attack is, and what must come of it in each profile. */
import type { Profile } from "../../profile.ts";
import type { CodeFailure } from "../../types.ts";

/** How it must end: failed (with one of these reasons, these words, at this line), or without any effect beyond its own result. */
export type Ending =
  | { reason: CodeFailure["reason"] | readonly CodeFailure["reason"][]; says?: string; line?: number }
  | { value: unknown };

export interface Attack {
  name: string;
  /** A file with a default export. */
  source: string;
  timeoutMs?: number;
  ends: Record<Profile, Ending>;
}

/** The same in both. */
export const both = (ending: Ending): Record<Profile, Ending> => ({ isolate: ending, node: ending });

export const thrown = (says: string, line?: number): Ending => ({ reason: "throw", says, ...(line === undefined ? {} : { line }) });

/** A function whose body starts in line 2. */
export const body = (...lines: string[]): string => ["export default async () => {", ...lines.map((line) => `  ${line}`), "};"].join("\n");

/** In the isolate there is nothing of that name; in the Node profile it is there, and refuses. */
export const absent = (name: string, node: Ending, line = 2): Record<Profile, Ending> => ({ isolate: thrown(`ReferenceError: ${name} is not defined`, line), node });

/** With Node's modules: line 2 asks for them, where the isolate already says that there is no such thing. */
export function withModules(name: string, modules: string, lines: string[], node: Ending): Attack {
  return { name, source: body(`const [${modules}] = ${JSON.stringify(modules.split(", "))}.map((each) => (process as any).getBuiltinModule(each));`, ...lines), ends: absent("process", node) };
}
