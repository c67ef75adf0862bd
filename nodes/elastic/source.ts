/**
 * Elastic Security: detection alerts (`kibana.alert.*`, nested or flattened, bare or as an Elasticsearch hit), their
 * predecessors up to 7.x (`signal.*`), ECS events, and the small bodies people write in a Kibana webhook connector.
 */
import { type Json, type Severity, defineSource } from "#sdk";
import type { Read, SourceMap } from "#sdk/source.ts";

/** Where a connector's body keeps the alert when its template sends `{{context.alerts}}`. */
const WRAPPERS = ["context.alerts.0", "alerts.0", "alert"];
const MARKS = ["kibana.alert.rule.name", "kibana.alert.uuid", "kibana.alert.rule.uuid"];

/** Reads the wrapped alert first and what the body says beside it second. */
function unwrap(outer: Read): Read {
  if (outer(...MARKS) !== undefined) return outer;
  const wrapper = WRAPPERS.find((place) => MARKS.some((mark) => outer(`${place}.${mark}`) !== undefined));
  return wrapper === undefined ? outer : (...paths) => outer(...paths.map((path) => `${wrapper}.${path}`)) ?? outer(...paths);
}

const text = (value: Json | undefined): string | undefined => {
  const single = Array.isArray(value) ? value[0] : value;
  return typeof single === "string" || typeof single === "number" ? String(single) : undefined;
};

/** Undefined where Elastic's own fields say nothing, so that the generic rule decides. */
function firstText(read: Read, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = text(read(path));
    if (found !== undefined && found !== "") return found;
  }
  return undefined;
}

const SEVERITY = ["kibana.alert.severity", "kibana.alert.rule.severity", "signal.rule.severity"];
const RISK = ["kibana.alert.risk_score", "kibana.alert.rule.risk_score", "signal.rule.risk_score"];
const WORDS = new Set<string>(["critical", "high", "medium", "low", "info"]);

/** Elastic's own bands of the risk score: low up to 21, medium to 47, high to 73, critical above. */
function severity(read: Read): Severity | undefined {
  const word = firstText(read, SEVERITY)?.toLowerCase();
  if (word !== undefined && WORDS.has(word)) return word as Severity;
  if (firstText(read, ["severity", "rule.severity", "alert.severity"]) !== undefined) return undefined;
  const score = Number(firstText(read, RISK) ?? Number.NaN);
  if (Number.isNaN(score)) return undefined;
  return score <= 21 ? "low" : score <= 47 ? "medium" : score <= 73 ? "high" : "critical";
}

const list = (value: Json | undefined): string[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((entry) => text(entry) ?? []);

/** With its zone only; what else stands there is left to the generic rule. */
function observed(read: Read): Date | undefined {
  const at = firstText(read, ["@timestamp", "kibana.alert.original_time", "signal.original_time", "kibana.alert.start"]);
  const date = at !== undefined && /(?:Z|[+-]\d{2}:?\d{2})$/.test(at) ? new Date(at) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

const TAGS = ["kibana.alert.rule.tags", "signal.rule.tags", "rule.tags", "tags"];

/** The rule's tags and those of the event; neither says everything. */
function tags(read: Read): string[] | undefined {
  const all = TAGS.flatMap((path) => list(read(path)));
  return all.length > 0 ? all : undefined;
}

const TECHNIQUES = [
  "kibana.alert.rule.threat", "kibana.alert.rule.parameters.threat", "signal.rule.threat", "kibana.alert.rule.tags", "signal.rule.tags",
  "kibana.alert.rule.threat.technique.id", "kibana.alert.rule.threat.technique.subtechnique.id",
  "threat.technique.id", "threat.technique.subtechnique.id", "rule.threat", "context.rule.threat", "tags",
];

/** Ids only, so that a technique's link or name adds nothing of its own. */
function techniques(read: Read): string[] | undefined {
  const found = TECHNIQUES.flatMap((path) => idsIn(read(path), 0));
  return found.length > 0 ? found : undefined;
}

/** The texts of a list of tags, or the ids in a `threat` tree (tactic beside technique, with its subtechniques). */
function idsIn(value: Json | undefined, depth: number): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth > 6) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => idsIn(entry, depth + 1));
  return ["id", "technique", "subtechnique"].flatMap((key) => (Object.hasOwn(value, key) ? idsIn(value[key], depth + 1) : []));
}

export const elasticSource = defineSource({
  id: "elastic",
  title: "Elastic Security",

  detect(_payload, outer) {
    const read = unwrap(outer);
    if (read(...MARKS) !== undefined) return 1;
    if (read("signal.rule.name", "signal.rule.id") !== undefined) return 0.9;
    const index = read("_index");
    if (typeof index === "string" && /^\.?(?:internal\.)?\.?(?:alerts-security|siem-signals)/.test(index)) return 0.9;
    if (read("ecs.version") !== undefined) return 0.5;
    if (read("_id") !== undefined && read("rule.name", "event.kind") !== undefined) return 0.4;
    return 0;
  },

  map(_payload, outer): SourceMap {
    const read = unwrap(outer);
    const ruleName = firstText(read, ["kibana.alert.rule.name", "signal.rule.name", "context.rule.name"]);
    return {
      title: ruleName,
      rule_name: ruleName,
      rule_id: firstText(read, ["kibana.alert.rule.uuid", "kibana.alert.rule.rule_id", "signal.rule.id", "signal.rule.rule_id", "context.rule.id"]),
      description: firstText(read, ["kibana.alert.rule.description", "signal.rule.description", "kibana.alert.reason", "signal.reason", "context.rule.description"]),
      source_id: firstText(read, ["kibana.alert.uuid", "kibana.alert.id"]),
      severity: severity(read),
      hostname: firstText(read, ["host.name", "host.hostname", "agent.name", "agent.hostname"]),
      username: firstText(read, ["user.name", "source.user.name", "client.user.name", "user.email"]),
      source_ip: firstText(read, ["source.ip", "client.ip", "source.address"]),
      dest_ip: firstText(read, ["destination.ip", "server.ip", "destination.address"]),
      tags: tags(read),
      techniques: techniques(read),
      observed_at: observed(read),
    };
  },

  // The rule's own text (links, queries, investigation guide), ids of documents, and the assets that report.
  notObservable: ["", ...WRAPPERS.map((place) => `${place.replace(".0", "")}.`)].flatMap((prefix) => [
    "kibana.alert.uuid", "kibana.alert.id", "kibana.alert.url", "kibana.alert.rule", "kibana.alert.ancestors", "kibana.alert.group", "kibana.alert.instance",
    "kibana.alert.original_event", "kibana.space_ids", "kibana.version", "signal.rule", "signal.parent", "signal.parents", "signal.ancestors", "signal.group",
    "agent", "ecs", "elastic", "event.hash", "event.dataset", "event.module", "event.provider", "event.code", "event.action",
    "host", "observer", "orchestrator", "cloud", "data_stream", "labels", "rule",
  ].map((path) => prefix + path)),
});
