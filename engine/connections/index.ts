/** Connections: their secrets at rest, what they may reach, whether they work. */
export { checkConnection, type CheckRequest, type HealthReport } from "./health.ts";
export { createGateway, type EgressEvent, type EgressRules, type Gateway, type GatewayOptions } from "./gateway.ts";
export { noConnection, openConnection, type OpenedConnection, type OpenRequest } from "./open.ts";
export { createRedactor, MASK, noRedaction, type Redactor } from "./redact.ts";
export { type ConnectionRow, type SealedSettings, sealSettings, secretNames } from "./settings.ts";
export { createVault, parseSecretKey, type SealOwner, type Vault, VaultError } from "./vault.ts";
