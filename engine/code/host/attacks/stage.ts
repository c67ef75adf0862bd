/** Where attacks are made: a host, and innocent calls that go on meanwhile and afterwards. */
import { isDeepStrictEqual } from "node:util";
import { documentSchema } from "#format";
import { compileVersion } from "../../compile.ts";
import { fileEntry, type Profile } from "../../profile.ts";
import type { Bundle, CodeResult } from "../../types.ts";
import { createCodeHost } from "../index.ts";
import type { Attack, Ending } from "./attack.ts";
import { attacks } from "./index.ts";

/** Also looks whether the language is as it was. */
const INNOCENT = `export default async ({ item }: any) => {
  await new Promise((done) => setTimeout(done, 5));
  const changed = ({} as any).polluted ?? (globalThis as any).mine;
  return [item * 2, changed ?? null, JSON.stringify([1].map((x) => x + 1)), 'a'.startsWith('b')];
};`;
const innocentResult = (item: number) => [item * 2, null, "[2]", false];

/** The neighbours are starved of processor time on purpose: they must be served, not be quick. */
const PATIENCE_MS = 25_000;
/** For what must end by its time-out, and for what must end before. */
const SHORT_MS = 300;
const LONG_MS = 8000;

const isTimeout = (ending: Ending): boolean => "reason" in ending && [ending.reason].flat().includes("timeout");

export interface Row {
  group: string;
  attack: Attack;
  profile: Profile;
}

export const rows: Row[] = Object.entries(attacks).flatMap(([group, list]) => list.flatMap((attack) => (["isolate", "node"] as const).map((profile) => ({ group, attack, profile }))));

export const titleOf = ({ group, attack, profile }: Row): string => `${profile}, ${group}: ${attack.name}`;

export class Stage {
  readonly #host = createCodeHost({ processes: 1, rssMb: 512, cells: 8 });
  /** The attacks of a group are one version of a playbook: those in the isolate meet there. */
  readonly #bundles = new Map<string, Promise<Bundle>>();

  close(): Promise<void> {
    return this.#host.close();
  }

  /**
   * A process per call is slow to test: in the Node profile only the attacks on the next call have one right after them; after the
   * others comes the one beside the next attack.
   * @returns what is not as it should be, or undefined.
   */
  async verdict({ group, attack, profile }: Row): Promise<string | undefined> {
    const [mine, other] = await Promise.all([this.#bundle(group, attacks[group] ?? [attack]), this.#bundle("bystanders", [])]);
    const { ends, timeoutMs = isTimeout(ends[profile]) ? SHORT_MS : LONG_MS } = attack;
    const file = fileOf(attack);
    const hostile = this.#host.call({ tenantId: "tenant", bundle: mine, entry: fileEntry(profile, file), scope: {}, timeoutMs });
    const during = [this.#serves(mine, "tenant", profile), this.#serves(other, "other", "isolate")];
    const faults = [faultOf(await hostile, ends[profile], file), ...await Promise.all(during), await this.#serves(mine, "tenant", group === "the next call" ? profile : "isolate")].filter((fault) => fault !== undefined);
    return faults.length === 0 ? undefined : faults.join("; ");
  }

  async #serves(bundle: Bundle, tenantId: string, profile: Profile): Promise<string | undefined> {
    for (let item = 0; item < (profile === "node" ? 1 : 3); item++) {
      const result = await this.#host.call({ tenantId, bundle, entry: fileEntry(profile, "code/innocent.ts"), scope: { item }, timeoutMs: PATIENCE_MS });
      if (!result.ok || !isDeepStrictEqual(result.value, innocentResult(item)) || result.logs.length > 0) return `an innocent call of ${tenantId} (${profile}) got ${JSON.stringify(result)}`;
    }
    return undefined;
  }

  #bundle(name: string, list: readonly Attack[]): Promise<Bundle> {
    const made = this.#bundles.get(name) ?? compiled({ "code/innocent.ts": INNOCENT, ...Object.fromEntries(list.map((attack) => [fileOf(attack), attack.source])) });
    this.#bundles.set(name, made);
    return made;
  }
}

const fileOf = ({ name }: Attack): string => `code/${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.ts`;

function faultOf(result: CodeResult, ending: Ending, path: string): string | undefined {
  const said = `it ended with ${JSON.stringify(result.ok ? { value: result.value } : result.failure).slice(0, 500)}`;
  if ("value" in ending) return result.ok && isDeepStrictEqual(result.value, ending.value) ? undefined : said;
  if (result.ok) return said;
  const { reason, message, file, line } = result.failure;
  const isRight = [ending.reason].flat().includes(reason) && message.includes(ending.says ?? "") && message.length < 5000
    && file === path && line !== undefined && (ending.line === undefined || line === ending.line) && message.includes(`${path} line ${line}`);
  return isRight ? undefined : said;
}

/** Every file in both profiles. */
async function compiled(files: Record<string, string>): Promise<Bundle> {
  const nodes = Object.keys(files).flatMap((file, index) => ["isolate", "node"].map((profile) => ({ id: `${profile}${index}`, type: "core.code", config: { profile }, input: { result: { file } } })));
  const result = await compileVersion({ document: documentSchema.parse({ format: 1, name: "test", nodes, edges: [] }), files });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.bundle;
}
