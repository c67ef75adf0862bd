/** A real engine on a real database for tests: publishes playbooks, starts runs, and waits for what happens to them. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import pino from "pino";
import { Callbacks, compileVersion, createEngine, type Engine, type RunTrace } from "#engine";
import { startWorker, type WorkerHandle, type WorkerOptions } from "#engine/start-worker.ts";
import { uuidv7 } from "#engine/ids.ts";
import { insertRuns } from "#engine/queue.ts";
import { isFinalRun, type RunStatus, type WaitingOn } from "#engine/status.ts";
import { parseDocument, type PlaybookDocument } from "#format";
import { resolveNode } from "#nodes";
import type { AnyNode } from "#sdk";
import { createTestDatabase } from "./database.ts";

const BASE_URL = "http://127.0.0.1:3000";

export interface RunRow {
  id: string;
  status: RunStatus;
  owner: string | null;
  epoch: number;
  waiting_on: WaitingOn | null;
  error: { kind: string; message: string; node_id?: string } | null;
  result: unknown;
}

/** A graph in short: nodes by id, and edges as "from:port -> to". */
export interface ShortPlaybook {
  nodes: Record<string, Record<string, unknown>>;
  edges: string[];
  files?: Record<string, string>;
  vars?: Record<string, unknown>;
  concurrency?: number;
}

export class EngineWorld {
  readonly db: Awaited<ReturnType<typeof createTestDatabase>>;
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly secretKey = randomBytes(32).toString("base64");
  readonly #nodes: ReadonlyMap<string, AnyNode>;
  readonly #workers = new Set<WorkerHandle>();
  /** What workers logged as errors: a test that does not expect any fails on them. */
  readonly errors: string[] = [];

  private constructor(db: EngineWorld["db"], nodes: AnyNode[]) {
    this.db = db;
    this.pool = new pg.Pool({ connectionString: db.engineUrl, max: 5 });
    this.engine = createEngine({ pool: this.pool, callbacks: new Callbacks(this.secretKey, BASE_URL) });
    this.#nodes = new Map(nodes.map((node) => [node.type, node]));
  }

  static async create(nodes: AnyNode[] = []): Promise<EngineWorld> {
    return new EngineWorld(await createTestDatabase(), nodes);
  }

  get tenantId(): string {
    return this.db.tenantId;
  }

  async startWorker(options: Partial<WorkerOptions> = {}): Promise<WorkerHandle> {
    const log = pino({ level: "error" }, { write: (line: string) => void this.errors.push(line) });
    const worker = await startWorker({
      engineUrl: this.db.engineUrl, secretKey: this.secretKey, baseUrl: BASE_URL, concurrency: 10, allowPrivate: true,
      resolveNode: (type, version) => this.#nodes.get(type) ?? resolveNode(type, version),
      onDeclaredDead: () => undefined, log, ...options,
    });
    const stop = worker.stop;
    const handle = { ...worker, stop: () => (this.#workers.delete(handle) ? stop() : Promise.resolve()) };
    this.#workers.add(handle);
    return handle;
  }

  publish(name: string, short: ShortPlaybook): Promise<{ playbookId: string; versionId: string }> {
    return this.publishDocument(name, parseDocument({
      format: 1, name, vars: short.vars ?? {}, ...(short.concurrency === undefined ? {} : { concurrency: short.concurrency }),
      nodes: Object.entries(short.nodes).map(([id, node]) => ({ id, ...node })),
      edges: short.edges.map((edge, at) => {
        const [from, to] = edge.split("->").map((part) => part.trim());
        const [node, port = "out"] = from!.split(":");
        return { id: `e${at}`, from: node, port, to };
      }),
    }), short.files);
  }

  async publishDocument(name: string, document: PlaybookDocument, files: Record<string, string> = {}): Promise<{ playbookId: string; versionId: string }> {
    const compiled = await compileVersion({ document, files });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const [playbookId, versionId] = [uuidv7(), uuidv7()];
    await this.pool.query("INSERT INTO playbooks (id, tenant_id, slug, name) VALUES ($1, $2, $3, $4)", [playbookId, this.tenantId, name, name]);
    await this.pool.query(
      "INSERT INTO playbook_versions (id, tenant_id, playbook_id, number, document, layout, files, content_hash, bundle, bundle_meta) VALUES ($1, $2, $3, 1, $4, '{}', $8, $5, $6, $7)",
      [versionId, this.tenantId, playbookId, JSON.stringify(document), versionId, compiled.bundle.code, JSON.stringify(compiled.bundle.meta), JSON.stringify(files)],
    );
    await this.pool.query("UPDATE playbooks SET published_version_id = $2 WHERE id = $1", [playbookId, versionId]);
    return { playbookId, versionId };
  }

  /** Publishes and starts at once. @returns the run's id */
  async run(name: string, short: ShortPlaybook, input?: unknown): Promise<string> {
    const { playbookId } = await this.publish(name, short);
    const started = await this.engine.start({ tenantId: this.tenantId, playbookId, input, actor: { id: null, name: "tester" } });
    if ("error" in started) throw new Error(started.error);
    return started.runId;
  }

  /** Runs of several versions as one sequence, as ingestion makes them. */
  async sequence(versions: { playbookId: string; versionId: string }[]): Promise<string[]> {
    const ids = versions.map(() => uuidv7());
    const id = uuidv7();
    const client = await this.pool.connect();
    await client.query("BEGIN");
    await insertRuns(client, versions.map((version, at) => ({
      id: ids[at]!, tenantId: this.tenantId, ...version, alertId: null, correlationId: id, mode: "live", priority: 0,
      sequence: { id, position: at + 1, total: versions.length, previousRunId: ids[at - 1] ?? null }, origin: { kind: "alert" }, input: null,
    })));
    await client.query("COMMIT");
    client.release();
    return ids;
  }

  async row(runId: string): Promise<RunRow> {
    const { rows } = await this.pool.query<RunRow>("SELECT id, status, owner, epoch, waiting_on, error, result FROM runs WHERE id = $1", [runId]);
    return rows[0]!;
  }

  /** @throws after `ms` with what the run looked like */
  async until(runId: string, condition: (row: RunRow) => boolean, ms = 10_000): Promise<RunRow> {
    const end = performance.now() + ms;
    for (;;) {
      const row = await this.row(runId);
      if (condition(row)) return row;
      if (performance.now() > end) throw new Error(`the run did not get there: ${JSON.stringify(row)} ${JSON.stringify((await this.trace(runId)).steps)} ${this.errors.join("\n")}`);
      await sleep(15);
    }
  }

  finished(runId: string, ms?: number): Promise<RunRow> {
    return this.until(runId, (row) => isFinalRun(row.status), ms);
  }

  async trace(runId: string): Promise<RunTrace> {
    return (await this.engine.readTrace({ tenantId: this.tenantId, runId }))!;
  }

  async step(runId: string, node: string): Promise<RunTrace["steps"][number]> {
    const step = (await this.trace(runId)).steps.find((candidate) => candidate.node_id === node);
    if (!step) throw new Error(`no step ${node}`);
    return step;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    await this.pool.end();
    await this.db.drop();
  }
}
