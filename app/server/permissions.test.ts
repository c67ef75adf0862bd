import { describe, expect, it } from "vitest";
import { can, PERMISSIONS, permissionsOf, ROLES } from "./permissions.ts";

const withoutAudit = (role: string): number => [...permissionsOf(role)].filter((permission) => permission !== "audit:read").length;

describe("roles", () => {
  it("hold exactly as many permissions as the table says (R200)", () => {
    expect(PERMISSIONS).toHaveLength(18);
    expect(Object.fromEntries(Object.keys(ROLES).map((role) => [role, withoutAudit(role)]))).toEqual({
      admin: 18, analyst: 12, viewer: 5, auditor: 5, tenant_admin: 14, playbook_author: 7,
    });
  });

  it("only admin and auditor read the audit log", () => {
    expect(Object.keys(ROLES).filter((role) => can({ role }, "audit:read"))).toEqual(["admin", "auditor"]);
  });

  it("an unknown role, a key of the prototype and nobody have none", () => {
    for (const role of ["root", "", "constructor", "__proto__"]) expect(permissionsOf(role).size).toBe(0);
    expect(can(null, "alerts:read")).toBe(false);
  });
});
