/** The HTTP API of a running Playgraph, as much of it as this command needs. */
import { z } from "zod";
import type { Surroundings } from "../playbooks.ts";
import { CommandFailure } from "./failure.ts";

const summaries = z.array(z.object({ slug: z.string(), version: z.number().nullable() }));
const detail = z.object({ slug: z.string(), version: z.number().nullable(), document: z.unknown(), layout: z.unknown(), files: z.record(z.string(), z.string()) });
const draft = z.object({ slug: z.string(), revision: z.number(), differs: z.boolean(), updated_by: z.string().nullable(), document: z.unknown(), layout: z.unknown(), files: z.record(z.string(), z.string()) });
const published = z.object({ version: z.number(), unchanged: z.boolean(), warnings: z.array(z.object({ message: z.string() })) });
const refused = z.object({ detail: z.union([z.string(), z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string() }))]) });

export type RemotePlaybook = z.infer<typeof detail>;
export type RemoteDraft = z.infer<typeof draft>;
export interface LocalPlaybook { slug: string; document: unknown; layout: unknown; files: Record<string, string> }
export type PushOutcome = { ok: true; version: number; unchanged: boolean; warnings: string[] } | { ok: false; problems: string[] };

export interface Server {
  list(): Promise<{ slug: string; version: number | null }[]>;
  /** @returns undefined for an unknown slug. */
  get(slug: string): Promise<RemotePlaybook | undefined>;
  publish(playbook: LocalPlaybook): Promise<PushOutcome>;
  /** What the editor opens. @returns undefined for an unknown slug. */
  getDraft(slug: string): Promise<RemoteDraft | undefined>;
  /** A playbook without a version; its name is the draft's to say. */
  create(slug: string): Promise<void>;
  /** @param revision of what is replaced. @returns what is wrong, or the new draft. */
  replaceDraft(playbook: LocalPlaybook, revision: number): Promise<{ ok: true; draft: RemoteDraft } | { ok: false; problems: string[] }>;
}

/** Signs in where no token is given. @throws CommandFailure */
export async function connect({ env, fetch }: Surroundings): Promise<Server> {
  const base = (env["PLAYGRAPH_URL"] || "http://127.0.0.1:3000").replace(/\/+$/, "");
  if (!URL.canParse(base)) throw new CommandFailure(`PLAYGRAPH_URL is not an address: ${base}`);
  let token = env["PLAYGRAPH_TOKEN"] || undefined;

  async function request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body !== undefined && { "content-type": "application/json" }) };
    const response = await fetch(`${base}/api/v1${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }).catch((error: unknown) => {
      throw new CommandFailure(`Nothing answers at ${base} (${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}). Is Playgraph running? PLAYGRAPH_URL says where.`);
    });
    const text = await response.text();
    if (response.status === 401) throw new CommandFailure(path === "/auth/login" ? "The user name or the password is wrong." : "The token is not valid (any more).");
    if (response.status === 403) throw new CommandFailure(`This user may not do that: ${text}`);
    if (response.status >= 500 || response.status === 429) throw new CommandFailure(`${base} answers ${response.status}: ${text.slice(0, 300)}`);
    try {
      return { status: response.status, body: JSON.parse(text) as unknown };
    } catch {
      throw new CommandFailure(`${base} does not answer like Playgraph.`);
    }
  }

  if (token === undefined) {
    const { PLAYGRAPH_USER: username, PLAYGRAPH_PASSWORD: password } = env;
    if (!username || !password) throw new CommandFailure("Set PLAYGRAPH_TOKEN, or PLAYGRAPH_USER and PLAYGRAPH_PASSWORD.");
    token = z.object({ access_token: z.string() }).parse((await request("POST", "/auth/login", { username, password })).body).access_token;
  }

  return {
    list: async () => summaries.parse((await request("GET", "/playbooks")).body),
    async get(slug) {
      const { status, body } = await request("GET", `/playbooks/${slug}`);
      return status === 404 ? undefined : detail.parse(body);
    },
    async publish(playbook) {
      const { status, body } = await request("POST", "/playbooks", playbook);
      if (status !== 422) return { ok: true, ...toOutcome(published.parse(body)) };
      return { ok: false, problems: problemsIn(body) };
    },
    async getDraft(slug) {
      const { status, body } = await request("GET", `/playbooks/${slug}/draft`);
      return status === 404 ? undefined : draft.parse(body);
    },
    async create(slug) {
      await request("POST", "/playbooks/new", { name: slug, slug });
    },
    async replaceDraft({ slug, ...content }, revision) {
      const { status, body } = await request("PUT", `/playbooks/${slug}/draft`, { ...content, revision });
      return status === 200 ? { ok: true, draft: draft.parse(body) } : { ok: false, problems: problemsIn(body) };
    },
  };
}

const toOutcome = ({ version, unchanged, warnings }: z.infer<typeof published>) => ({ version, unchanged, warnings: warnings.map(({ message }) => message) });

function problemsIn(body: unknown): string[] {
  const { detail: said } = refused.parse(body);
  return typeof said === "string" ? [said] : said.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`);
}
