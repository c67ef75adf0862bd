-- A playbook assigns an alert by user name: the engine may know who can be given work, and nothing else about people.
-- The policy is the table's own, of protect_tenant_table.
GRANT SELECT ("id", "tenant_id", "username", "active") ON "users" TO playgraph_engine;
