import { type AnyConnection, Failure, type Http } from "#sdk";
import type { EgressRules, Gateway } from "./gateway.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import { type ConnectionRow, openSettings } from "./settings.ts";
import { type Vault, VaultError } from "./vault.ts";

export interface OpenRequest {
  row: ConnectionRow;
  definition: AnyConnection;
  vault: Vault;
  gateway: Gateway;
  signal: AbortSignal;
  /** Seconds for one request. */
  timeout?: number;
  readOnly?: boolean;
  observe?: EgressRules["observe"];
}

export interface OpenedConnection {
  client: unknown;
  settings: Record<string, unknown>;
  /** Limited to the connection's hosts. */
  http: Http;
  /** Masks this connection's secrets: run everything the step says through it. */
  redactor: Redactor;
}

/** @throws Failure `unauthorized` for a connection that is off, cannot be decrypted or is incomplete. */
export function openConnection({ row, definition, vault, gateway, signal, timeout, readOnly, observe }: OpenRequest): OpenedConnection {
  if (row.type !== definition.type) throw new Failure("unauthorized", `"${row.name}" is a connection to ${row.type}, not to ${definition.title}`);
  if (!row.enabled) throw new Failure("unauthorized", `the ${definition.title} connection "${row.name}" is switched off`);
  const { settings, secrets } = read(definition, row, vault);
  const redactor = createRedactor(secrets);
  const rules: EgressRules = {
    hosts: definition.hosts(settings),
    allowPrivate: row.allow_private,
    signal,
    redactor,
    ...(timeout === undefined ? {} : { timeout }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(observe === undefined ? {} : { observe }),
  };
  const http = gateway.http(rules);
  return { client: definition.open(settings, { http, connect: gateway.connect(rules), signal }), settings, http, redactor };
}

function read(definition: AnyConnection, row: ConnectionRow, vault: Vault): ReturnType<typeof openSettings> {
  try {
    return openSettings(definition, row, vault);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new Failure("unauthorized", `the secrets of the ${definition.title} connection "${row.name}" cannot be read: ${error.message}`, { cause: error });
  }
}

/** What a step says when its tenant has no connection to use. */
export function noConnection(definition: AnyConnection, name?: string): Failure {
  const words = name === undefined ? `no ${definition.title} connection is configured` : `there is no ${definition.title} connection named "${name}"`;
  return new Failure("unauthorized", `${words}: add one under Connections`);
}
