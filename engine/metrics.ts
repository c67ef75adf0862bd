/** What Prometheus is told of this process. Served on a port of its own (METRICS_PORT, WORKER_METRICS_PORT), never on the one that people use. */
import { createServer, type Server } from "node:http";
import { Counter, Registry } from "prom-client";
import type { Logger } from "pino";

const registry = new Registry();

export const stuckRuns = new Counter({ name: "playgraph_stuck_runs_total", help: "Runs that neither went on nor waited for anything that could still come, and were queued again", labelNames: ["why"], registers: [registry] });
export const deferredRuns = new Counter({ name: "playgraph_deferred_runs_total", help: "Runs that were queued at low priority because too many of their tenant were pending", registers: [registry] });

/** A port that is taken is a warning: a process without metrics works. @param port 0 for any */
export async function serveMetrics(port: number, host: string, log: Logger): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    void registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.on("error", (error) => {
    log.warn({ err: error, port }, "no metrics: the port cannot be used");
    resolve();
  });
  server.listen(port, host, resolve);
  await promise;
  // Being watched is no reason to stay.
  server.unref();
  return server;
}
