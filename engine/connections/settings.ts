/** Between the form's values and the stored row: what may be shown stays JSON, what is secret is sealed. */
import type { z } from "zod";
import { type AnyConnection, Failure, isSecretField } from "#sdk";
import type { SealOwner, Vault } from "./vault.ts";

/** The columns of `connections` that opening one needs. */
export interface ConnectionRow {
  id: string;
  tenant_id: string;
  type: string;
  name: string;
  settings: unknown;
  secrets: Uint8Array | null;
  allow_private: boolean;
  enabled: boolean;
}

type Values = Record<string, unknown>;

export const secretNames = (definition: AnyConnection): string[] => {
  const shape = (definition.settings as z.ZodObject).shape as Record<string, z.ZodType>;
  return Object.keys(shape).filter((name) => isSecretField(shape[name]!));
};

export type SealedSettings =
  | { ok: true; settings: Values; secrets: Buffer | null; secretsSet: string[] }
  | { ok: false; issues: { path: string; message: string }[] };

/**
 * Checks what a person typed and splits it for the row. A secret that is left out keeps its stored value, and null
 * clears it, so that a form never has to show one.
 */
export function sealSettings(definition: AnyConnection, values: Values, owner: SealOwner, vault: Vault, stored: Uint8Array | null = null): SealedSettings {
  const names = new Set(secretNames(definition));
  const kept = stored ? (JSON.parse(vault.open(stored, owner)) as Values) : {};
  const given = Object.fromEntries(Object.entries({ ...kept, ...values }).filter(([name, value]) => !(names.has(name) && (value === null || value === ""))));
  const parsed = (definition.settings as z.ZodObject).safeParse(given);
  if (!parsed.success) return { ok: false, issues: parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })) };
  const settings: Values = {};
  const secrets: Values = {};
  for (const [name, value] of Object.entries(parsed.data)) if (value !== undefined) (names.has(name) ? secrets : settings)[name] = value;
  const secretsSet = Object.keys(secrets);
  return { ok: true, settings, secrets: secretsSet.length === 0 ? null : vault.seal(JSON.stringify(secrets), owner), secretsSet };
}

/** @throws VaultError; Failure `unauthorized` when the stored settings no longer fit the connection's schema. */
export function openSettings(definition: AnyConnection, row: ConnectionRow, vault: Vault): { settings: Values; secrets: string[] } {
  const opened = row.secrets ? (JSON.parse(vault.open(row.secrets, { tenantId: row.tenant_id, recordId: row.id })) as Values) : {};
  const parsed = (definition.settings as z.ZodObject).safeParse({ ...(row.settings as Values), ...opened });
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw new Failure("unauthorized", `the ${definition.title} connection "${row.name}" is incomplete: ${first?.path.join(".") || "settings"}: ${first?.message ?? "wrong"}`);
  }
  return { settings: parsed.data, secrets: Object.values(opened).filter((value) => typeof value === "string") };
}
