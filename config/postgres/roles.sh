#!/bin/sh
# Makes a role and a database for each program, when the server starts for the first time.
# Passwords come from the environment, so any character may be in them.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
\getenv airflow AIRFLOW_DATABASE_PASSWORD
\getenv consumer CONSUMER_DATABASE_PASSWORD
\getenv api API_DATABASE_PASSWORD
CREATE ROLE airflow LOGIN PASSWORD :'airflow';
CREATE ROLE lineage_consumer LOGIN PASSWORD :'consumer';
CREATE ROLE lineage_api LOGIN PASSWORD :'api';
-- Airflow shows lineage to its users; migrate gives this role its rights.
CREATE ROLE lineage_reader NOLOGIN;
GRANT lineage_reader TO airflow;
CREATE DATABASE airflow OWNER airflow;
CREATE DATABASE warehouse OWNER airflow;
REVOKE CONNECT ON DATABASE airflow, warehouse, lineage FROM PUBLIC;
GRANT CONNECT ON DATABASE lineage TO lineage_reader;
END
