-- A version without a number is a snapshot of a draft that a test executed: immutable like the others, never published,
-- and made once for the same content.
ALTER TABLE "playbook_versions" ALTER COLUMN "number" DROP NOT NULL;

-- What a test run was asked for; null for every other run. cancel_requested was never read: the inbox and the status say it.
ALTER TABLE "runs" DROP COLUMN "cancel_requested", ADD COLUMN "test" JSONB;

-- Every list of runs is of one mode: tests never appear among live ones.
DROP INDEX "runs_tenant_id_created_at_id_idx";
CREATE INDEX "runs_tenant_id_mode_created_at_id_idx" ON "runs"("tenant_id", "mode", "created_at" DESC, "id" DESC);

-- By hand: what Prisma cannot express.
CREATE UNIQUE INDEX "playbook_versions_snapshot_key" ON "playbook_versions" ("playbook_id", "content_hash") WHERE "number" IS NULL;
