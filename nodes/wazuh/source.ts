/** Wazuh: alerts.json records, indexer hits (`_source`), and what Logstash or the integrator forwards of them. */
import { type Json, type Severity, defineSource } from "#sdk";
import type { Read, SourceMap } from "#sdk/source.ts";

const text = (value: Json | undefined): string | undefined => {
  const single = Array.isArray(value) ? value[0] : value;
  return typeof single === "string" || typeof single === "number" ? String(single).trim() : undefined;
};

/** Windows writes "-" for "nobody" and "not known". */
const EMPTY = new Set(["", "-", "N/A", "(null)"]);

function firstText(read: Read, paths: readonly string[]): string | null {
  for (const path of paths) {
    const found = text(read(path));
    if (found !== undefined && !EMPTY.has(found)) return found;
  }
  return null;
}

/** Form only, so that a host name or "-" gives way to the next path; the engine checks what is left. */
const isAddress = (value: string): boolean => /^(?:\d{1,3}\.){3}\d{1,3}$/.test(value) || /^[0-9a-f]{0,4}:[0-9a-f:.]{1,40}$/i.test(value);

/** "::ffff:10.0.0.1" is how Windows writes an IPv4 peer of a dual-stack socket. */
function firstAddress(read: Read, paths: readonly string[]): string | null {
  for (const path of paths) {
    const found = text(read(path))?.replace(/^::ffff:(?=\d+\.)/i, "");
    if (found !== undefined && isAddress(found)) return found;
  }
  return null;
}

/** The vendor's dashboard scale: 0–6 low, 7–11 medium, 12–14 high, 15 and more critical. */
function severity(read: Read): Severity | undefined {
  const raw = text(read("rule.level"));
  const level = raw === undefined || raw === "" ? Number.NaN : Number(raw);
  if (Number.isNaN(level)) return undefined;
  return level >= 15 ? "critical" : level >= 12 ? "high" : level >= 7 ? "medium" : "low";
}

const EVENT = "data.win.eventdata";
const SOURCE_IP = ["data.srcip", "data.src_ip", "data.srcaddr", "data.source_ip", "data.sourceip", `${EVENT}.ipAddress`, `${EVENT}.sourceIp`, `${EVENT}.sourceAddress`, "data.aws.sourceIPAddress", "data.aws.source_ip_address",
  "data.office365.ClientIP", "data.gcp.protoPayload.requestMetadata.callerIp", "data.client_ip", "data.remote_ip", "data.audit.srcip"];
const DEST_IP = ["data.dstip", "data.dest_ip", "data.dst_ip", "data.dstaddr", "data.destination_ip", `${EVENT}.destinationIp`, `${EVENT}.destAddress`, "data.aws.dstaddr"];
/** The account acted upon comes first, as Wazuh's own dashboards do; in Windows events that is the target. */
const USER = ["data.dstuser", "data.srcuser", `${EVENT}.targetUserName`, `${EVENT}.subjectUserName`, `${EVENT}.user`, "data.user", "data.username", "data.user_name", "data.audit.auid_name",
  "data.aws.userIdentity.userName", "data.aws.userIdentity.arn", "data.office365.UserId", "data.github.actor", "data.gcp.protoPayload.authenticationInfo.principalEmail", "syscheck.audit.login_user.name"];

/** "root(uid=0)" is how the PAM decoder writes root. */
const account = (name: string | null): string | null => name?.replace(/\(uid=\d+\)$/, "") ?? null;

