/**
 * Prisma's own schema engine as WebAssembly over node-postgres: what `prisma migrate` does, without the binary that its CLI
 * downloads from a host that an air-gapped site cannot reach.
 */
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

type Engine = bindings.SchemaEngine;
/** `__wbg_set_wasm` is what the package's own loader calls; its type file leaves it out. */
type Loader = typeof bindings & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

const SCHEMA_FILE = path.join(import.meta.dirname, "schema.prisma");
export const MIGRATIONS_FOLDER = path.join(import.meta.dirname, "migrations");

let loaded: Promise<void> | undefined;

/** Node cannot import .wasm the way a bundler does, so the module is instantiated by hand, once per process. */
function load(): Promise<void> {
  loaded ??= (async () => {
    const file = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm").replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
    const { instance } = await WebAssembly.instantiate(readFileSync(file), { "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports });
    // Without a registry a panic in the engine would surface as a TypeError that hides its message.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => { throw new Error(`Prisma schema engine: ${message}`); } } });
    (bindings as Loader).__wbg_set_wasm(instance.exports);
    (instance.exports["__wbindgen_start"] as () => void)();
  })();
  return loaded;
}

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Two things that @prisma/adapter-pg 7.10 cannot do and the schema engine needs:
 * the catalogue's one-byte type `"char"` (it refuses the column, which fails every description of a database), and scripts
 * with function bodies (it cuts at every semicolon; one simple query is whole, and one transaction).
 */
class MigrationAdapter extends PrismaPg {
  readonly #pool: pg.Pool;
  /** Of the latest result. One connection and an engine that waits for each answer keep it the right one. */
  #charColumns: number[] = [];
  /** What PostgreSQL said; the engine reports a failed script as "external connector error" and a stack of its own. */
  scriptError: unknown;

  constructor(url: string) {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    super(pool);
    this.#pool = pool;
    pool.on("connect", (client) => {
      const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
      connection.prependListener("rowDescription", ({ fields }: { fields: { dataTypeID: number }[] }) => {
        this.#charColumns = fields.flatMap((field, index) => (field.dataTypeID === CHAR_OID ? [index] : []));
        for (const index of this.#charColumns) Object.assign(fields[index] as object, { dataTypeID: TEXT_OID });
      });
    });
  }

  override async connect() {
    const connection = await super.connect();
    const queryRaw = connection.queryRaw.bind(connection);
    connection.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const index of this.#charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    connection.executeScript = async (script) => {
      try {
        await connection.underlyingDriver().query(script);
      } catch (error) {
        this.scriptError = error;
        throw error;
      }
    };
    return connection;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

async function withEngine<T>(url: string, use: (engine: Engine) => Promise<T>): Promise<T> {
  await load();
  const adapter = new MigrationAdapter(url);
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[SCHEMA_FILE, readFileSync(SCHEMA_FILE, "utf8")]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    return await use(engine);
  } catch (error) {
    throw adapter.scriptError ?? error;
  } finally {
    engine.free();
    await adapter.end();
  }
}

const NO_FILTER = { externalTables: [], externalEnums: [] };

/** Names of the migrations this program knows, oldest first. */
export function knownMigrations(): string[] {
  return readdirSync(MIGRATIONS_FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

function migrationList() {
  return {
    baseDir: MIGRATIONS_FOLDER,
    lockfile: { path: "migration_lock.toml", content: readFileSync(path.join(MIGRATIONS_FOLDER, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: knownMigrations().map((name) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: readFileSync(path.join(MIGRATIONS_FOLDER, name, "migration.sql"), "utf8") } },
    })),
  };
}

/** Applies what is missing, each whole or not at all. @returns their names, in order. @throws pg's DatabaseError of a script that failed. */
export async function applyMigrations(url: string): Promise<string[]> {
  const output = await withEngine(url, (engine) => engine.applyMigrations({ migrationsList: migrationList(), filters: NO_FILTER }));
  return output.appliedMigrationNames;
}

/**
 * SQL that leads from the tables of the database at `url` to schema.prisma; empty when they agree. An empty database gives
 * the first migration. Raw SQL that Prisma cannot express (policies, functions, partial indexes) is not compared.
 */
export async function diffToSchema(url: string): Promise<string> {
  const schema = { files: [{ path: SCHEMA_FILE, content: readFileSync(SCHEMA_FILE, "utf8") }] };
  const result = await withEngine(url, (engine) => engine.diff({
    from: { tag: "schemaDatasource", ...schema, configDir: import.meta.dirname },
    to: { tag: "schemaDatamodel", ...schema },
    script: true,
    exitCode: null,
    filters: NO_FILTER,
  }));
  const printed = result.stdout ?? "";
  return printed.includes("This is an empty migration") ? "" : printed.trim();
}
