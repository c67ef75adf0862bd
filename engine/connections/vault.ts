import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/**
 * Seals secrets at rest with AES-256-GCM.
 *
 * | bytes | what                                                             |
 * |-------|------------------------------------------------------------------|
 * | 1     | version of this layout (1)                                       |
 * | 4     | key id: the first bytes of SHA-256 of the key                    |
 * | 12    | nonce                                                            |
 * | 16    | tag                                                              |
 * | rest  | ciphertext                                                       |
 *
 * The header and the owner (tenant and record) are authenticated, so that a sealed value copied to another row,
 * or to another tenant's, does not open.
 */
const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;

export class VaultError extends Error {
  override readonly name = "VaultError";
}

/** Whom a sealed value belongs to. */
export interface SealOwner {
  tenantId: string;
  recordId: string;
}

export interface Vault {
  seal(plain: string, owner: SealOwner): Buffer;
  /** @throws VaultError when the key is another one, or the value was changed or belongs to somebody else. */
  open(sealed: Uint8Array, owner: SealOwner): string;
  /** Sealed under an earlier key: seal it again when you next write it. */
  isStale(sealed: Uint8Array): boolean;
}

/** @param text 32 bytes in base64, as in PLAYGRAPH_SECRET_KEY. @throws VaultError */
export function parseSecretKey(text: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length !== 32) throw new VaultError("PLAYGRAPH_SECRET_KEY must be 32 bytes in base64 (openssl rand -base64 32)");
  return key;
}

const keyIdOf = (key: Buffer): Buffer => createHash("sha256").update(key).digest().subarray(0, KEY_ID_BYTES);

/** @param previous keys that still open what they sealed, for rotation. */
export function createVault(key: Buffer, previous: readonly Buffer[] = []): Vault {
  const currentId = keyIdOf(key);
  const keys = new Map([...previous, key].map((each) => [keyIdOf(each).toString("hex"), each]));
  const context = (header: Uint8Array, { tenantId, recordId }: SealOwner): Buffer => Buffer.concat([header, Buffer.from(`${tenantId}\n${recordId}`)]);

  return {
    seal(plain, owner) {
      const header = Buffer.concat([Buffer.from([VERSION]), currentId]);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(context(header, owner));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
    },
    open(value, owner) {
      const sealed = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || sealed[0] !== VERSION) throw new VaultError("the sealed value is damaged or was written by a newer Playgraph");
      const header = sealed.subarray(0, HEADER_BYTES);
      const opener = keys.get(header.subarray(1).toString("hex"));
      if (!opener) throw new VaultError("the value was sealed with another PLAYGRAPH_SECRET_KEY");
      const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
      const tag = sealed.subarray(HEADER_BYTES + NONCE_BYTES, HEADER_BYTES + NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", opener, nonce, { authTagLength: TAG_BYTES }).setAAD(context(header, owner)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES + NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new VaultError("the sealed value was changed or belongs to another record", { cause });
      }
    },
    isStale: (sealed) => !Buffer.from(sealed.subarray(1, HEADER_BYTES)).equals(currentId),
  };
}
