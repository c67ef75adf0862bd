/**
 * The draft as a test executes it: a version without a number, made once for the same content. A test asks less than publishing:
 * types may be wrong, and so may everything that takes no part.
 */
import { randomUUID } from "node:crypto";
import type { Actor } from "#app/server/context.ts";
import { compileVersion, type Pin, testedPart } from "#engine";
import { checkDocument, type PlaybookDocument, type PlaybookLayout, type Problem } from "#format";
import { shapeOf } from "#nodes/catalog.ts";
import type { Db } from "#prisma";
import { contentHash } from "./content-hash.ts";
import { problemRefusal } from "./problem-refusal.ts";

export interface SnapshotInput {
  tenantId: string;
  playbookId: string;
  slug: string;
  document: PlaybookDocument;
  layout: PlaybookLayout;
  files: Record<string, string>;
  only?: string | undefined;
  upto?: string | undefined;
  pins: Record<string, Pin>;
  actor: Actor;
}

/** @returns the version's id. @throws Refusal invalid with one detail per problem of what takes part. */
export async function snapshotDraft(db: Db, input: SnapshotInput): Promise<string> {
  const { document, layout, files, tenantId, playbookId } = input;
  const part = executed(testedPart(document, { pins: input.pins, ...(input.only ? { only: input.only } : {}), ...(input.upto ? { upto: input.upto } : {}) }), input.pins);
  const errors = checkDocument(part, shapeOf, new Set(Object.keys(files))).filter((problem) => problem.severity === "error" && !isOfPinned(problem, input.pins));
  if (errors.length > 0) throw problemRefusal(input.slug, errors);

  const whole = await compileVersion({ document, files });
  const compiled = whole.ok ? whole : await compileVersion({ document: part, files });
  if (!compiled.ok) throw problemRefusal(input.slug, compiled.problems);
  // A layout makes another snapshot too: the run shows the picture it was started from. So do a part that was compiled alone and a package of another version.
  const hash = contentHash({ document, layout, files, bundle: compiled.bundle.hash });

  return db.withTenant(tenantId, async (tx) => {
    await tx.$executeRaw`INSERT INTO playbook_versions (id, tenant_id, playbook_id, document, layout, files, content_hash, bundle, bundle_meta, published_by)
      VALUES (${randomUUID()}::uuid, ${tenantId}::uuid, ${playbookId}::uuid, ${JSON.stringify(document)}::jsonb, ${JSON.stringify(layout)}::jsonb, ${JSON.stringify(files)}::jsonb,
        ${hash}, ${compiled.bundle.code}, ${JSON.stringify(compiled.bundle.meta)}::jsonb, ${input.actor.name})
      ON CONFLICT (playbook_id, content_hash) WHERE number IS NULL DO NOTHING`;
    const { id } = await tx.playbookVersion.findFirstOrThrow({ where: { tenant_id: tenantId, playbook_id: playbookId, content_hash: hash, number: null }, select: { id: true } });
    return id;
  });
}

/** Pinned nodes have nothing to compute. */
const executed = (part: PlaybookDocument, pins: Record<string, Pin>): PlaybookDocument => ({ ...part, nodes: part.nodes.map((node) => (Object.hasOwn(pins, node.id) ? { ...node, input: {} } : node)) });

/** What a pinned node lacks does not matter; an edge that leaves it by a port it does not have does. */
const isOfPinned = ({ node, edge }: Problem, pins: Record<string, Pin>): boolean => node !== undefined && edge === undefined && Object.hasOwn(pins, node);
