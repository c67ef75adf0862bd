/** Which parts of the scope a piece of code mentions. Errs on the side of too much: a missed mention would be a wrong result. */
import type ts from "typescript";
import { type Callable, defaultExport } from "#format";
import type { ScopeUse } from "../types.ts";

const PARTS = ["trigger", "alert", "item", "vars", "run"] as const;

const nothing = (): ScopeUse => ({ trigger: false, alert: false, item: false, vars: false, run: false, steps: [] });
const everything = (): ScopeUse => ({ trigger: true, alert: true, item: true, vars: true, run: true, steps: null });

const addStep = (use: ScopeUse, id: string): void => {
  if (use.steps && !use.steps.includes(id)) use.steps.push(id);
};

/** All fields of one node together: they are evaluated in one call. */
export function expressionsUse(typescript: typeof ts, trees: readonly ts.Expression[]): ScopeUse {
  const use = nothing();
  for (const tree of trees) {
    visitNames(typescript, tree, (name) => mention(typescript, use, name, name.text));
  }
  use.steps?.sort();
  return use;
}

/** @returns undefined where the file has no default export. */
export function fileUse(typescript: typeof ts, source: ts.SourceFile): ScopeUse | undefined {
  const found = defaultExport(typescript, source);
  if (!found) return undefined;
  const use = found.fn ? functionUse(typescript, found.fn) : everything();
  use.steps?.sort();
  return { ...use, line: source.getLineAndCharacterOfPosition(found.at.getStart()).line + 1 };
}

function functionUse(typescript: typeof ts, fn: Callable): ScopeUse {
  const scope = fn.parameters.find((parameter) => !(typescript.isIdentifier(parameter.name) && parameter.name.text === "this"));
  if (!fn.body || mentionsArguments(typescript, fn)) return everything();
  if (!scope) return nothing();
  if (scope.dotDotDotToken) return everything();
  if (typescript.isArrayBindingPattern(scope.name)) return everything();
  const use = nothing();
  if (typescript.isIdentifier(scope.name)) {
    const name = scope.name.text;
    let isWhole = false;
    visitNames(typescript, fn, (identifier) => {
      if (identifier.text !== name || identifier === scope.name) return;
      const part = memberOf(typescript, identifier);
      if (part) mention(typescript, use, part.holder, part.name);
      else isWhole = true;
    });
    return isWhole ? everything() : use;
  }
  for (const element of scope.name.elements) {
    const key = element.propertyName ?? element.name;
    if (element.dotDotDotToken || !typescript.isIdentifier(key)) return everything();
    if (key.text !== "steps") {
      markPart(use, key.text);
    } else if (typescript.isIdentifier(element.name)) {
      const local = element.name.text;
      visitNames(typescript, fn, (identifier) => {
        if (identifier.text === local && identifier !== element.name) mention(typescript, use, identifier, "steps");
      });
    } else if (!destructureSteps(typescript, use, element.name)) {
      use.steps = null;
    }
  }
  return use;
}

/** Direct mentions only: `arguments` inside an arrow is that of the function around it, so both count. */
function mentionsArguments(typescript: typeof ts, fn: Callable): boolean {
  let found = false;
  visitNames(typescript, fn, (identifier) => { found ||= identifier.text === "arguments"; });
  return found;
}

function markPart(use: ScopeUse, name: string): void {
  const part = PARTS.find((each) => each === name);
  if (part) use[part] = true;
}

/** @param node stands for the part `name` of the scope: an identifier, or the access `scope.name`. */
function mention(typescript: typeof ts, use: ScopeUse, node: ts.Node, name: string): void {
  if (name !== "steps") {
    markPart(use, name);
    return;
  }
  const member = memberOf(typescript, node);
  if (member) {
    addStep(use, member.name);
    return;
  }
  const parent = node.parent;
  const isDestructured = typescript.isVariableDeclaration(parent) && parent.initializer === node && destructureSteps(typescript, use, parent.name);
  if (!isDestructured) use.steps = null;
}

function destructureSteps(typescript: typeof ts, use: ScopeUse, pattern: ts.BindingName): boolean {
  if (!typescript.isObjectBindingPattern(pattern)) return false;
  for (const element of pattern.elements) {
    const key = element.propertyName ?? element.name;
    if (element.dotDotDotToken || !typescript.isIdentifier(key)) return false;
    addStep(use, key.text);
  }
  return true;
}

/** `x.name` or `x["name"]`, with `node` being x (or `x!`, `(x)`). */
function memberOf(typescript: typeof ts, node: ts.Node): { name: string; holder: ts.Node } | undefined {
  let at = node;
  while (typescript.isNonNullExpression(at.parent) || typescript.isParenthesizedExpression(at.parent)) at = at.parent;
  const parent = at.parent;
  if (typescript.isPropertyAccessExpression(parent) && parent.expression === at) return { name: parent.name.text, holder: parent };
  if (typescript.isElementAccessExpression(parent) && parent.expression === at && typescript.isStringLiteralLike(parent.argumentExpression)) {
    return { name: parent.argumentExpression.text, holder: parent };
  }
  return undefined;
}

/** Every identifier that may read a variable; names of properties and members are none. Shadowing is ignored: it only widens. */
function visitNames(typescript: typeof ts, root: ts.Node, onName: (name: ts.Identifier) => void): void {
  const visit = (node: ts.Node): void => {
    if (typescript.isIdentifier(node)) {
      const parent = node.parent;
      const isMemberName = typescript.isPropertyAccessExpression(parent) && parent.name === node;
      const isKey = (typescript.isPropertyAssignment(parent) || typescript.isMethodDeclaration(parent) || typescript.isPropertySignature(parent) || typescript.isPropertyDeclaration(parent)) && parent.name === node;
      const isPatternKey = typescript.isBindingElement(parent) && parent.propertyName === node;
      if (!isMemberName && !isKey && !isPatternKey) onName(node);
    }
    typescript.forEachChild(node, visit);
  };
  visit(root);
}
