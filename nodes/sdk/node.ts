import type { z } from "zod";
import type { ConnectionDefinition } from "./connection.ts";
import type { Http } from "./http.ts";
import type { Json } from "./json.ts";
import type { AlertView, Records } from "./records.ts";

/** none: no outside world. read: asks it. write: changes something. contain: changes something people feel (isolation, blocking). */
export type Effect = "none" | "read" | "write" | "contain";

export interface RetryPolicy {
  /** Attempts in all, the first included. 1 is "no retry". */
  attempts: number;
  backoff: "exponential" | "fixed";
  /** Seconds: exponential waits base × 2^(n − 1) after attempt n, fixed waits base. */
  base: number;
  /** Longest wait in seconds. */
  max: number;
  jitter: boolean;
}

/** A field of a question's form. */
export interface QuestionField {
  name: string;
  label: string;
  type: "text" | "number" | "boolean" | "choice";
  choices?: string[];
  required?: boolean;
}

/** What is asked of people, wherever it is shown. */
export interface Question {
  title: string;
  text?: string;
  /** Of which one is given; absent: there is nothing to choose, only the form to fill in. */
  choices?: { value: string; label: string }[];
  fields?: QuestionField[];
  /** Roles whose users may answer; absent: everybody who may run playbooks. */
  roles?: string[];
}

/** What a run waits for, without holding a worker. Past `until` the node is resumed with {kind: "timer"}. */
export type Wait =
  | { kind: "timer"; until: Date }
  | { kind: "question"; question: Question; until?: Date }
  /** Somebody outside posts to the step's address: `run.callback_url` with the node's id. */
  | { kind: "callback"; until?: Date }
  /** Another playbook (slug), to its end. */
  | { kind: "run"; playbook: string; input: Json; withAlert: boolean };

/** What a person said to a question. */
export interface Answer {
  choice: string | null;
  values: { [field: string]: Json };
  reason: string | null;
}

/** Iterations of a container's body that the engine is to run before it calls `resume`. */
export interface LoopPlan {
  /** How many there are to be in all, those that have run included. */
  count: number;
  /** What each iteration sees as `item`; without a list, its number. */
  items?: Json[];
  /** At a time. */
  concurrency: number;
  /** After a failed iteration no other begins, and those under way are ended. */
  stopOnFailure: boolean;
  /** The next iteration does not begin before this. */
  notBefore?: Date;
}

/** How one iteration of a body came out. `cancelled`: ended because another one failed. */
export interface Iteration {
  index: number;
  status: "success" | "failed" | "cancelled";
  /** Of the node nothing follows in the body, null where it did not run; of several such nodes, by their ids. */
  result: Json;
  error?: { kind: string; message: string };
}

export type WaitAnswer =
  | { kind: "timer" }
  | { kind: "answer"; by: { id: string | null; name: string }; at: string; value: Answer }
  | { kind: "callback"; body: Json }
  | { kind: "run"; runId: string; status: "success" | "failed" | "cancelled"; result: Json; error: { kind: string; message: string } | null }
  /** `until`: what the container's `until` said after the last iteration; false without one. */
  | { kind: "loop"; iterations: Iteration[]; until: boolean };

export type NodeResult<O> = { [P in keyof O & string]: { port: P; data: O[P] } }[keyof O & string] | { wait: Wait } | { loop: LoopPlan };

/** Everything a node may touch. There is nothing else: no globals, no database, no environment. */
export interface NodeContext<Config, Input, Client> {
  client: Client;
  config: Config;
  input: Input;
  http: Http;
  records: Records;
  /** Aborts on time-out and cancel. A write that has already been sent should still be awaited. */
  signal: AbortSignal;
  /** The same for every automatic attempt of one step, new when a person says "do it again". */
  idempotencyKey: string;
  run: { id: string; mode: string; alertId: string | null; correlationId: string };
  step: { id: string; nodeId: string; attempt: number };
  /** Address of the web app, for links in messages. */
  baseUrl: string;
  now(): Date;
  log(message: string, data?: Json): void;
}

