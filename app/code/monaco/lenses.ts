/**
 * What an author writes is less than what TypeScript must read: an expression stands in a function with its node's scope, and a file's
 * default export has a parameter whose type nobody wrote. A lens is what is inserted between the two, and knows the way back.
 */
import type ts from "typescript";
import { type Insertion, toInserted, toWritten, typeScope } from "#format/code-file.ts";
import { EXPRESSIONS, parseExpressionFile, ROOT } from "./paths.ts";

/** As the server's `declarations` answers. */
export interface Wrappers {
  nodes: Record<string, { prefix: string; suffixes: Record<string, string>; own?: Record<string, { prefix: string; suffix: string }> | undefined }>;
  scopes: Record<string, string>;
}

export interface Span {
  start: number;
  length: number;
}

export class Lens {
  readonly insertions: readonly Insertion[];

  constructor(insertions: readonly Insertion[]) {
    this.insertions = insertions;
  }

  /** From the author's text to TypeScript's. */
  inward = (offset: number): number => toInserted(this.insertions, offset);

  /** Back. @returns undefined for what the author did not write. */
  outward({ start, length }: Span): Span | undefined {
    let added = 0;
    for (const { at, text, opens } of this.insertions) {
      const begin = at + added;
      // The place before what closes is the author's, as long as nothing of it is meant.
      const isBefore = start < begin || (start === begin && length === 0 && !opens);
      if (isBefore) break;
      if (start < begin + text.length) return undefined;
      added += text.length;
    }
    const from = start - added;
    return { start: from, length: Math.max(0, toWritten(this.insertions, start + length) - from) };
  }
}

/** @returns undefined where TypeScript reads what the author wrote. */
export function insertionsFor(typescript: typeof ts, file: string, text: string, { nodes, scopes }: Wrappers): Insertion[] | undefined {
  if (file.startsWith(EXPRESSIONS)) {
    const place = parseExpressionFile(file);
    const node = place && nodes[place.node];
    if (!node) return undefined;
    const own = node.own?.[place.field];
    if (own) return [{ at: 0, text: own.prefix, opens: true }, { at: text.length, text: own.suffix }];
    return [{ at: 0, text: node.prefix, opens: true }, { at: text.length, text: node.suffixes[place.field] ?? node.suffixes["*"] ?? "\n);\n" }];
  }
  const scope = scopes[file.slice(ROOT.length)];
  return scope === undefined ? undefined : typeScope(typescript, text, scope);
}
