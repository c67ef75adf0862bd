import { useEffect, useState } from "react";

export interface Loaded<T> { data: T | undefined; loading: boolean }

/** JSON of ours by plain fetch, or undefined when it cannot be had (signed out, say: the page's own loads will tell). */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T | undefined> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
    return response.ok && response.headers.get("content-type")?.includes("json") ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The answer of the newest address, a moment after it has stopped changing; null asks nothing. Not a fetcher: a live
 * revalidation while Remix still discovers a fetcher's route makes it fail as "no route matches" (tried with 2.17.5).
 */
export function useJson<T>(url: string | null, delayMs = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<{ url: string; data: T | undefined }>();
  useEffect(() => {
    if (url === null) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const data = await getJson<T>(url, abort.signal);
      if (!abort.signal.aborted) setLoaded({ url, data });
    }, delayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [url, delayMs]);
  return { data: loaded?.url === url ? loaded?.data : undefined, loading: url !== null && loaded?.url !== url };
}
