/** Names for what is new: ids that read as code (`steps.lookup_ip.malicious`), and code files. */
import { type Draft, nodeIdPattern, TRIGGER_ID } from "#format";

const MAX = 63;

/** "Look up IP" → look_up_ip. Always a valid id. */
export function asId(text: string): string {
  const words = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const id = (/^[a-z]/.test(words) ? words : `step_${words}`).slice(0, MAX - 4).replace(/_+$/, "");
  return nodeIdPattern.test(id) ? id : "step";
}

/** lookup_ip, lookup_ip_2, … @param taken ids that are about to be taken, too. */
export function freeNodeId({ document }: Draft, wanted: string, taken: ReadonlySet<string> = new Set()): string {
  const used = new Set([TRIGGER_ID, ...document.nodes.map(({ id }) => id), ...taken]);
  if (!used.has(wanted)) return wanted;
  const base = wanted.replace(/_\d+$/, "").slice(0, MAX - 5);
  for (let number = 2; ; number++) if (!used.has(`${base}_${number}`)) return `${base}_${number}`;
}

/** code/score.ts, code/score-2.ts, … */
export function freeFile(files: ReadonlySet<string>, id: string): string {
  const base = id.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase().replaceAll("_", "-").replace(/-\d+$/, "");
  for (let number = 1; ; number++) {
    const path = `code/${base}${number === 1 ? "" : `-${number}`}.ts`;
    if (!files.has(path)) return path;
  }
}

/** By its ends, so that two people who draw the same connection make the same one. */
export function edgeId({ document }: Draft, { from, port, to }: { from: string; port: string; to: string }, taken: ReadonlySet<string> = new Set()): string {
  const used = new Set([...document.edges.map(({ id }) => id), ...taken]);
  const base = `${from}.${port}-${to}`.slice(0, 58);
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!used.has(id)) return id;
  }
}
