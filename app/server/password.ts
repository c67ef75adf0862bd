import { hash, verify } from "@node-rs/argon2";
import { z } from "zod";

/** Argon2id with the parameters OWASP recommends; longer inputs than this would only let strangers burn our CPU. */
const MAX_LENGTH = 1024;

export const newPasswordSchema = z.string().min(10, "a password has at least 10 characters").max(MAX_LENGTH);

export const hashPassword = (password: string): Promise<string> => hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

/** Verified for users that do not exist, so that the answer's time does not tell names. */
let decoy: Promise<string> | undefined;

export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (password.length > MAX_LENGTH) return false;
  if (stored === null) {
    await verify(await (decoy ??= hashPassword("no such user")), password);
    return false;
  }
  return verify(stored, password);
}
