import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import type { Problem } from "#format";
import { type Scope, useScope } from "./use-scope.ts";

/** Puts the path of an upstream field into a form field, where the cursor is. */
export type Insert = (path: string) => void;

interface NodeFormState {
  node: string;
  scope: Scope;
  retryScope(): void;
  /** Somebody types an expression: what is upstream has to be known. */
  wantScope(): void;
  /** The field that gets what is chosen in the tree; null: the tree is closed. */
  target: string | null;
  openTree(field: string): void;
  closeTree(): void;
  /** @returns what takes the field out again. */
  register(field: string, insert: Insert): () => void;
  insert(field: string, path: string): void;
}

const FormContext = createContext<NodeFormState | null>(null);

export function NodeFormProvider({ node, children }: { node: string; children: ReactNode }) {
  const [wanted, setWanted] = useState(false);
  const [target, setTarget] = useState<string | null>(null);
  const { scope, retry } = useScope(node, wanted);
  const inserts = useRef(new Map<string, Insert>());
  const state = useMemo<NodeFormState>(() => ({
    node, scope, retryScope: retry, target,
    wantScope: () => setWanted(true),
    openTree(field) {
      setWanted(true);
      setTarget(field);
    },
    closeTree: () => setTarget(null),
    register(field, insert) {
      inserts.current.set(field, insert);
      return () => {
        if (inserts.current.get(field) === insert) inserts.current.delete(field);
      };
    },
    insert: (field, path) => inserts.current.get(field)?.(path),
    // `retry` is made anew with each render and does the same each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }), [node, scope, target]);
  return <FormContext.Provider value={state}>{children}</FormContext.Provider>;
}

export function useNodeForm(): NodeFormState {
  const state = useContext(FormContext);
  if (!state) throw new Error("this belongs inside a node's form");
  return state;
}

/** Lets the tree put fields into this form field for as long as it is on the page. */
export function useInsert(field: string, insert: Insert): void {
  const { register } = useNodeForm();
  const latest = useRef(insert);
  useEffect(() => {
    latest.current = insert;
  });
  useEffect(() => register(field, (path) => latest.current(path)), [register, field]);
}

/** The problems of a field: those that name it, or a place inside it ("cases.0.port"). */
export function useFieldProblems(node: string, field: string): readonly Problem[] {
  const problems = useEditor((state) => state.problems);
  return useMemo(() => problems.filter((problem) => problem.node === node && problem.field !== undefined && (problem.field === field || problem.field.startsWith(`${field}.`))), [problems, node, field]);
}
