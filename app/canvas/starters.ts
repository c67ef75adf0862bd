/** What a new node begins with, for types that say nothing until something is filled in. */
import type { Binding, PlaybookNode } from "#format";

export interface Start {
  config?: PlaybookNode["config"];
  input?: Record<string, Binding>;
  /** Text of a new file that `field` is bound to. */
  file?: { field: string; text(id: string): string };
}

const camel = (id: string): string => id.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());

const STARTS: Record<string, Start> = {
  "core.code": {
    file: {
      field: "result",
      text: (id) => `/** What is returned here, later steps read as steps.${id}. */
export default function ${camel(id)}({ alert, steps }) {
  return {
    severity: alert.severity,
  };
}
`,
    },
  },
  "core.switch": {
    config: { cases: [{ port: "critical", when: { op: "==", value: "critical" } }, { port: "high", when: { op: "==", value: "high" } }] },
    input: { value: { expr: "alert.severity" } },
  },
};

export const startOf = (type: string): Start => STARTS[type] ?? {};
