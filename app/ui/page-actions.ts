/** What the open page adds to the command palette. Of the browser's document, like the palette itself: nothing is ever put in on the server. */
import { useEffect, useSyncExternalStore } from "react";

export interface PageAction { id: string; label: string; group: string; detail?: string; run(): void }

let actions: readonly PageAction[] = [];
const listeners = new Set<() => void>();

function put(next: readonly PageAction[]): void {
  actions = next;
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
const NONE: readonly PageAction[] = [];

export const usePageActions = (): readonly PageAction[] => useSyncExternalStore(subscribe, () => actions, () => NONE);

/** For as long as the component is there. @param offered must stay the same object while it says the same. */
export function useOfferActions(offered: readonly PageAction[]): void {
  useEffect(() => {
    put(offered);
    return () => put(NONE);
  }, [offered]);
}
