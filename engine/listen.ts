import pg from "pg";
import type { Logger } from "pino";

export interface Listener {
  close(): Promise<void>;
}

/**
 * Hears one channel on a connection of its own, for as long as the process lives. Notifications are hints: they can be
 * lost with the connection, so every reader also polls.
 * @param onMessage gets each payload
 * @param onConnect is called at every connection: what came in between may have been missed
 */
export function listen(url: string, channel: string, onMessage: (payload: string) => void, log: Logger, onConnect?: () => void): Listener {
  let client: pg.Client | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const reconnect = (error?: Error) => {
    if (closed || retry) return;
    if (error) log.warn({ err: error, channel }, "the notification channel broke and is opened again");
    retry = setTimeout(() => {
      retry = undefined;
      void connect();
    }, 500);
  };

  const connect = async () => {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: "playgraph-listen" });
    client = next;
    next.on("error", reconnect);
    next.on("end", () => reconnect());
    next.on("notification", (message) => onMessage(message.payload ?? ""));
    try {
      await next.connect();
      await next.query(`LISTEN ${channel}`);
      onConnect?.();
    } catch (error) {
      reconnect(error as Error);
    }
  };
  void connect();

  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
