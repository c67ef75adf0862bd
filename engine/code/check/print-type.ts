/** Types as a tree of fields shows them: short, with what is inside left to the branches below. */
import ts from "typescript";

const MAX_LENGTH = 60;

export const isMissing = (type: ts.Type): boolean => (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0;
const isEmpty = (type: ts.Type): boolean => isMissing(type) || (type.flags & ts.TypeFlags.Null) !== 0;

/** The members of a union without `undefined`, which a field shows as being optional. */
export const membersOf = (type: ts.Type): ts.Type[] => (type.isUnion() ? type.types : [type]).filter((each) => !isMissing(each));

/** Those that hold fields or elements: neither null nor undefined. */
export const solidMembersOf = (type: ts.Type): ts.Type[] => membersOf(type).filter((each) => !isEmpty(each));

/** Objects with named fields, in contrast to lists, functions and plain values. */
export const isRecord = (checker: ts.TypeChecker, type: ts.Type): boolean =>
  (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && !isList(checker, type) && type.getCallSignatures().length === 0;

export const isList = (checker: ts.TypeChecker, type: ts.Type): boolean => checker.isArrayType(type) || checker.isTupleType(type);

/** What an element of a list is; tuples count as lists of all they hold. */
export const elementOf = (checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined => checker.getIndexTypeOfType(type, ts.IndexKind.Number);

export function printType(checker: ts.TypeChecker, type: ts.Type): string {
  const members = membersOf(type);
  if (members.length === 0) return "undefined";
  const isBoolean = members.filter((each) => each.flags & ts.TypeFlags.BooleanLiteral).length === 2;
  const texts = members.map((each) => (isBoolean && each.flags & ts.TypeFlags.BooleanLiteral ? "boolean" : printMember(checker, each)));
  const distinct = [...new Set(texts)];
  // TypeScript keeps null where it was declared first; people look for the type.
  const ordered = [...distinct.filter((text) => text !== "null"), ...distinct.filter((text) => text === "null")];
  const shown: string[] = [];
  for (const text of ordered) {
    if (shown.length > 0 && [...shown, text].join(" | ").length > MAX_LENGTH) return `${shown.join(" | ")} | …`;
    shown.push(text);
  }
  return shown.join(" | ");
}

function printMember(checker: ts.TypeChecker, type: ts.Type): string {
  if (isList(checker, type)) {
    const element = elementOf(checker, type);
    const text = element ? printType(checker, element) : "unknown";
    return text.includes(" ") ? `(${text})[]` : `${text}[]`;
  }
  if (type.getCallSignatures().length > 0) return "function";
  if (isRecord(checker, type)) {
    const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return values && checker.getPropertiesOfType(type).length === 0 ? `Record<string, ${printType(checker, values)}>` : "object";
  }
  const text = checker.typeToString(type);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}
