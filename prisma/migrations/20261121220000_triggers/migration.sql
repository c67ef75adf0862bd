-- When each schedule is due next. A row stands for an enabled playbook whose published version starts by a schedule.
CREATE TABLE "schedules" (
    "playbook_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "cron" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "catch_up" BOOLEAN NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3),

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("playbook_id")
);

-- Addresses at which the outside starts a playbook. Of each only the SHA-256 is known.
CREATE TABLE "playbook_hooks" (
    "playbook_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbook_hooks_pkey" PRIMARY KEY ("playbook_id")
);

CREATE INDEX "schedules_next_at_idx" ON "schedules"("next_at");
CREATE UNIQUE INDEX "playbook_hooks_token_hash_key" ON "playbook_hooks"("token_hash");

ALTER TABLE "schedules" ADD CONSTRAINT "schedules_playbook_id_fkey" FOREIGN KEY ("playbook_id") REFERENCES "playbooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "playbook_hooks" ADD CONSTRAINT "playbook_hooks_playbook_id_fkey" FOREIGN KEY ("playbook_id") REFERENCES "playbooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what Prisma cannot express.
SELECT protect_tenant_table('schedules', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('playbook_hooks', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT');

-- Whatever publishes a playbook or turns it on or off has changed its schedule in the same commit. What the five fields mean is
-- the worker's business: a row without a time gets one there, reckoned from `since`, so that no time in between is lost.
CREATE FUNCTION follow_schedule() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  wanted jsonb;
BEGIN
  SELECT v.document->'trigger'->'schedule' INTO wanted FROM playbook_versions v
    WHERE NEW.enabled AND v.id = NEW.published_version_id AND v.document->'trigger'->>'on' = 'schedule';
  IF wanted->>'cron' IS NULL THEN
    DELETE FROM schedules WHERE playbook_id = NEW.id;
  ELSE
    INSERT INTO schedules AS s (playbook_id, tenant_id, cron, timezone, catch_up, since)
      VALUES (NEW.id, NEW.tenant_id, wanted->>'cron', COALESCE(wanted->>'timezone', 'UTC'), COALESCE((wanted->>'catchUp')::boolean, true), now())
    -- The same times go on as they were: a time that is due at this moment is not lost either.
    ON CONFLICT (playbook_id) DO UPDATE SET cron = excluded.cron, timezone = excluded.timezone, catch_up = excluded.catch_up,
      since = CASE WHEN (s.cron, s.timezone) = (excluded.cron, excluded.timezone) THEN s.since ELSE excluded.since END,
      next_at = CASE WHEN (s.cron, s.timezone) = (excluded.cron, excluded.timezone) THEN s.next_at END;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER schedules_follow AFTER INSERT OR UPDATE OF enabled, published_version_id ON "playbooks" FOR EACH ROW EXECUTE FUNCTION follow_schedule();
