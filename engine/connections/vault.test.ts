import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createVault, parseSecretKey, VaultError } from "./vault.ts";

const key = randomBytes(32);
const owner = { tenantId: "t1", recordId: "c1" };

test("what is sealed opens again, and never looks the same", () => {
  const vault = createVault(key);
  const sealed = vault.seal("naïve 🔑", owner);
  expect(vault.open(sealed, owner)).toBe("naïve 🔑");
  expect(vault.open(new Uint8Array(sealed), owner)).toBe("naïve 🔑");
  expect(vault.seal("naïve 🔑", owner).equals(sealed)).toBe(false);
  expect(sealed.includes("naïve")).toBe(false);
});

test.each([
  ["another tenant", { tenantId: "t2", recordId: "c1" }],
  ["another record", { tenantId: "t1", recordId: "c2" }],
])("does not open for %s", (_, other) => {
  const vault = createVault(key);
  expect(() => vault.open(vault.seal("x", owner), other)).toThrow(VaultError);
});

test("does not open when any byte was changed", () => {
  const vault = createVault(key);
  const sealed = vault.seal("secret", owner);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1;
    expect(() => vault.open(changed, owner), `byte ${at}`).toThrow(VaultError);
  }
  expect(() => vault.open(sealed.subarray(0, 20), owner)).toThrow(VaultError);
});

test("keys rotate: the old one opens, the new one seals", () => {
  const old = createVault(key).seal("x", owner);
  const newer = randomBytes(32);
  expect(() => createVault(newer).open(old, owner)).toThrow("another PLAYGRAPH_SECRET_KEY");
  const vault = createVault(newer, [key]);
  expect(vault.open(old, owner)).toBe("x");
  expect(vault.isStale(old)).toBe(true);
  expect(vault.isStale(vault.seal("x", owner))).toBe(false);
});

test("a key has 32 bytes", () => {
  expect(parseSecretKey(key.toString("base64")).equals(key)).toBe(true);
  for (const wrong of ["", "abc", randomBytes(31).toString("base64")]) expect(() => parseSecretKey(wrong)).toThrow(VaultError);
});
