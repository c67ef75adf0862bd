/** What a condition may name, with the values that make sense there. Pure. */
import type { Condition } from "#format";

export type Operator = Extract<Condition, { field: string }>["op"];
export type Scalar = string | number | boolean;
export type Value = Scalar | Scalar[] | undefined;

export interface AlertField {
  name: string;
  label: string;
  /** `unknown`: a path into what the source sent. */
  type: "text" | "number" | "choice" | "list" | "unknown";
  choices?: readonly string[];
}

const SEVERITIES = ["critical", "high", "medium", "low", "info"];

export const ALERT_FIELDS: readonly AlertField[] = [
  { name: "severity", label: "Severity", type: "choice", choices: SEVERITIES },
  { name: "title", label: "Title", type: "text" },
  { name: "description", label: "Description", type: "text" },
  { name: "rule_name", label: "Rule", type: "text" },
  { name: "rule_id", label: "Rule id", type: "text" },
  { name: "hostname", label: "Host", type: "text" },
  { name: "username", label: "User", type: "text" },
  { name: "source_ip", label: "Source address", type: "text" },
  { name: "dest_ip", label: "Destination address", type: "text" },
  { name: "tags", label: "Tags", type: "list" },
  { name: "techniques", label: "ATT&CK techniques", type: "list" },
  { name: "observable_types", label: "Kinds of observables", type: "list", choices: ["ips", "domains", "hashes", "urls", "emails", "cves"] },
  { name: "iocs.ips", label: "Addresses", type: "list" },
  { name: "iocs.domains", label: "Domains", type: "list" },
  { name: "iocs.hashes", label: "Hashes", type: "list" },
  { name: "iocs.urls", label: "URLs", type: "list" },
  { name: "risk_score", label: "Risk score", type: "number" },
  { name: "risk_label", label: "Risk", type: "choice", choices: ["critical", "high", "medium", "low", "info"] },
  { name: "status", label: "Status", type: "choice", choices: ["new", "enriching", "analyzing", "in_progress", "investigating", "escalated", "false_positive", "resolved", "closed"] },
  { name: "determination", label: "Determination", type: "choice", choices: ["unknown", "malicious", "suspicious", "benign"] },
  { name: "duplicate_count", label: "Seen again", type: "number" },
  { name: "source", label: "Source", type: "text" },
  { name: "source_id", label: "Id at the source", type: "text" },
  { name: "partner", label: "Partner", type: "text" },
  { name: "assigned_username", label: "Assigned to", type: "text" },
];

const BY_NAME = new Map(ALERT_FIELDS.map((field) => [field.name, field]));

export const fieldOf = (name: string): AlertField => BY_NAME.get(name) ?? { name, label: name, type: "unknown" };

/** Those that can hold for values of this type, the likeliest first. */
export function operatorsFor({ type }: AlertField): readonly Operator[] {
  switch (type) {
    case "choice": return ["in", "==", "!=", "exists"];
    case "number": return [">=", ">", "<=", "<", "==", "!=", "in", "exists"];
    case "list": return ["in", "contains", "exists"];
    case "text": return ["==", "in", "contains", "!=", "exists"];
    case "unknown": return ["==", "!=", ">=", ">", "<=", "<", "in", "contains", "exists"];
    default: return type satisfies never;
  }
}

const NUMERIC: readonly Operator[] = [">", ">=", "<", "<="];

/** What stands on the right-hand side. */
export function valueKind({ type }: AlertField, op: Operator): "none" | "presence" | "number" | "list" | "choice" | "text" | "any" {
  if (op === "exists") return "presence";
  if (op === "in") return "list";
  if (NUMERIC.includes(op)) return "number";
  if (op === "contains") return "text";
  return type === "number" ? "number" : type === "choice" ? "choice" : type === "unknown" ? "any" : "text";
}

/** A row's value after its field or operator changed: kept as far as it makes sense there. */
export function fitValue(field: AlertField, op: Operator, value: Value): Value {
  const first = Array.isArray(value) ? value[0] : value;
  const kind = valueKind(field, op);
  switch (kind) {
    case "none": return undefined;
    case "presence": return typeof value === "boolean" ? value : true;
    case "list": return Array.isArray(value) ? fitList(field, value) : fitList(field, first === undefined || first === "" || typeof first === "boolean" ? [] : [first]);
    case "number": return typeof first === "number" ? first : Number.isFinite(Number(first)) && first !== "" && typeof first !== "boolean" ? Number(first) : 0;
    case "choice": return field.choices?.includes(String(first)) ? String(first) : field.choices?.[0];
    case "text": return first === undefined || typeof first === "boolean" ? "" : String(first);
    case "any": return first ?? "";
    default: return kind satisfies never;
  }
}

/** Values of a list that this field can have; a field of numbers compares with numbers. */
function fitList({ type, choices }: AlertField, values: Scalar[]): Scalar[] {
  if (type === "number") return values.map(Number).filter(Number.isFinite);
  return choices === undefined ? values : values.filter((value) => choices.includes(String(value)));
}
