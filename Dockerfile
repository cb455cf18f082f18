# Two images from one lock file: target `consumer` (consumer and API) and target `airflow`.
FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements/bootstrap.txt requirements/node.txt requirements/lock.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt -r requirements/node.txt
COPY pyproject.toml README.md LICENSE ./
COPY openlineage_avro openlineage_avro
COPY consumer consumer
COPY plugins plugins
COPY schemas schemas
COPY web web

FROM build AS consumer-build
RUN uv venv /opt/venv
RUN uv pip install --no-cache --python /opt/venv --constraint requirements/lock.txt '.[consumer,api]'

FROM build AS airflow-build
RUN uv venv /opt/venv
RUN uv pip install --no-cache --python /opt/venv --constraint requirements/lock.txt '.[airflow]' \
    'apache-airflow>=3.3,<3.4' apache-airflow-providers-common-sql \
    apache-airflow-providers-postgres apache-airflow-providers-standard asyncpg psycopg2-binary

FROM python:3.12-slim AS consumer
COPY --from=consumer-build /opt/venv /opt/venv
RUN useradd --create-home --uid 50000 lineage
USER lineage
ENV PATH=/opt/venv/bin:$PATH

FROM python:3.12-slim AS airflow
COPY --from=airflow-build /opt/venv /opt/venv
RUN useradd --create-home --uid 50000 airflow
RUN install -d -o airflow /opt/airflow /opt/airflow/logs /opt/airflow/openlineage_avro_spool
COPY --chown=airflow dags /opt/airflow/dags
COPY --chown=airflow config/airflow.cfg /opt/airflow/airflow.cfg
USER airflow
ENV PATH=/opt/venv/bin:$PATH AIRFLOW_HOME=/opt/airflow
