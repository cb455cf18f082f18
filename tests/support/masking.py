"""Events with facets for tests of masking, and what masking makes of a part of them."""

from importlib.metadata import distribution
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.redaction.event import redacted

SECRET = 'S3cr/e"t\\ä-value'
RUN_ID = "01a20339-894d-7b84-89f7-346e57304397"


def _airflow_masker() -> Any:
    """Load Airflow's masker without Airflow, whose presence changes what other tests see."""
    sdk = distribution("apache-airflow-task-sdk")
    file = Path(str(sdk.locate_file("airflow/sdk/_shared/secrets_masker/secrets_masker.py")))
    spec = spec_from_file_location("airflow_masker", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


airflow_masker = _airflow_masker()


def config(**more: Any) -> AvroKafkaConfig:
    return AvroKafkaConfig.from_dict({"bootstrap_servers": "kafka:9092", **more})


def event(run: Any = None, job: Any = None, dataset: Any = None, **more: Any) -> dict[str, Any]:
    """Return an event with the given facets."""
    return {
        "eventTime": "2026-01-01T00:00:00+00:00",
        "eventType": "START",
        "producer": "https://github.com/apache/airflow/tree/providers-openlineage/2.20.3",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json",
        "run": {"runId": RUN_ID, "facets": run or {}},
        "job": {"namespace": "airflow", "name": "dag.task", "facets": job or {}},
        "inputs": [{"namespace": "postgres://db:5432", "name": "a.b", "facets": dataset or {}}],
        **more,
    }


def conf(**values: Any) -> dict[str, Any]:
    return {"airflow": {"dagRun": {"conf": values}}}


def masked_conf(**values: Any) -> Any:
    done = redacted(event(run=conf(**values)), config(redact_keys="pin"))
    return done["run"]["facets"]["airflow"]["dagRun"]["conf"]


def masked_message(text: str) -> Any:
    done = redacted(event(run={"errorMessage": {"message": text}}), config())
    return done["run"]["facets"]["errorMessage"]["message"]
