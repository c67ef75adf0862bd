-- CreateTable
CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "email" TEXT,
    "password_hash" TEXT,
    "role" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'browser',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "rate_limit" INTEGER DEFAULT 100,
    "signature_required" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "source_id" TEXT,
    "dedup_key" TEXT,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new',
    "determination" TEXT NOT NULL DEFAULT 'unknown',
    "risk_score" INTEGER,
    "risk_label" TEXT,
    "source_ip" TEXT,
    "dest_ip" TEXT,
    "hostname" TEXT,
    "username" TEXT,
    "rule_id" TEXT,
    "rule_name" TEXT,
    "tags" TEXT[],
    "partner" TEXT,
    "techniques" TEXT[],
    "iocs" JSONB NOT NULL DEFAULT '{}',
    "normalized" JSONB NOT NULL DEFAULT '{}',
    "raw_payload" BYTEA NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "duplicate_count" INTEGER NOT NULL DEFAULT 1,
    "correlation_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "assigned_to" UUID,
    "assigned_username" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "resolve_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_events" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "action" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT,
    "run_id" UUID,
    "step_id" UUID,
    "detail" TEXT,
    "data" JSONB,

    CONSTRAINT "alert_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "playbooks" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "published_version_id" UUID,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "playbook_versions" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "playbook_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "layout" JSONB NOT NULL,
    "files" JSONB NOT NULL DEFAULT '{}',
    "content_hash" TEXT NOT NULL,
    "bundle" TEXT NOT NULL DEFAULT '',
    "bundle_meta" JSONB NOT NULL DEFAULT '{}',
    "published_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbook_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "playbook_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "alert_id" UUID,
    "correlation_id" UUID NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'live',
    "status" TEXT NOT NULL DEFAULT 'pending',
    "priority" SMALLINT NOT NULL DEFAULT 0,
    "sequence_id" UUID,
    "sequence_position" INTEGER,
    "sequence_total" INTEGER,
    "origin" JSONB NOT NULL,
    "input" JSONB,
    "owner" UUID,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "inbox_seq" INTEGER NOT NULL DEFAULT 0,
    "waiting_on" JSONB,
    "error" JSONB,
    "result" JSONB,
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segments" (
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "body" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "segments_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "steps" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "node_type" TEXT NOT NULL,
    "item" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL,
    "effect" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "idempotency_key" TEXT,
    "input_hash" TEXT,
    "intent_epoch" INTEGER,
    "intent_at" TIMESTAMPTZ(3),
    "receipt_at" TIMESTAMPTZ(3),
    "late_receipt" BYTEA,
    "ambiguous" BOOLEAN NOT NULL DEFAULT false,
    "waiting_on" JSONB,
    "error" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "step_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "error" JSONB,
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("step_id","number")
);

