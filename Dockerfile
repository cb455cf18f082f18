# One image for Airflow and for the consumer, from the same lock file as `make install`.
FROM python:3.12-slim
WORKDIR /opt/openlineage-avro
COPY requirements/bootstrap.txt requirements/lock.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
 && uv pip sync --system --no-cache --require-hashes requirements/lock.txt
COPY pyproject.toml README.md LICENSE ./
COPY openlineage_avro openlineage_avro
COPY consumer consumer
COPY plugins plugins
COPY schemas schemas
RUN uv pip install --system --no-deps --no-build-isolation . \
 && useradd --create-home --uid 50000 airflow \
 && install -d -o airflow /opt/airflow/logs /opt/airflow/openlineage_avro_spool
COPY --chown=airflow dags /opt/airflow/dags
COPY config/airflow.cfg /opt/airflow/airflow.cfg
USER airflow
ENV AIRFLOW_HOME=/opt/airflow
