#!/bin/sh
# Makes the schema registry's role and database where they are missing, and sets its password.
# Server and password come from the environment, so any character may be in it.
set -eu
psql --set ON_ERROR_STOP=1 <<'END'
\getenv registry REGISTRY_DATABASE_PASSWORD
SELECT 'CREATE ROLE registry LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registry') \gexec
ALTER ROLE registry PASSWORD :'registry';
SELECT 'CREATE DATABASE registry OWNER registry'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'registry') \gexec
REVOKE CONNECT ON DATABASE registry FROM PUBLIC;
END
