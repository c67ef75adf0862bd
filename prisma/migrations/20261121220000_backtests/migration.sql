-- A draft and the published version over the same alerts, with nothing changed outside: engine/backtest.
CREATE TABLE "backtests" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "playbook_id" UUID NOT NULL,
    "draft_version_id" UUID NOT NULL,
    "published_version_id" UUID,
    "selection" JSONB NOT NULL,
    "missing" TEXT NOT NULL,
    "approvals" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "total" INTEGER NOT NULL,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "backtests_pkey" PRIMARY KEY ("id")
);

-- One alert of a backtest: the two runs once they were started, and what came of comparing them.
CREATE TABLE "backtest_alerts" (
    "backtest_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "draft_run_id" UUID,
    "published_run_id" UUID,
    "outcome" TEXT,
    "differences" TEXT[] NOT NULL DEFAULT '{}',
    "draft" JSONB,
    "published" JSONB,

    CONSTRAINT "backtest_alerts_pkey" PRIMARY KEY ("backtest_id", "position")
);

CREATE INDEX "backtests_playbook_id_created_at_idx" ON "backtests"("playbook_id", "created_at" DESC);

-- The runs of a backtest and the runs that their steps start.
ALTER TABLE "runs" ADD COLUMN "backtest_id" UUID;

-- By hand: what Prisma cannot express.
CREATE INDEX "backtests_unfinished_idx" ON "backtests" ("id") WHERE "finished_at" IS NULL;

ALTER TABLE "backtest_alerts" ADD CONSTRAINT "backtest_alerts_backtest_id_fkey" FOREIGN KEY ("backtest_id") REFERENCES "backtests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The web process asks for backtests at the engine's door, as it does for runs.
SELECT protect_tenant_table('backtests', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('backtest_alerts', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
