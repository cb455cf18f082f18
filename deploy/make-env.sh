#!/bin/sh
# Writes .env for docker-compose.yaml: a secret for each role and key, new for each installation.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
    echo ".env is there already: change what is in it, or remove it to make new secrets" >&2
    exit 1
fi
secret() { head -c 48 /dev/urandom | base64 | tr -d '\n'; }
key() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
umask 077
# Any character may stand between the quotes but a quote itself.
cat >.env <<END
POSTGRES_PASSWORD='$(secret)'
AIRFLOW_DATABASE_PASSWORD='$(secret)'
CONSUMER_DATABASE_PASSWORD='$(secret)'
API_DATABASE_PASSWORD='$(secret)'
GRAFANA_PASSWORD='$(secret)'
AIRFLOW_API_SECRET_KEY='$(secret)'
AIRFLOW_JWT_SECRET='$(secret)'
AIRFLOW_FERNET_KEY='$(key)'
END
echo "wrote .env: docker compose up --build"
