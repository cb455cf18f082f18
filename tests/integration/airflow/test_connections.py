"""Settings refer to real Airflow's connections, in processes of their own as Airflow has them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError

CONNECTION = {
    "conn_type": "kafka",
    "host": "broker",
    "port": 9092,
    "login": "me",
    "password": "pa$HOME{{ conn.my_kafka.login }}",
    "schema": "lineage",
    "extra": {"mechanism": "PLAIN", "ssl": {"retries": 3}},
}
READ = """
import json, sys
{before}
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.errors import ConfigurationError
try:
    config = AvroKafkaConfig.from_dict(json.loads(sys.argv[1]))
    print(json.dumps([config.bootstrap_servers, config.topic, config.schema_registry_username,
        config.schema_registry_password, config.producer]))
except ConfigurationError as exc:
    print(json.dumps(str(exc)))
"""
# A task process of Airflow 3, whose channel to its supervisor must stay untouched.
TASK_PROCESS = """
from airflow.sdk.execution_time import task_runner
class Channel:
    def send(self, message):
        raise SystemExit(f"asked over the task's channel: {message}")
task_runner.SUPERVISOR_COMMS = Channel()
"""


def read(folder: Path, before: str = "", **settings: Any) -> Any:
    """Return what a process in which Airflow is set up makes of settings."""
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW_CONN_MY_KAFKA": json.dumps(CONNECTION),
    }
    command = [sys.executable, "-W", "ignore", "-c", READ.format(before=before)]
    done = subprocess.run(
        [*command, json.dumps({"bootstrap_servers": "kafka:9092", **settings})],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("before", ["", TASK_PROCESS], ids=["scheduler", "fork of a task"])
def test_values_come_from_a_connection(tmp_path: Path, before: str) -> None:
    found = read(
        tmp_path,
        before,
        bootstrap_servers="{{ conn.my_kafka.host }}:{{conn.my_kafka.port}}",
        topic="{{ conn.my_kafka.schema }}.events",
        schema_registry_username="{{ conn.my_kafka.login }}",
        schema_registry_password="{{ conn.my_kafka.password }}",
        producer={
            "sasl_mechanism": "{{ conn.my_kafka.extra_dejson.mechanism }}",
            "client_id": "{{ conn.my_kafka.extra_dejson.ssl.retries }}",
        },
    )
    more = {"sasl_mechanism": "PLAIN", "client_id": "3"}
    assert found == ["broker:9092", "lineage.events", "me", CONNECTION["password"], more]


@pytest.mark.parametrize(
    ("value", "before", "message"),
    [
        ("{{ conn.other.host }}", "", "topic: {{ conn.other.host }}: expected connection other in"),
        ("{{ conn.other.host }}", TASK_PROCESS, "AIRFLOW_CONN_OTHER or in a secrets backend"),
        ("{{ conn.my_kafka.extra_dejson.no }}", "", "expected the connection to have it, it has"),
        ("{{ conn.my_kafka.hots }}", "", "topic: expected {{ conn.<id>.<attribute> }} with one of"),
        ("{{ conn.my_kafka", "", "extra_dejson.<name>, got {{ conn.my_kafka"),
        ("{{ conn.my_kafka.password }}", "", "got something else from '{{ conn.my_kafka.password"),
    ],
)
def test_a_wrong_reference_is_named_without_any_value(
    tmp_path: Path, value: str, before: str, message: str
) -> None:
    said = read(tmp_path, before, topic=value)
    assert message in said
    assert "pa$" not in said


def test_without_airflow_a_reference_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "airflow.models.connection", None)
    with pytest.raises(ConfigurationError, match="expected Airflow to be installed, it is not"):
        AvroKafkaConfig.from_dict({"bootstrap_servers": "{{ conn.my_kafka.host }}:9092"})


def test_braces_that_refer_to_nothing_stay() -> None:
    settings = {"bootstrap_servers": "kafka:9092", "schema_registry_password": "{{ x }}"}
    assert AvroKafkaConfig.from_dict(settings).schema_registry_password == "{{ x }}"
