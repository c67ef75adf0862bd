/** What a node may read, as a tree of fields for people to pick from: every path is an expression of this node. */
import ts from "typescript";
import { IDENTIFIER, printFields } from "./print-fields.ts";
import { elementOf, isList, isMissing, isRecord, printType, solidMembersOf } from "./print-type.ts";
import { openProject, type ProjectInput } from "./project.ts";

export interface ScopeField {
  /** The expression that reads it: `steps.vt?.tags[0]`. */
  path: string;
  /** What to show; an element of a list is `tags[]`. */
  name: string;
  /** Short, without `undefined`: "string | null", "object", "number[]". */
  type: string;
  /** It may be undefined. */
  optional: boolean;
  /** Only some of its object's variants have it: reading it is an error before asking `"name" in object`. */
  partial?: true;
  children?: ScopeField[];
  /** What its author or its schema says of it. */
  summary?: string;
}

export interface ScopeDescription {
  /** The scope as TypeScript would write it, for reading. */
  declaration: string;
  /** steps, item in a loop, alert, trigger, vars, run. */
  fields: ScopeField[];
  /** What the node gives to later ones, by port. */
  gives: ScopeField[];
}

const MAX_DEPTH = 6;
const MAX_FIELDS = 2000;
const MAX_CHILDREN = 200;
const MAX_SUMMARY = 300;

const NOTHING: ScopeDescription = { declaration: "", fields: [], gives: [] };

/** Nothing for a node that does not exist. */
export function describeScope(input: ProjectInput, node: string): ScopeDescription {
  const { program, modules } = openProject(input);
  const module = modules.find((each) => each.node === node);
  const source = module && program.getSourceFile(module.path);
  if (!source) return NOTHING;
  const checker = program.getTypeChecker();
  const reader = new Reader(checker, source);
  // In topological order, so that a long chain of inferred types is never resolved in one deep recursion.
  for (const { path } of modules.slice(0, modules.indexOf(module))) settle(checker, program.getSourceFile(path));
  const scope = declared(checker, source, "Scope");
  const ports = declared(checker, source, "Ports");
  const fields = scope ? reader.fieldsOf(scope, "", 0) : [];
  return {
    declaration: printFields(fields),
    fields,
    gives: ports ? checker.getPropertiesOfType(ports).map((port) => reader.field(checker.getTypeOfSymbol(port), { name: port.name, path: `steps.${node}`, depth: 1 })) : [],
  };
}

const declared = (checker: ts.TypeChecker, source: ts.SourceFile, name: string): ts.Type | undefined => {
  const found = source.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name);
  return found && checker.getTypeAtLocation(found);
};

function settle(checker: ts.TypeChecker, source: ts.SourceFile | undefined): void {
  const ports = source && declared(checker, source, "Ports");
  for (const port of ports ? checker.getPropertiesOfType(ports) : []) checker.getPropertiesOfType(checker.getTypeOfSymbol(port));
}

/** @param reach how the parent's path leads on: "" or "?" where it may be null or undefined. */
function member(parent: string, reach: string, name: string): string {
  if (IDENTIFIER.test(name)) return parent === "" ? name : `${parent}${reach}.${name}`;
  return `${parent}${reach === "?" ? "?." : ""}[${JSON.stringify(name)}]`;
}

interface Place {
  name: string;
  path: string;
  depth: number;
  /** What the type does not say: an element of a list may always be missing. */
  isOptional?: boolean;
}

class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #at: ts.Node;
  #count = 0;

  constructor(checker: ts.TypeChecker, at: ts.Node) {
    this.#checker = checker;
    this.#at = at;
  }

  field(type: ts.Type, place: Place, symbol?: ts.Symbol): ScopeField {
    this.#count++;
    const { name, path, depth, isOptional = false } = place;
    const isAny = (type.flags & ts.TypeFlags.Any) !== 0;
    const children = isAny || depth >= MAX_DEPTH || this.#count >= MAX_FIELDS ? [] : this.#childrenOf(type, place);
    const summary = symbol ? summaryOf(symbol, this.#checker) : "";
    return {
      path,
      name,
      type: printType(this.#checker, type),
      optional: isOptional || ((symbol?.flags ?? 0) & ts.SymbolFlags.Optional) !== 0 || isMissing(type) || (type.isUnion() && type.types.some(isMissing)),
      ...(children.length > 0 ? { children } : {}),
      ...(summary === "" ? {} : { summary }),
    };
  }

  #childrenOf(type: ts.Type, { name, path, depth, isOptional = false }: Place): ScopeField[] {
    const members = solidMembersOf(type);
    const reach = isOptional || canBeEmpty(type) ? "?" : "";
    if (members.length === 1 && isList(this.#checker, members[0]!)) {
      const element = elementOf(this.#checker, members[0]!);
      return element ? [this.field(element, { name: `${name}[]`, path: `${path}${reach === "?" ? "?." : ""}[0]`, depth: depth + 1, isOptional: true })] : [];
    }
    return members.length > 0 && members.every((each) => isRecord(this.#checker, each)) ? this.fieldsOf(type, path, depth, reach) : [];
  }

  /** Fields of an object; of one of several possible objects, those of all of them. */
  fieldsOf(type: ts.Type, path: string, depth: number, reach = ""): ScopeField[] {
    const members = solidMembersOf(type);
    const whole = this.#checker.getNonNullableType(type);
    const names = new Set(members.flatMap((each) => this.#checker.getPropertiesOfType(each).map((property) => property.name)));
    const fields: ScopeField[] = [];
    for (const name of [...names].slice(0, MAX_CHILDREN)) {
      if (this.#count >= MAX_FIELDS) break;
      if (name.startsWith("__@")) continue; // a symbol's name, which JSON does not have
      const common = this.#checker.getPropertyOfType(whole, name);
      const symbol = common ?? members.map((each) => this.#checker.getPropertyOfType(each, name)).find((each) => each !== undefined)!;
      const place = { name, path: member(path, reach, name), depth: depth + 1, isOptional: common === undefined };
      const field = this.field(this.#checker.getTypeOfSymbolAtLocation(symbol, this.#at), place, symbol);
      fields.push(common ? field : { ...field, partial: true });
    }
    return fields;
  }
}

const canBeEmpty = (type: ts.Type): boolean => type.isUnion() && type.types.some((each) => isMissing(each) || (each.flags & ts.TypeFlags.Null) !== 0);

function summaryOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
  return text.length > MAX_SUMMARY ? `${text.slice(0, MAX_SUMMARY)}…` : text;
}
