/** Turns a fault from the isolate into a failure that names the author's file and line. */
import { SourceMap } from "node:module";
import { BUNDLE_FILE } from "../globals.ts";
import { fileOfEntry, isNodeEntry } from "../profile.ts";
import type { Bundle, CodeFailure, PlaceMap } from "../types.ts";
import type { HostFault } from "./protocol.ts";

interface Place {
  file?: string;
  field?: string;
  line?: number;
}

export function placeFailure(fault: HostFault, bundle: Bundle, entry: string): CodeFailure {
  const found = fault.stack === undefined ? undefined : placeOf(fault.stack, isNodeEntry(entry) ? bundle.meta.node?.map : bundle.meta.map);
  const place = { ...entryPlace(bundle, entry), ...(fault.field === undefined ? {} : { field: fault.field }), ...found };
  return { reason: fault.reason, message: `${fault.message}${describe(place)}`, ...place };
}

export function describe({ file, field, line }: Place): string {
  const where = file ?? (field === undefined ? undefined : `"${field}"`);
  return where === undefined ? "" : ` (${where}${line === undefined ? "" : ` line ${line}`})`;
}

function entryPlace(bundle: Bundle, entry: string): Place {
  const file = fileOfEntry(entry);
  if (file === undefined) return {};
  const line = bundle.meta.entries[entry]?.line;
  return { file, ...(line === undefined ? {} : { line }) };
}

const FRAME = new RegExp(`${BUNDLE_FILE}:(\\d+):(\\d+)`, "g");

/** The innermost frame in what the author wrote; what packages do between is not theirs to look at. */
function placeOf(stack: string, places: PlaceMap | undefined): Place | undefined {
  if (!places) return undefined;
  const map = new SourceMap({ version: 3, file: "", names: [], sourcesContent: [], sourceRoot: "", ...places });
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
