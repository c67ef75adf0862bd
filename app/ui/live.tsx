import { useNavigation, useRevalidator } from "@remix-run/react";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

/** What changed, by topic: ids, or "*" when there were too many to name. */
export type Change = Record<string, string[] | "*" | undefined>;
/** Interest: every change of a topic ("*"), or those of these ids. */
export type Interest = Record<string, string[] | "*">;

export type LiveStatus = "connecting" | "live" | "reconnecting";
type Subscribe = (listener: (change: Change | "missed") => void) => () => void;

const StatusContext = createContext<LiveStatus>("connecting");
/** Apart from the status: a subscription outlives a reconnection, and the news of the gap with it. */
const SubscribeContext = createContext<{ subscribe: Subscribe; /** Whether one of the last changes is of interest. */ recently(interest: Interest): boolean }>({ subscribe: () => () => {}, recently: () => false });

/** A page's data is loaded before the page listens for what changes it: what came in between was heard by the one before (milliseconds). */
const REMEMBERED = 5000;

export const concerns = (change: Change, interest: Interest): boolean =>
  Object.entries(interest).some(([topic, wanted]) => {
    const changed = change[topic];
    if (changed === undefined || changed.length === 0) return false;
    return wanted === "*" || changed === "*" || changed.some((id) => wanted.includes(id));
  });

/**
 * One EventSource for the page. The stream replays nothing and greets with `hello`: what happened before that, between the page's
 * load and the stream or during a gap, nobody knows, so every listener hears "missed".
 */
export function LiveProvider({ url, parse, onRefused, children }: { url: string; parse(data: unknown): Change; onRefused(): void; children: ReactNode }) {
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const listeners = useRef(new Set<(change: Change | "missed") => void>());
  const recent = useRef<{ change: Change; at: number }[]>([]);

  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const tell = (change: Change | "missed") => listeners.current.forEach((listener) => listener(change));
    const hear = (event: MessageEvent<string>) => {
      try {
        const change = parse(JSON.parse(event.data));
        const at = Date.now();
        recent.current = [...recent.current.filter((each) => each.at > at - REMEMBERED), { change, at }];
        tell(change);
      } catch {
        tell("missed");
      }
    };
    const connect = () => {
      source = new EventSource(url);
      source.addEventListener("hello", () => {
        setStatus("live");
        tell("missed");
      });
      source.addEventListener("change", hear);
      source.onerror = () => {
        setStatus("reconnecting");
        // The browser reconnects by itself, except after an HTTP error (a restarting server, say).
        if (source?.readyState !== EventSource.CLOSED) return;
        onRefused();
        clearTimeout(retry);
        retry = setTimeout(connect, 3000);
      };
    };
    connect();
    return () => {
      clearTimeout(retry);
      source?.close();
    };
  }, [url, parse, onRefused]);

  const subscribe = useCallback<Subscribe>((listener) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  const recently = useCallback((interest: Interest) => recent.current.some(({ change, at }) => at > Date.now() - REMEMBERED && concerns(change, interest)), []);
  const stream = useMemo(() => ({ subscribe, recently }), [subscribe, recently]);
  return (
    <SubscribeContext.Provider value={stream}>
      <StatusContext.Provider value={status}>{children}</StatusContext.Provider>
    </SubscribeContext.Provider>
  );
}

export const useLiveStatus = () => useContext(StatusContext);

const DEBOUNCE_MS = 250;

/** Acts when something of this interest changed: 250 ms later, for all that changed meanwhile, and never twice at a time. */
export function useLive(interest: Interest, act: () => Promise<void> | void): void {
  const { subscribe, recently } = useContext(SubscribeContext);
  const latest = useRef({ interest, act });
  latest.current = { interest, act };
  const topics = JSON.stringify(interest);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let acting = false;
    let again = false;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (acting) again = true;
        else void run();
      }, DEBOUNCE_MS);
    };
    const run = async () => {
      acting = true;
      await latest.current.act();
      acting = false;
      if (again) later();
      again = false;
    };
    const stop = subscribe((change) => {
      if (change === "missed" || concerns(change, latest.current.interest)) later();
    });
    if (recently(latest.current.interest)) later();
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [subscribe, recently, topics]);
}

/** Loads the page's data anew when something of this interest changed. */
export function useLiveData(interest: Interest): void {
  const { state, revalidate } = useRevalidator();
  // A load that is under way is never interrupted: in a flood, none would end.
  const busy = useNavigation().state !== "idle" || state !== "idle";
  const again = useRef(false);
  useLive(interest, () => {
    if (busy) again.current = true;
    else revalidate();
  });
  useEffect(() => {
    if (busy || !again.current) return;
    again.current = false;
    revalidate();
  }, [busy, revalidate]);
}
