/** The 2 KB alert that every measurement sends or stores. */
import { createHash } from "node:crypto";

export const ALERT_BYTES = 2048;
/** Different bodies in turn, so that neither a cache nor the compression of a whole page flatters a figure. */
const VARIETY = 500;
const SEVERITIES = ["low", "medium", "high", "critical"];

interface Template {
  head: string;
  tail: string;
}

function template(seed: number): Template {
  const hash = (salt: string) => createHash("sha256").update(`${seed} ${salt}`).digest("hex");
  const octet = (at: number) => parseInt(hash("ip").slice(at * 2, at * 2 + 2), 16);
  const address = (network: string, at: number) => `${network}.${octet(at)}.${octet(at + 1)}`;
  const alert = {
    source: "bench",
    source_id: "",
    title: `Suspicious child process of winword.exe on ws-${seed}`,
    severity: SEVERITIES[seed % SEVERITIES.length],
    timestamp: "2026-01-15T08:30:00.000Z",
    rule_id: `R-${1000 + (seed % 60)}`,
    rule_name: "Office application starts a script host",
    hostname: `ws-${seed}.corp.example`,
    username: `user${seed % 90}`,
    source_ip: address("203.0", 0),
    dest_ip: address("10.20", 2),
    tags: ["endpoint", "windows", `site-${seed % 7}`],
    techniques: ["T1059.001", "T1204.002"],
    process: { name: "powershell.exe", pid: 1000 + seed, parent: "winword.exe", command_line: `powershell.exe -NoProfile -EncodedCommand ${hash("command")}`, sha256: hash("file"), signer: "unsigned" },
    network: { url: `http://cdn-${hash("domain").slice(0, 12)}.example/update/${seed}.bin`, bytes_out: 4000 + seed, bytes_in: 90_000 + seed },
    log: "",
  };
  const idle = JSON.stringify(alert);
  // The rest is a log line: half words, half noise, as such lines are.
  let log = "";
  for (let word = 0; idle.length + ID_LENGTH + log.length < ALERT_BYTES; word++) log += word % 2 ? `field${word}=${hash(String(word)).slice(0, 16)} ` : "process created by service account ";
  alert.log = log.slice(0, ALERT_BYTES - idle.length - ID_LENGTH);
  const [head, tail] = JSON.stringify(alert).split('"source_id":""');
  return { head: `${head}"source_id":"`, tail: `"${tail}` };
}

/** The name of a series of alerts and an eight-digit number. */
const ID_LENGTH = 24;
const templates = Array.from({ length: VARIETY }, (_, seed) => template(seed));

/** @param series 15 characters at most, of its own for every series: nothing may be deduplicated. */
export function alertId(series: string, number: number): string {
  return `${series.padEnd(ID_LENGTH - 9, "-")}-${String(number).padStart(8, "0")}`;
}

/** JSON of exactly ALERT_BYTES bytes. */
export function alertBody(id: string, number: number): string {
  const { head, tail } = templates[number % VARIETY]!;
  return head + id + tail;
}
