import { z } from "zod";
import { defineNode, Failure, portsFromList, type Question } from "#sdk";

const port = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, "a port is lower-case: letters, digits, _ and -").refine((name) => name !== "timeout" && name !== "failed", "timeout and failed are ports already");

const portsFrom = { list: "answers", name: "port", always: ["timeout"] };
const given = z.object({ answer: z.string().nullable(), values: z.record(z.string(), z.unknown()), reason: z.string().nullable(), by: z.string().nullable(), at: z.string().nullable() });
/** Ports are named by the config, so the record's keys stay open. */
const outputs: Record<string, typeof given> = { "*": given };

/** Asks a person, and goes on by the answer that was chosen. The run waits without a worker, however long it takes. */
export const ask = defineNode({
  type: "core.ask",
  version: 1,
  ui: { title: "Ask a person", category: "control", icon: "message-square", summary: "Ask: {question}", description: "Waits for somebody to answer on the run's page; each answer is a port." },
  config: z.object({
    answers: z.array(z.object({ port, label: z.string().min(1).max(60) })).min(1).max(10).default([{ port: "yes", label: "Yes" }, { port: "no", label: "No" }]).meta({ title: "Answers" }),
    fields: z.array(z.object({
      name: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/, "a name starts with a lower-case letter and holds letters, digits and _"),
      label: z.string().min(1).max(100),
      type: z.enum(["text", "number", "boolean", "choice"]).default("text"),
      choices: z.array(z.string().max(100)).max(50).optional(),
      required: z.boolean().default(false),
    })).max(20).default([]).meta({ title: "Form", description: "What else to fill in" }),
    roles: z.array(z.string().max(60)).max(20).default([]).meta({ title: "Who may answer", description: "Roles; none: everybody who may run playbooks" }),
    timeout: z.number().positive().max(90 * 86_400).optional().meta({ title: "Give up after", description: "Seconds; then it goes on by the port timeout" }),
  }),
  input: z.object({ question: z.string().min(1).max(500).meta({ title: "Question" }), details: z.string().max(5000).nullish().meta({ title: "Details" }) }),
  outputs,
  ports: portsFromList(portsFrom),
  portsFrom,
  effect: "none",
  async run({ config, input, now }) {
    const question: Question = {
      title: input.question,
      ...(input.details ? { text: input.details } : {}),
      choices: config.answers.map(({ port: value, label }) => ({ value, label })),
      fields: config.fields.map(({ choices, ...field }) => ({ ...field, ...(choices ? { choices } : {}) })),
      ...(config.roles.length > 0 ? { roles: config.roles } : {}),
    };
    return { wait: { kind: "question", question, ...(config.timeout === undefined ? {} : { until: new Date(now().getTime() + config.timeout * 1000) }) } };
  },
  async resume(_context, answer) {
    if (answer.kind === "timer") return { port: "timeout", data: { answer: null, values: {}, reason: null, by: null, at: null } };
    if (answer.kind !== "answer" || answer.value.choice === null) throw new Failure("rejected", "the answer does not say which one it is");
    const { choice, values, reason } = answer.value;
    return { port: choice, data: { answer: choice, values, reason, by: answer.by.name, at: answer.at } };
  },
});
