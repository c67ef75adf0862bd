/** Connections as people manage them. Secrets go in and never come out: the wire names the fields that hold one. */
import { randomUUID } from "node:crypto";
import type { Actor, Services } from "#app/server/context.ts";
import { checkConnection as proveConnection, type ConnectionRow, sealSettings, secretNames, VaultError, type Vault } from "#engine/connections/index.ts";
import { resolveConnection } from "#nodes";
import type { Prisma, TenantTx } from "#prisma";
import type { AnyConnection } from "#sdk";
import { recordAudit } from "./audit.server.ts";
import { isUuid } from "./page.ts";
import { Refusal } from "./refusal.ts";
import type { ConnectionWire } from "./wire.ts";

type Access = Pick<Services, "db" | "vault">;

export interface NewConnection {
  type: string;
  name: string;
  /** Secrets included. */
  settings: Record<string, unknown>;
  allow_private?: boolean;
  enabled?: boolean;
  /** Steps that may use it at a time; null: any number. */
  max_concurrent?: number | null;
}

export interface ConnectionChange {
  name?: string;
  /** Merged over what is stored; null clears a field, a secret that is left out stays. */
  settings?: Record<string, unknown>;
  allow_private?: boolean;
  enabled?: boolean;
  max_concurrent?: number | null;
}

const COLUMNS = {
  id: true, tenant_id: true, type: true, name: true, settings: true, secrets: true, allow_private: true, enabled: true, max_concurrent: true,
  health: true, health_message: true, health_at: true, created_at: true, updated_at: true,
} as const;

type Row = Prisma.ConnectionGetPayload<{ select: typeof COLUMNS }>;

export async function listConnections({ db, vault }: Access, tenantId: string): Promise<ConnectionWire[]> {
  const rows = await db.withTenant(tenantId, (tx) => tx.connection.findMany({ where: { tenant_id: tenantId }, orderBy: [{ type: "asc" }, { name: "asc" }], select: COLUMNS }));
  return rows.map((row) => toWire(row, vault));
}

/** @returns null for an unknown id, and for what is none. */
export async function getConnection({ db, vault }: Access, tenantId: string, id: string): Promise<ConnectionWire | null> {
  if (!isUuid(id)) return null;
  const row = await db.withTenant(tenantId, (tx) => tx.connection.findFirst({ where: { id, tenant_id: tenantId }, select: COLUMNS }));
  return row && toWire(row, vault);
}

/** @throws Refusal invalid (unknown type, wrong settings), conflict (name taken). */
export function createConnection({ db, vault }: Access, tenantId: string, input: NewConnection, actor: Actor): Promise<ConnectionWire> {
  const id = randomUUID();
  const sealed = seal(definitionOf(input.type), input.settings, { tenantId, recordId: id }, vault, null);
  return db.withTenant(tenantId, async (tx) => {
    await refuseTakenName(tx, tenantId, input.type, input.name);
    const row = await tx.connection.create({
      data: {
        id,
        tenant_id: tenantId,
        type: input.type,
        name: input.name,
        settings: sealed.settings,
        secrets: sealed.secrets,
        allow_private: input.allow_private ?? false,
        enabled: input.enabled ?? true,
        max_concurrent: input.max_concurrent ?? null,
        created_by: actor.kind === "user" ? actor.id : null,
      },
      select: COLUMNS,
    });
    await recordAudit(tx, tenantId, { actor, action: "connection_created", target: id, data: { type: input.type, name: input.name } });
    return toWire(row, vault);
  });
}

/** What was known about its health no longer holds once settings change. @throws Refusal not-found, invalid, conflict. */
export function changeConnection({ db, vault }: Access, tenantId: string, id: string, change: ConnectionChange, actor: Actor): Promise<ConnectionWire> {
  return db.withTenant(tenantId, async (tx) => {
    const row = await lockRow(tx, tenantId, id);
    if (change.name !== undefined && change.name !== row.name) await refuseTakenName(tx, tenantId, row.type, change.name);
    const sealed = change.settings && sealChange(row, change.settings, vault);
    const changed = await tx.connection.update({
      where: { id },
      data: {
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.allow_private === undefined ? {} : { allow_private: change.allow_private }),
        ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
        ...(change.max_concurrent === undefined ? {} : { max_concurrent: change.max_concurrent }),
        ...(sealed ? { settings: sealed.settings, secrets: sealed.secrets, health: null, health_message: null, health_at: null } : {}),
        updated_at: new Date(),
      },
      select: COLUMNS,
    });
    await recordAudit(tx, tenantId, { actor, action: "connection_changed", target: id, data: { type: row.type, name: changed.name, fields: Object.keys(change).join(", ") } });
    return toWire(changed, vault);
  });
}

/** @throws Refusal not-found. */
export async function deleteConnection({ db }: Pick<Access, "db">, tenantId: string, id: string, actor: Actor): Promise<void> {
  await db.withTenant(tenantId, async (tx) => {
    const row = await lockRow(tx, tenantId, id);
    await tx.connection.delete({ where: { id }, select: { id: true } });
    await recordAudit(tx, tenantId, { actor, action: "connection_deleted", target: id, data: { type: row.type, name: row.name } });
  });
}

