/** Turns a fault from the isolate into a failure that names the author's file and line. */
import { SourceMap } from "node:module";
import { BUNDLE_FILE } from "../globals.ts";
import type { Bundle, CodeFailure } from "../types.ts";
import type { HostFault } from "./protocol.ts";

interface Place {
  file?: string;
  field?: string;
  line?: number;
}

export function placeFailure(fault: HostFault, bundle: Bundle, entry: string): CodeFailure {
  const found = fault.stack === undefined ? undefined : placeOf(fault.stack, bundle);
  const place = { ...entryPlace(bundle, entry), ...(fault.field === undefined ? {} : { field: fault.field }), ...found };
  return { reason: fault.reason, message: `${fault.message}${describe(place)}`, ...place };
}

export function describe({ file, field, line }: Place): string {
  const where = file ?? (field === undefined ? undefined : `"${field}"`);
  return where === undefined ? "" : ` (${where}${line === undefined ? "" : ` line ${line}`})`;
}

function entryPlace(bundle: Bundle, entry: string): Place {
  if (!entry.startsWith("file:")) return {};
  const line = bundle.meta.entries[entry]?.line;
  return { file: entry.slice("file:".length), ...(line === undefined ? {} : { line }) };
}

const FRAME = new RegExp(`${BUNDLE_FILE}:(\\d+):(\\d+)`, "g");

/** The innermost frame in what the author wrote; what packages do between is not theirs to look at. */
function placeOf(stack: string, bundle: Bundle): Place | undefined {
  if (!bundle.meta.map) return undefined;
  const map = new SourceMap({ version: 3, file: "", names: [], sourcesContent: [], sourceRoot: "", ...bundle.meta.map });
  for (const [, line, column] of stack.matchAll(FRAME)) {
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) continue;
    const expression = /^expr:([^:]+):(.*)$/s.exec(entry.originalSource);
    // The module of an expression has one line before the author's first.
    if (expression) return { field: expression[2]!, line: Math.max(1, entry.originalLine) };
    if (entry.originalSource.startsWith("code/")) return { file: entry.originalSource, line: entry.originalLine + 1 };
  }
  return undefined;
}
