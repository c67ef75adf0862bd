ALTER TABLE "playbooks" ADD COLUMN "draft_revision" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "playbook_drafts" (
    "playbook_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "document" JSONB NOT NULL,
    "layout" JSONB NOT NULL,
    "files" JSONB NOT NULL,
    "base_version_id" UUID,
    "last_batch" TEXT,
    "updated_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbook_drafts_pkey" PRIMARY KEY ("playbook_id")
);

ALTER TABLE "playbook_drafts" ADD CONSTRAINT "playbook_drafts_playbook_id_fkey" FOREIGN KEY ("playbook_id") REFERENCES "playbooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A worker may read what a test is about; it never edits.
SELECT protect_tenant_table('playbook_drafts', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');
