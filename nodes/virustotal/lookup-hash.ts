import { z } from "zod";
import { defineNode } from "#sdk";
import { analyse, analysis, fromEpoch, integerOf, lookupRetry, textOf } from "./analysis.ts";
import { virustotal } from "./connection.ts";

const threat = z.object({ suggested_threat_label: z.string() });

export const lookupHash = defineNode({
  type: "virustotal.lookup-hash",
  version: 1,
  ui: { title: "Look up file hash", category: "enrich", icon: "virustotal", summary: "VirusTotal: {hash}", description: "Asks VirusTotal what its engines think of a file, by its MD5, SHA-1 or SHA-256. The file itself is never sent." },
  connection: virustotal,
  config: z.object({}),
  input: z.object({
    hash: z.string().trim().toLowerCase().regex(/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/, "not an MD5, SHA-1 or SHA-256 hash").meta({ title: "Hash" }),
  }),
  outputs: {
    out: analysis.extend({
      hash: z.string(),
      sha256: z.string().nullable(),
      sha1: z.string().nullable(),
      md5: z.string().nullable(),
      name: z.string().nullable(),
      file_type: z.string().nullable(),
      /** Bytes. */
      size: z.number().int().nullable(),
      /** The family most engines agree on, such as "trojan.emotet/geodo". */
      threat_label: z.string().nullable(),
      first_seen_at: z.string().nullable(),
    }),
  },
  effect: "read",
  timeout: 30,
  retry: lookupRetry,
  async run({ client, input: { hash } }) {
    const object = await client.get("files", hash);
    const { sha256, sha1, md5, meaningful_name, type_description, size, popular_threat_classification, first_submission_date } = object?.attributes ?? {};
    const label = threat.safeParse(popular_threat_classification);
    return {
      port: "out",
      data: {
        hash,
        ...analyse(object, `https://www.virustotal.com/gui/file/${object?.id ?? hash}`),
        sha256: textOf(sha256),
        sha1: textOf(sha1),
        md5: textOf(md5),
        name: textOf(meaningful_name),
        file_type: textOf(type_description),
        size: integerOf(size),
        threat_label: label.success ? label.data.suggested_threat_label : null,
        first_seen_at: fromEpoch(first_submission_date),
      },
    };
  },
});
