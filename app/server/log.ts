import { pino, type Logger } from "pino";

export type { Logger };

/** JSON lines on standard output. Headers and bodies are never logged, so there is nothing to redact but by mistake. */
export const createLog = (level: string): Logger =>
  pino({ level, base: { process: "web" }, redact: ["*.password", "*.access_token", "*.key", "*.secrets", "headers.authorization", "headers.cookie"] });