/** sshd, PAM, dovecot and web servers, where no decoder filled `data`: only the forms in which these programs name both. */
function readLog(read: Read): { user: string | null; ip: string | null } {
  const line = text(read("full_log"))?.slice(0, 4000) ?? "";
  const ip = /(?:\bfrom |\brip=|\brhost=|\bclient[= ])\[?([0-9a-fA-F.:]{3,45})(?![0-9a-zA-Z])/.exec(line)?.[1]?.replace(/^(\d+\.\d+\.\d+\.\d+):\d*$/, "$1");
  const user = /\bfor (?:invalid user )?([^\s]{1,64}) from \[?[0-9a-fA-F.:]{3,45}(?![0-9a-zA-Z])/.exec(line)?.[1]
    ?? /\b(?:for user|[Ii]nvalid user) ([^\s:]{1,64})/.exec(line)?.[1]
    ?? /\buser=<?([^\s<>,;"']{1,64})/.exec(line)?.[1];
  return { ip: ip !== undefined && isAddress(ip) ? ip : null, user: user ?? null };
}

/** "…+0000" as the manager writes it; what else stands there is left to the generic rule. */
function observed(read: Read): Date | undefined {
  const at = firstText(read, ["timestamp", "@timestamp"]);
  const date = at !== null && /(?:Z|[+-]\d{2}:?\d{2})$/.test(at) ? new Date(at) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

const GUARDDUTY = "data.aws.service.action";

/** A GuardDuty finding names the remote side and the direction, not source and destination. */
function guardDutyPeers(read: Read): { source: string | null; dest: string | null } {
  const remote = firstAddress(read, ["networkConnectionAction", "awsApiCallAction", "portProbeAction.portProbeDetails.0", "portProbeAction.portProbeDetails", "rdsLoginAttemptAction", "kubernetesApiCallAction"]
    .map((action) => `${GUARDDUTY}.${action}.remoteIpDetails.ipAddressV4`));
  const local = firstAddress(read, [`${GUARDDUTY}.networkConnectionAction.localIpDetails.ipAddressV4`]);
  return text(read(`${GUARDDUTY}.networkConnectionAction.connectionDirection`)) === "OUTBOUND" ? { source: local, dest: remote } : { source: remote, dest: local };
}

const list = (value: Json | undefined): string[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((entry) => text(entry) ?? []);

export const wazuhSource = defineSource({
  id: "wazuh",
  title: "Wazuh",

  detect(_payload, read) {
    if (read("rule.level") === undefined || read("rule.description") === undefined) return read("all_fields.rule.level") === undefined ? 0 : 1;
    const marks = [read("agent.name", "agent.id"), read("manager.name"), read("decoder.name", "decoder"), read("location"), read("full_log", "syscheck", "predecoder"), read("rule.groups")];
    const seen = marks.filter((mark) => mark !== undefined).length;
    return seen >= 2 ? 1 : seen === 1 ? 0.8 : 0.3;
  },

  map(_payload, outer): SourceMap {
    // The integrator's "all_fields" form nests the whole alert once more.
    const read: Read = outer("all_fields.rule") === undefined ? outer : (...paths) => outer(...paths.map((path) => `all_fields.${path}`));
    const log = readLog(read);
    const peers = guardDutyPeers(read);
    const sourceId = firstText(read, ["id", "_id"]);
    const identity = [sourceId, firstText(read, ["rule.id"]), firstText(read, ["agent.id"]), firstText(read, ["timestamp", "@timestamp"])];
    return {
      title: firstText(read, ["rule.description"]) ?? undefined,
      rule_name: firstText(read, ["rule.description"]) ?? undefined,
      rule_id: firstText(read, ["rule.id"]),
      description: firstText(read, ["full_log", "data.vulnerability.rationale", "data.aws.description", "data.win.system.message", "data.title", "rule.description"]),
      severity: severity(read),
      source_id: sourceId,
      // The vendor's samples share one id, and ids restart with a rebuilt manager: the four together name one event.
      dedup_key: sourceId === null ? null : identity.map((part) => part ?? "").join("|"),
      hostname: firstText(read, ["agent.name", "predecoder.hostname", "data.win.system.computer"]),
      username: account(firstText(read, USER) ?? log.user),
      source_ip: firstAddress(read, SOURCE_IP) ?? peers.source ?? log.ip,
      dest_ip: firstAddress(read, DEST_IP) ?? peers.dest,
      tags: list(read("rule.groups")),
      techniques: list(read("rule.mitre.id")),
      observed_at: observed(read),
    };
  },

  // The rule's own text, the parts of Wazuh that report, ids of containers and detectors, and a vulnerability's reading list.
  notObservable: ["", "all_fields."].flatMap((prefix) => [
    "rule", "agent", "manager", "cluster", "decoder", "predecoder", "input", "location", "id", "_index", "_id",
    "data.vulnerability.references", "data.vulnerability.reference", "data.vulnerability.bugzilla_references", "data.vulnerability.advisories_ids", "data.vulnerability.assigner", "data.vulnerability.package", "data.vulnerability.scanner",
    "data.docker.Actor", "data.docker.id", "data.aws.service.detectorId", "data.aws.resource", "data.tls.ja3", "data.tls.ja3s", "data.sca",
  ].map((path) => prefix + path)),
});
