-- The history of what people were asked, newest answer first. (What is open has waits_open_idx since the first migration.)
CREATE INDEX "waits_answered_idx" ON "waits" ("tenant_id", "answered_at" DESC, "id" DESC) WHERE "answered_at" IS NOT NULL;
