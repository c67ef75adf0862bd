-- A run that a step of another run started, and waits for.
ALTER TABLE "runs" ADD COLUMN "parent_run_id" UUID, ADD COLUMN "parent_step_id" UUID, ADD COLUMN "depth" SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX "runs_parent_run_id_idx" ON "runs"("parent_run_id") WHERE "parent_run_id" IS NOT NULL;

-- When a question is given up.
ALTER TABLE "waits" ADD COLUMN "until" TIMESTAMPTZ(3);
