-- How many runs of a playbook may be at work at a time: what the document says, where SQL finds it without opening the document.
ALTER TABLE "playbook_versions" ADD COLUMN "concurrency" SMALLINT GENERATED ALWAYS AS (("document" ->> 'concurrency')::smallint) STORED;

-- Whether that held for the version that the run executes: others cost no look at anybody's places.
ALTER TABLE "runs" ADD COLUMN "limited" BOOLEAN NOT NULL DEFAULT false;

-- How many steps may use a connection at a time; null: any number.
ALTER TABLE "connections" ADD COLUMN "max_concurrent" SMALLINT;

-- A step that uses such a connection, or waits for it. A place counts while its run is held under that epoch: the places of a
-- worker that died are free when its runs are taken over, without anybody counting down.
CREATE TABLE "connection_places" (
    "step_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "epoch" INTEGER,
    "priority" SMALLINT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_places_pkey" PRIMARY KEY ("step_id")
);
CREATE INDEX "connection_places_connection_id_priority_asked_at_idx" ON "connection_places"("connection_id", "priority", "asked_at");
SELECT protect_tenant_table('connection_places', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');

-- By hand: what Prisma cannot express. Both hold limited playbooks' runs alone.
-- A waiting run keeps its place, unless a person, the outside or another run has to speak first: engine/limits/playbook.ts
CREATE INDEX "runs_in_place_idx" ON "runs" ("playbook_id") WHERE "limited" AND "status" IN ('pending', 'running', 'waiting', 'cancelling')
  AND NOT ("status" = 'pending' AND COALESCE("waiting_on" ->> 'kind', '') IN ('concurrency', 'sequence'))
  AND NOT ("status" = 'waiting' AND COALESCE("waiting_on" ->> 'kind', '') IN ('decision', 'approval', 'question', 'callback', 'run'));
CREATE INDEX "runs_waiting_for_place_idx" ON "runs" ("playbook_id", "priority", "id") WHERE "limited" AND "status" = 'pending' AND "waiting_on" ->> 'kind' = 'concurrency';
