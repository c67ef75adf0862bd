-- Inputs and outputs of steps that are too large for the journal's rows: engine/journal/payloads.ts
CREATE TABLE "payloads" (
    "run_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "body" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payloads_pkey" PRIMARY KEY ("run_id","hash")
);

-- By hand: what Prisma cannot express.
-- It is compressed already.
ALTER TABLE "payloads" ALTER COLUMN "body" SET STORAGE EXTERNAL;
SELECT protect_tenant_table('payloads', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
