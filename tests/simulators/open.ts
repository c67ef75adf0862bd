/** Opens a connection for a test through the real gateway, with loopback allowed. */
import type { z } from "zod";
import { createGateway, createRedactor, type EgressEvent, type EgressRules } from "#engine/connections/index.ts";
import type { ConnectionDefinition, Http } from "#sdk";

const gateway = createGateway();

const testRules = (rules: Partial<EgressRules>): EgressRules => ({ hosts: "any", allowPrivate: true, signal: new AbortController().signal, redactor: createRedactor([]), ...rules });

/** Without a connection: any host. */
export function testHttp(rules: Partial<EgressRules> = {}): Http & { events: EgressEvent[] } {
  const events: EgressEvent[] = [];
  const http = gateway.http(testRules({ observe: (event) => void events.push(event), ...rules }));
  return { ...http, events };
}

export function openForTest<S extends z.ZodObject, C>(definition: ConnectionDefinition<S, C>, given: z.input<S>, rules: Partial<EgressRules> = {}): { client: C; settings: z.infer<S> } {
  const settings = definition.settings.parse(given);
  const signal = rules.signal ?? new AbortController().signal;
  const limited = testRules({ hosts: definition.hosts(settings), timeout: 2, signal, ...rules });
  return { client: definition.open(settings, { http: gateway.http(limited), connect: gateway.connect(limited), signal }), settings };
}
