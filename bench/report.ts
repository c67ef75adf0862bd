/** From results to the table that people read. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { CLIENTS, CONNECTIONS, PER_SECOND, type Results, type SubjectResults } from "./measure.ts";
import { median } from "./statistics.ts";

export interface Line {
  group: string;
  what: string;
  /** Of the rounds. */
  median: number;
  least: number;
  most: number;
  unit: string;
  /** What issue 4 asks for. */
  target?: { is: "at least" | "at most"; value: number };
}

function line(group: string, what: string, values: readonly number[], unit = "", target?: Line["target"]): Line {
  return { group, what, median: median(values), least: Math.min(...values), most: Math.max(...values), unit, ...(target && { target }) };
}

/** Round by round: its two sides were measured next to each other. */
const ratio = (upper: readonly number[], lower: readonly number[]): number[] => upper.map((value, round) => value / lower[round]!);

const atLeast = (value: number) => ({ is: "at least", value }) as const;
const atMost = (value: number) => ({ is: "at most", value }) as const;

function subjectLines(group: string, { sustained, latency, accepts, memory, runs }: SubjectResults): Line[] {
  const of = (part: "answer" | "finished" | "durable", share: "p50" | "p95" | "p99") => latency.map((round) => round[part][share]);
  const known = Object.entries(memory).flatMap(([name, mb]) => (mb === null ? [] : [[name, mb] as const]));
  return [
    line(group, `webhook → finished run, ${CONNECTIONS} connections`, sustained.map((round) => round.runsPerSecond), "runs/s"),
    line(group, "webhooks accepted, worker stopped", accepts, "/s"),
    line(group, `webhook answer p50 at ${PER_SECOND}/s`, of("answer", "p50"), "ms"),
    line(group, `webhook answer p95 at ${PER_SECOND}/s`, of("answer", "p95"), "ms"),
    line(group, `webhook answer p99 at ${PER_SECOND}/s`, of("answer", "p99"), "ms"),
    line(group, `send → finished_at p50 at ${PER_SECOND}/s`, of("finished", "p50"), "ms"),
    line(group, `send → finished_at p95 at ${PER_SECOND}/s`, of("finished", "p95"), "ms"),
    line(group, `send → end on disk and told p50 at ${PER_SECOND}/s`, of("durable", "p50"), "ms"),
    line(group, `send → end on disk and told p95 at ${PER_SECOND}/s`, of("durable", "p95"), "ms"),
    ...Object.keys(sustained[0]!.cpu).map((name) => line(group, `processor time of ${name} per run`, sustained.map((round) => round.cpu[name] ?? Number.NaN), "µs")),
    ...known.map(([name, mb]) => line(group, `memory of ${name} after ${runs} runs`, [mb], "MB")),
  ];
}

export function toLines({ jobs, jobsLocalQueue, singleRow, sixRows, bare, product, trace }: Results): Line[] {
  const runs = (subject: SubjectResults) => subject.sustained.map((round) => round.runsPerSecond);
  const cpu = (subject: SubjectResults) => subject.sustained.map((round) => Object.values(round.cpu).reduce<number>((sum, used) => sum + (used ?? 0), 0));
  const end = (subject: SubjectResults, share: "p50" | "p95") => subject.latency.map((round) => round.durable[share]);
  const memory = Object.values(product.memory);
  return [
    line("floor", "jobs that do nothing, Graphile's defaults", jobs, "/s"),
    line("floor", "jobs that do nothing, local queue", jobsLocalQueue, "/s"),
    line("floor", `2 KB jsonb, one row a transaction, ${CLIENTS} clients`, singleRow, "tx/s"),
    line("floor", `2 KB jsonb, six rows a transaction, ${CLIENTS} clients`, sixRows, "tx/s"),
    ...subjectLines("bare path", bare),
    ...subjectLines("product", product),
    line("product", "trace of one run as JSON", [trace.bytesPerRun], "B"),
    line("product", "disk for alert, history, run and trace together", [trace.databaseBytesPerRun], "B"),
    line("target", "runs/s ÷ bare path's", ratio(runs(product), runs(bare)), "", atLeast(0.6)),
    line("target", "runs/s ÷ six-row transactions/s", ratio(runs(product), sixRows), "", atLeast(0.42)),
    line("target", "processor time per run ÷ bare path's", ratio(cpu(product), cpu(bare))),
    line("target", "accepts/s ÷ single-row transactions/s", ratio(product.accepts, singleRow), "", atLeast(0.35)),
    line("target", `send → end on disk p50 at ${PER_SECOND}/s`, end(product, "p50"), "ms", atMost(10)),
    // Whichever is larger.
    line("target", `send → end on disk p95 at ${PER_SECOND}/s`, end(product, "p95"), "ms", atMost(Math.max(20, 2 * median(end(bare, "p95"))))),
    line("target", `webhook answer p50 at ${PER_SECOND}/s`, product.latency.map((round) => round.answer.p50), "ms", atMost(4)),
    ...(memory.every((mb) => mb !== null) ? [line("target", "memory of web, worker and code host", [memory.reduce((sum, mb) => sum + mb, 0)], "MB", atMost(500))] : []),
    line("target", "disk per KB of trace", [trace.diskPerKb], "KB", atMost(0.5)),
  ];
}

export const machine = (): string => `${availableParallelism()} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 1024 ** 3)} GB, Node ${process.versions.node}`;

const number = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString("en") : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

export function toText(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length)) + 2;
  const rows: string[] = [];
  let group = "";
  for (const { group: own, what, median: middle, least, most, unit, target } of lines) {
    if (own !== group) rows.push("", own.toUpperCase());
    group = own;
    const met = target && (target.is === "at least" ? middle >= target.value : middle <= target.value);
    const spread = least === most ? "" : `${number(least)} – ${number(most)}`;
    const verdict = target ? `${target.is} ${number(target.value)}: ${met ? "met" : "MISSED"}` : "";
    rows.push(`  ${what.padEnd(width)}${number(middle).padStart(9)} ${unit.padEnd(7)}${spread.padEnd(20)}${verdict}`.trimEnd());
  }
  return rows.join("\n");
}
