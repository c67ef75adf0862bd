/**
 * Who may do what. A role is a name for a set of permissions; every route asks for a permission, never for a role.
 * The 18 permissions and the table are those of SOURCE-SYSTEMS 1.8 (18 / 12 / 5 / 14 / 7); `audit:read` is a 19th beside them.
 */
export const PERMISSIONS = [
  "alerts:read", "alerts:update", "alerts:delete",
  "incidents:read", "incidents:create", "incidents:update",
  "playbooks:read", "playbooks:manage", "playbooks:execute",
  "integrations:read", "integrations:manage",
  "observables:read", "observables:manage",
  "ai:use",
  "analysts:manage", "api_keys:manage", "settings:manage", "retention:manage",
] as const;

export type Permission = (typeof PERMISSIONS)[number] | "audit:read";

const VIEWER: readonly Permission[] = ["alerts:read", "incidents:read", "playbooks:read", "integrations:read", "observables:read"];

const ANALYST: readonly Permission[] = [
  ...VIEWER,
  "alerts:update", "alerts:delete", "incidents:create", "incidents:update", "playbooks:execute", "observables:manage", "ai:use",
];

export const ROLES = {
  admin: [...PERMISSIONS, "audit:read"],
  analyst: ANALYST,
  viewer: VIEWER,
  auditor: [...VIEWER, "audit:read"],
  tenant_admin: [...ANALYST, "playbooks:manage", "integrations:manage"],
  playbook_author: [...VIEWER, "playbooks:manage", "playbooks:execute"],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof ROLES;

const NONE: ReadonlySet<Permission> = new Set();
const GRANTS: ReadonlyMap<string, ReadonlySet<Permission>> = new Map(Object.entries(ROLES).map(([role, list]) => [role, new Set<Permission>(list)]));

/** An unknown role has no permissions. */
export const permissionsOf = (role: string): ReadonlySet<Permission> => GRANTS.get(role) ?? NONE;

export const can = (user: { role: string } | null, permission: Permission): boolean => user !== null && permissionsOf(user.role).has(permission);