/** Asks the product itself, outside any transaction, and notes the answer. @throws Refusal not-found. */
export async function checkConnection({ db, vault, gateway, log }: Pick<Services, "db" | "vault" | "gateway" | "log">, tenantId: string, id: string): Promise<ConnectionWire> {
  const row: ConnectionRow | null = !isUuid(id) ? null : await db.withTenant(tenantId, (tx) => tx.connection.findFirst({ where: { id, tenant_id: tenantId }, select: COLUMNS }));
  if (!row) throw new Refusal("not-found", "Connection not found");
  const definition = resolveConnection(row.type);
  const report = definition
    ? await proveConnection({ row, definition, vault, gateway, onError: (error) => log.error({ err: error, connection: id }, "connection check failed") })
    : { health: "unhealthy", message: `connections of type ${row.type} are not supported` };
  const changed = await db.withTenant(tenantId, async (tx) => {
    await lockRow(tx, tenantId, id);
    return tx.connection.update({ where: { id }, data: { health: report.health, health_message: report.message, health_at: new Date() }, select: COLUMNS });
  });
  return toWire(changed, vault);
}

function definitionOf(type: string): AnyConnection {
  const definition = resolveConnection(type);
  if (!definition) throw new Refusal("invalid", `there is no connection type "${type}"`, [{ loc: ["type"], msg: "unknown type" }]);
  return definition;
}

function seal(definition: AnyConnection, values: Record<string, unknown>, owner: { tenantId: string; recordId: string }, vault: Vault, stored: Uint8Array | null) {
  const shape = definition.settings.shape as Record<string, unknown>;
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(shape, name));
  if (unknown.length > 0) throw new Refusal("invalid", `${definition.title} has no setting "${unknown[0]}"`, unknown.map((name) => ({ loc: ["settings", name], msg: "unknown setting" })));
  const sealed = sealSettings(definition, values, owner, vault, stored);
  if (!sealed.ok) throw new Refusal("invalid", sealed.issues[0]?.message ?? "the settings are not valid", sealed.issues.map(({ path, message }) => ({ loc: ["settings", ...path.split(".")], msg: message })));
  // What the schema let through came from JSON.
  return { settings: sealed.settings as Prisma.InputJsonObject, secrets: sealed.secrets && new Uint8Array(sealed.secrets) };
}

function sealChange(row: Row, given: Record<string, unknown>, vault: Vault) {
  const definition = definitionOf(row.type);
  const merged = merge(definition, row.settings, given);
  const kept = Object.fromEntries(Object.entries(openSecrets(row, vault)).filter(([name]) => !(name in given)));
  // Otherwise a change of address would hand stored secrets to whoever may edit a connection but never saw them.
  if (Object.keys(kept).length > 0 && reachesMore(definition, { ...(row.settings as object), ...kept }, { ...merged, ...kept })) {
    throw new Refusal("invalid", "A new address needs the secrets to be typed again", Object.keys(kept).map((name) => ({ loc: ["settings", name], msg: "type it again: the address changed" })));
  }
  return seal(definition, merged, { tenantId: row.tenant_id, recordId: row.id }, vault, row.secrets);
}

function reachesMore(definition: AnyConnection, before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  const hostsOf = (values: Record<string, unknown>): string[] => {
    const parsed = definition.settings.safeParse(values);
    return parsed.success ? definition.hosts(parsed.data) : [];
  };
  const known = new Set(hostsOf(before));
  return hostsOf(after).some((host) => !known.has(host));
}

/** null takes a plain setting away; for a secret, the sealing knows what null means. */
function merge(definition: AnyConnection, stored: unknown, given: Record<string, unknown>): Record<string, unknown> {
  const secrets = new Set(secretNames(definition));
  return Object.fromEntries(Object.entries({ ...(stored as Record<string, unknown>), ...given }).filter(([name, value]) => value !== null || secrets.has(name)));
}

async function lockRow(tx: TenantTx, tenantId: string, id: string): Promise<Row> {
  if (!isUuid(id)) throw new Refusal("not-found", "Connection not found");
  await tx.$queryRaw`SELECT 1 FROM connections WHERE id = ${id}::uuid AND tenant_id = ${tenantId}::uuid FOR UPDATE`;
  const row = await tx.connection.findFirst({ where: { id, tenant_id: tenantId }, select: COLUMNS });
  if (!row) throw new Refusal("not-found", "Connection not found");
  return row;
}

async function refuseTakenName(tx: TenantTx, tenantId: string, type: string, name: string): Promise<void> {
  if (await tx.connection.count({ where: { tenant_id: tenantId, type, name } })) throw new Refusal("conflict", `there is a connection "${name}" of this type already`);
}

function toWire(row: Row, vault: Vault): ConnectionWire {
  const { tenant_id: _, secrets: __, ...rest } = row;
  return {
    ...rest,
    settings: row.settings as Record<string, unknown>,
    secrets_set: secretsIn(row, vault),
    health_at: row.health_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

function secretsIn(row: Row, vault: Vault): string[] {
  const definition = resolveConnection(row.type);
  const opened = openSecrets(row, vault);
  return definition ? secretNames(definition).filter((name) => Object.hasOwn(opened, name)) : [];
}

/** What was sealed under a lost key counts as not set: the person has to type it again. */
function openSecrets(row: Row, vault: Vault): Record<string, unknown> {
  if (!row.secrets) return {};
  try {
    return JSON.parse(vault.open(row.secrets, { tenantId: row.tenant_id, recordId: row.id })) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof VaultError) return {};
    throw error;
  }
}
