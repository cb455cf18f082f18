#!/bin/sh
# Writes into .env what docker-compose.yaml asks for: a secret for each role and key, new for each
# installation. What is there already stays; what a later version asks for is added.
set -eu
cd "$(dirname "$0")/.."
secret() { head -c 48 /dev/urandom | base64 | tr -d '\n'; }
key() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
# Any character may stand between the quotes but a quote itself.
add() { grep -q "^$1=" .env || { echo "$1='$2'" >>.env && echo "wrote $1"; }; }
umask 077
touch .env
for name in POSTGRES AIRFLOW_DATABASE CONSUMER_DATABASE API_DATABASE REGISTRY_DATABASE GRAFANA; do
    add "${name}_PASSWORD" "$(secret)"
done
add AIRFLOW_API_SECRET_KEY "$(secret)"
add AIRFLOW_JWT_SECRET "$(secret)"
add AIRFLOW_FERNET_KEY "$(key)"
echo ".env is complete: docker compose up --build"
