import { useEffect, useState } from "react";
import { useEditor } from "#app/canvas/editor-context.tsx";
import { getJson } from "#app/ui/use-json.ts";

export interface ConnectionChoice { id: string; type: string; name: string; enabled: boolean; health?: string | null; health_message?: string | null }

/** What the page was loaded with, then what there is: asked anew whenever one comes back from the settings in another tab. */
export function useConnections(type: string): ConnectionChoice[] {
  const loaded = useEditor((state) => state.data.connections);
  const [fresh, setFresh] = useState<ConnectionChoice[]>();
  useEffect(() => {
    const abort = new AbortController();
    const ask = async () => {
      const answer = await getJson<ConnectionChoice[]>("/api/v1/integrations", abort.signal);
      if (answer && !abort.signal.aborted) setFresh(answer);
    };
    void ask();
    addEventListener("focus", ask);
    return () => {
      abort.abort();
      removeEventListener("focus", ask);
    };
  }, []);
  return (fresh ?? loaded).filter((connection) => connection.type === type);
}
