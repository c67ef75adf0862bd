import type { ScopeField } from "./describe-scope.ts";

export const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const MAX_LENGTH = 20_000;

/** A tree of fields as the members of a TypeScript type, for people. */
export function printFields(fields: readonly ScopeField[]): string {
  const text = lines(fields, "").join("\n");
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}\n…` : text;
}

const lines = (fields: readonly ScopeField[], indent: string): string[] => fields.flatMap(({ name, type, optional, children = [], summary }) => {
  const comment = summary === undefined ? [] : [`${indent}/** ${summary} */`];
  const head = `${indent}${IDENTIFIER.test(name) ? name : JSON.stringify(name)}${optional ? "?" : ""}: `;
  // The only child of a list is its element.
  const element = children.length === 1 && children[0]!.name === `${name}[]` ? children[0]! : undefined;
  const inner = element ? (element.children ?? []) : children;
  if (inner.length === 0) return [...comment, `${head}${type};`];
  return [...comment, `${head}{`, ...lines(inner, `${indent}  `), `${indent}}${element ? "[]" : ""}${type.endsWith("| null") ? " | null" : ""};`];
});
