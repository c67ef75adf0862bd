import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { EditorActions, EditorState, EditorStore } from "./store.ts";

const EditorContext = createContext<EditorStore | null>(null);

export const EditorProvider = EditorContext.Provider;

export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error("this belongs inside the editor");
  return store;
}

/** @param selector must give the same object for the same state (wrap with useShallow of zustand where it makes one). */
export const useEditor = <T,>(selector: (state: EditorState) => T): T => useStore(useEditorStore(), selector);

export const useActions = (): EditorActions => useEditorStore().actions;
