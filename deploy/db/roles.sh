#!/bin/bash
# The database and its roles: commit_life owns it and is what the app is, replica copies it.
# Runs at the first start. Again by hand (docker compose exec db roles) after a new password, or when
# the first start was cut short.
set -euo pipefail

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set app="$(cat /run/secrets/database_password)" \
    --set replica="$(cat /run/secrets/replication_password)" <<'SQL'
SELECT format('CREATE ROLE %I', wanted)
FROM unnest(ARRAY['commit_life', 'replica']) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) \gexec
ALTER ROLE commit_life LOGIN NOSUPERUSER PASSWORD :'app';
-- An error may quote what somebody typed; what ends the server is still told.
ALTER ROLE commit_life SET log_min_messages = 'log';
ALTER ROLE replica LOGIN REPLICATION PASSWORD :'replica';
SELECT 'CREATE DATABASE commit_life'
WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'commit_life') \gexec
ALTER DATABASE commit_life OWNER TO commit_life;
SQL
echo "The database is there, and the roles commit_life and replica are as the secrets say."