-- CreateTable
CREATE TABLE "waits" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "step_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "question" JSONB NOT NULL,
    "answer" JSONB,
    "answered_at" TIMESTAMPTZ(3),
    "answered_by" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "waits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox" (
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "tenant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "workers" (
    "id" UUID NOT NULL,
    "pool_id" TEXT,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "runs" UUID[],
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "secrets" BYTEA,
    "allow_private" BOOLEAN NOT NULL DEFAULT false,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "health" TEXT,
    "health_message" TEXT,
    "health_at" TIMESTAMPTZ(3),
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "data" JSONB,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenants_slug_key" ON "tenants"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "users_username_key" ON "users"("username");

-- CreateIndex
CREATE INDEX "users_tenant_id_idx" ON "users"("tenant_id");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "api_keys_tenant_id_idx" ON "api_keys"("tenant_id");

-- CreateIndex
CREATE INDEX "alerts_tenant_id_created_at_id_idx" ON "alerts"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "alerts_tenant_id_status_created_at_id_idx" ON "alerts"("tenant_id", "status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "alerts_tenant_id_severity_created_at_id_idx" ON "alerts"("tenant_id", "severity", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "alerts_tenant_id_source_created_at_id_idx" ON "alerts"("tenant_id", "source", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "alerts_tenant_id_source_dedup_key_key" ON "alerts"("tenant_id", "source", "dedup_key");

-- CreateIndex
CREATE INDEX "alert_events_alert_id_at_idx" ON "alert_events"("alert_id", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "playbooks_tenant_id_slug_key" ON "playbooks"("tenant_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "playbook_versions_playbook_id_number_key" ON "playbook_versions"("playbook_id", "number");

-- CreateIndex
CREATE INDEX "runs_tenant_id_created_at_id_idx" ON "runs"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_alert_id_idx" ON "runs"("alert_id");

-- CreateIndex
CREATE INDEX "runs_sequence_id_sequence_position_idx" ON "runs"("sequence_id", "sequence_position");

-- CreateIndex
CREATE INDEX "runs_playbook_id_created_at_idx" ON "runs"("playbook_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "steps_run_id_idx" ON "steps"("run_id");

-- CreateIndex
CREATE INDEX "attempts_run_id_idx" ON "attempts"("run_id");

-- CreateIndex
CREATE INDEX "waits_run_id_idx" ON "waits"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "connections_tenant_id_type_name_key" ON "connections"("tenant_id", "type", "name");

-- CreateIndex
CREATE INDEX "audit_entries_tenant_id_at_idx" ON "audit_entries"("tenant_id", "at" DESC);

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "playbooks" ADD CONSTRAINT "playbooks_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "playbook_versions" ADD CONSTRAINT "playbook_versions_playbook_id_fkey" FOREIGN KEY ("playbook_id") REFERENCES "playbooks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connections" ADD CONSTRAINT "connections_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- From here on by hand: what Prisma cannot express.

-- Indexes that only hold what is unfinished: they stay small however long the history grows.
CREATE INDEX "runs_unfinished_idx" ON "runs" ("tenant_id", "created_at" DESC, "id" DESC) WHERE "status" IN ('pending', 'running', 'waiting', 'cancelling');
CREATE INDEX "runs_owner_idx" ON "runs" ("owner") WHERE "owner" IS NOT NULL;
CREATE INDEX "steps_unfinished_idx" ON "steps" ("run_id") WHERE "status" IN ('pending', 'running', 'waiting');
CREATE INDEX "steps_waiting_idx" ON "steps" ("tenant_id", "started_at") WHERE "status" = 'waiting';
CREATE INDEX "waits_open_idx" ON "waits" ("tenant_id", "created_at") WHERE "answered_at" IS NULL;
CREATE INDEX "alerts_assigned_idx" ON "alerts" ("tenant_id", "assigned_to", "created_at" DESC, "id" DESC) WHERE "assigned_to" IS NOT NULL;

-- Group roles: they hold the grants and the policies, nobody signs in as them. Roles belong to the whole server, so another
-- database of it (a second installation, a test) may have made them already, or be making them at this moment.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['playgraph_web', 'playgraph_engine'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO playgraph_web, playgraph_engine;

-- The tenant of the transaction. Once set_config(…, true) was used on a connection the setting reads '' outside
-- transactions, not null: both mean "no tenant", which no row has.
CREATE FUNCTION current_tenant() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

-- Every table with a tenant_id goes through here, in later migrations too; a test looks for one that did not.
CREATE FUNCTION protect_tenant_table(tenant_table regclass, web_grants text, engine_grants text) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY tenant_only ON %s TO playgraph_web USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', tenant_table);
  EXECUTE format('CREATE POLICY every_tenant ON %s TO playgraph_engine USING (true) WITH CHECK (true)', tenant_table);
  IF web_grants <> '' THEN EXECUTE format('GRANT %s ON %s TO playgraph_web', web_grants, tenant_table); END IF;
  IF engine_grants <> '' THEN EXECUTE format('GRANT %s ON %s TO playgraph_engine', engine_grants, tenant_table); END IF;
END $$;
REVOKE ALL ON FUNCTION protect_tenant_table(regclass, text, text) FROM PUBLIC;

-- The web process reads runs and what they wrote; it changes them only through the engine's door. The engine has no
-- business with people's credentials. Histories are append-only for both.
SELECT protect_tenant_table('users', 'SELECT, INSERT, UPDATE, DELETE', '');
SELECT protect_tenant_table('sessions', 'SELECT, INSERT, UPDATE, DELETE', '');
SELECT protect_tenant_table('api_keys', 'SELECT, INSERT, UPDATE, DELETE', '');
SELECT protect_tenant_table('alerts', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('alert_events', 'SELECT, INSERT', 'SELECT, INSERT');
SELECT protect_tenant_table('playbooks', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT, UPDATE');
SELECT protect_tenant_table('playbook_versions', 'SELECT, INSERT', 'SELECT, INSERT');
SELECT protect_tenant_table('runs', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('segments', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('steps', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('attempts', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('waits', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('inbox', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('connections', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT, UPDATE, DELETE');
SELECT protect_tenant_table('audit_entries', 'SELECT, INSERT', 'SELECT, INSERT');

ALTER TABLE "tenants" ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON "tenants" FOR SELECT TO playgraph_web USING (id = current_tenant());
CREATE POLICY every_tenant ON "tenants" TO playgraph_engine USING (true) WITH CHECK (true);
GRANT SELECT ON "tenants" TO playgraph_web, playgraph_engine;

-- Workers serve all tenants, so the runs they hold are not for the web role.
GRANT SELECT ("id", "pool_id", "host", "pid", "started_at", "heartbeat_at", "stopped_at") ON "workers" TO playgraph_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON "workers" TO playgraph_engine;

-- The only reads before a tenant is known. They run as their owner and answer for one exact name or hash; who is asking for
-- a disabled user, an expired session or a revoked key gets the row and must look at those columns.
CREATE FUNCTION auth_user_by_name(wanted text)
  RETURNS TABLE (id uuid, tenant_id uuid, username text, display_name text, email text, password_hash text, role text, active boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT u.id, u.tenant_id, u.username, u.display_name, u.email, u.password_hash, u.role, u.active AND t.active
    FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
    WHERE u.username = wanted
  $$;

CREATE FUNCTION auth_session(token_hash text)
  RETURNS TABLE (id text, tenant_id uuid, user_id uuid, kind text, expires_at timestamptz, created_at timestamptz,
                 username text, display_name text, email text, role text, active boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT s.id, s.tenant_id, s.user_id, s.kind, s.expires_at, s.created_at,
           u.username, u.display_name, u.email, u.role, u.active AND t.active
    FROM public.sessions s JOIN public.users u ON u.id = s.user_id JOIN public.tenants t ON t.id = u.tenant_id
    WHERE s.id = token_hash AND s.tenant_id = u.tenant_id
  $$;

CREATE FUNCTION auth_api_key(key_hash text)
  RETURNS TABLE (id uuid, tenant_id uuid, name text, prefix text, scopes text[], rate_limit int, signature_required boolean,
                 expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz, active boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT k.id, k.tenant_id, k.name, k.prefix, k.scopes, k.rate_limit, k.signature_required,
           k.expires_at, k.revoked_at, k.last_used_at, t.active
    FROM public.api_keys k JOIN public.tenants t ON t.id = k.tenant_id
    WHERE k.hash = key_hash
  $$;

REVOKE ALL ON FUNCTION auth_user_by_name(text), auth_session(text), auth_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_user_by_name(text), auth_session(text), auth_api_key(text) TO playgraph_web, playgraph_engine;