export interface NodeUi {
  title: string;
  category: "control" | "code" | "alert" | "enrich" | "notify" | "respond" | "web";
  icon: string;
  /** One sentence with {field} places, filled from config and input: what the card says. */
  summary: string;
  /** For the palette's search and the docs. */
  description?: string;
  docs?: string;
}

/** One port per entry of a config list, named by one of the entry's fields, then those that are always there. */
export interface PortsFromList {
  list: string;
  name: string;
  always: string[];
}

export function portsFromList({ list, name, always }: PortsFromList): (config: Record<string, unknown>) => string[] {
  return (config) => {
    const entries = Array.isArray(config[list]) ? (config[list] as Record<string, unknown>[]) : [];
    return [...entries.map((entry) => String(entry?.[name])), ...always];
  };
}

export interface NodeDefinition<
  Config extends z.ZodObject = z.ZodObject,
  Input extends z.ZodObject = z.ZodObject,
  Outputs extends Record<string, z.ZodType> = Record<string, z.ZodType>,
  Client = undefined,
> {
  /** Stored in playbooks: superseded, never renamed. */
  type: string;
  version: number;
  ui: NodeUi;
  connection?: ConnectionDefinition<any, Client>;
  /** Chosen while authoring: literals only. */
  config: Config;
  /** Bound per field: a literal, an expression or a file. */
  input: Input;
  /** One schema per port. The engine adds the port `failed` where the playbook asks for it. */
  outputs: Outputs;
  /** Ports that exist only for some configs (switch): replaces the keys of `outputs`; the schema is that of `outputs["*"]`. */
  ports?(config: z.infer<Config>): string[];
  /** The rule of `ports` as data, for the browser, which never gets node code; make `ports` from it with `portsFromList`. */
  portsFrom?: PortsFromList;
  /** The output is what was bound to the input, all fields or one: later steps then see the type of the binding, not of the schema. */
  passes?: "input" | { field: string };
  /** The node owns a body of other nodes (each, repeat): `run` plans its iterations, `resume` gets how they came out. */
  container?: {
    /** The input field whose list is walked; without one the rounds are numbered. */
    items?: string;
  };
  /** It waits for a callback: the run gives its address away as `run.callback_urls.<id>`. */
  callback?: true;
  /** The run ends with this status when the node succeeds; its result is the node's data. No edge leaves such a node. */
  ends?(config: z.infer<Config>): "success" | "failed";
  effect: Effect | ((config: z.infer<Config>) => Effect);
  /** May it run again after an ambiguous failure? Default: only for effects none and read. */
  repeatable?: boolean;
  /** Seconds. Default 60. */
  timeout?: number;
  retry?: RetryPolicy;
  /**
   * The stand-in result of modes that hold writes back; required for write and contain. It calls nothing.
   * @param context.alert the run's alert as it was when the run started; null without one
   */
  simulate?(context: { config: z.infer<Config>; input: z.infer<Input>; alert?: AlertView | null }): { port: keyof Outputs & string; data: unknown };
  run(context: NodeContext<z.infer<Config>, z.infer<Input>, Client>): Promise<NodeResult<{ [P in keyof Outputs]: z.input<Outputs[P]> }>>;
  /** Receives the answer of the wait that `run` returned. */
  resume?(context: NodeContext<z.infer<Config>, z.infer<Input>, Client>, answer: WaitAnswer): Promise<NodeResult<{ [P in keyof Outputs]: z.input<Outputs[P]> }>>;
}

export type AnyNode = NodeDefinition<any, any, any, any>;

/** Checks at load what types cannot: a write without a stand-in, a wait without a resume. */
export function defineNode<Config extends z.ZodObject, Input extends z.ZodObject, Outputs extends Record<string, z.ZodType>, Client = undefined>(
  definition: NodeDefinition<Config, Input, Outputs, Client>,
): NodeDefinition<Config, Input, Outputs, Client> {
  const effect = definition.effect;
  if ((effect === "write" || effect === "contain") && !definition.simulate) {
    throw new Error(`${definition.type}: a node with effect ${effect} needs simulate()`);
  }
  return definition;
}
