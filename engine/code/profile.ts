/** Where a code file runs, and under which name a bundle knows it there. */
import type { PlaybookNode } from "#format";
import type { Bundle } from "./types.ts";

/** isolate: only the language and what host/runtime offers. node: Node's built-in modules too, in a process of its own per call. */
export type Profile = "isolate" | "node";

/** The setting of the Code node; files bound at other nodes' fields run in the isolate. */
export const profileOf = (node: Pick<PlaybookNode, "type" | "config">): Profile =>
  node.type === "core.code" && node.config["profile"] === "node" ? "node" : "isolate";

/** One file may be bound by nodes of both profiles: each has an entry of its own. */
export const fileEntry = (profile: Profile, path: string): string => `${profile === "node" ? "node" : "file"}:${path}`;

/** @returns undefined for expressions. */
export const fileOfEntry = (entry: string): string | undefined => /^(?:file|node):(.*)$/s.exec(entry)?.[1];

export const isNodeEntry = (entry: string): boolean => entry.startsWith("node:");

export const isolateScript = ({ code, meta }: Bundle): string => (meta.node ? code.slice(0, meta.node.start) : code);

export const nodeScript = ({ code, meta }: Bundle): string => (meta.node ? code.slice(meta.node.start) : "");
