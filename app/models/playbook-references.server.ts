/** Playbooks that a document names for its failures. One that is not there (yet) starts nothing, which is worth a warning and no refusal. */
import { type PlaybookDocument, type Problem, TRIGGER_ID } from "#format";
import type { TenantTx } from "#prisma";

export async function missingPlaybooks(tx: TenantTx, tenantId: string, { trigger, onRunFailed }: PlaybookDocument): Promise<Problem[]> {
  const chosen = trigger.on === "run-failed" ? (trigger.playbooks ?? []) : [];
  const slugs = [...chosen, ...(onRunFailed === undefined ? [] : [onRunFailed])];
  if (slugs.length === 0) return [];
  const rows = await tx.playbook.findMany({ where: { tenant_id: tenantId, slug: { in: slugs } }, select: { slug: true } });
  const known = new Set(rows.map(({ slug }) => slug));
  const missing = (slug: string): string => `there is no playbook "${slug}"`;
  return [
    ...chosen.filter((slug) => !known.has(slug)).map((slug): Problem => ({ severity: "warning", code: "missing-playbook", message: missing(slug), node: TRIGGER_ID, field: "playbooks" })),
    ...(onRunFailed === undefined || known.has(onRunFailed) ? [] : [{ severity: "warning", code: "missing-playbook", message: `${missing(onRunFailed)}, which is to start when a run fails` } satisfies Problem]),
  ];
}
