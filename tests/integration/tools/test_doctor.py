"""`openlineage-avro doctor` finds each thing that is wrong in a real installation, and goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openlineage_avro.config.kafka import KafkaSettings
from openlineage_avro.tools.doctor.patient import Patient
from openlineage_avro.tools.messages import event_of, from_topic
from services.state import free_ports
from tests.support.secure_kafka import WRITER, SecureKafka
from tests.support.storing import Consumer, rows

TRANSPORT = {"type": "openlineage_avro.AvroKafkaTransport"}
FACET = "openlineage_avro.facets.pipeline_run_id"
AFTER_SERVERS = ("login", "topic", "limits", "clock", "test event")
IN_ORDER = [
    *("versions", "import", "provider", "custom_run_facets", "settings", "placement", "servers"),
    *("login", "topic", "limits", "clock", "registry", "spool", "test event"),
]
WITHOUT_AIRFLOW = """
import sys
sys.modules["airflow"] = None
from openlineage_avro.tools.cli import main
sys.exit(main(["doctor", "--json"]))
"""


class Answer:
    """What the command said in a process of its own."""

    def __init__(self, done: "subprocess.CompletedProcess[str]") -> None:
        self.exit_status = done.returncode
        self.text = done.stdout + done.stderr
        self.results = json.loads(done.stdout)

    def status(self, check: str) -> str:
        return str(self._result(check)["status"])

    def text_of(self, check: str) -> str:
        result = self._result(check)
        return f"{result['found']} -> {result['advice']}"

    def all_are(self, status: str, *checks: str) -> bool:
        return {self.status(each) for each in checks} == {status}

    def _result(self, check: str) -> dict[str, str]:
        [result] = [each for each in self.results if each["check"] == check]
        return result  # type: ignore[no-any-return] # JSON


def run(folder: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder without any settings but those in `environment`."""
    kept = {name: value for name, value in os.environ.items() if "OPENLINEAGE" not in name}
    return subprocess.run(
        [sys.executable, *(command or ("-m", "openlineage_avro.tools.cli", "doctor", "--json"))],
        cwd=folder,
        env={**kept, "AIRFLOW_HOME": str(folder / "airflow"), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def examined(folder: Path, transport: Any, facet: str = FACET, **more: str) -> Answer:
    """Return the answer for a transport set in Airflow's environment."""
    variables = {
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
        "AIRFLOW__OPENLINEAGE__CUSTOM_RUN_FACETS": facet,
        **more,
    }
    return Answer(run(folder, **variables))


def test_where_all_is_well_every_line_says_so_and_the_event_is_on_the_topic(
    tmp_path: Path, kafka_bootstrap_servers: str, topic: str, schema_registry_url: str
) -> None:
    settings = {"bootstrap_servers": kafka_bootstrap_servers, "topic": topic}
    registry = {"schema_registry_url": schema_registry_url}
    answer = examined(tmp_path, TRANSPORT | settings)
    assert [each["check"] for each in answer.results] == IN_ORDER
    assert answer.all_are("OK", *IN_ORDER), answer.text
    assert answer.exit_status == 0
    [message] = from_topic(
        topic, KafkaSettings(bootstrap_servers=kafka_bootstrap_servers), follow=False
    )
    assert event_of(message)["job"]["name"] == "doctor"
    assert not (tmp_path / "airflow" / "openlineage_avro_spool").exists()
    with_registry = examined(tmp_path, TRANSPORT | settings | registry)
    assert with_registry.all_are("OK", "registry", "test event"), with_registry.text


def test_a_consumer_keeps_the_test_event_and_makes_no_job_of_it(
    tmp_path: Path, kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    settings = {"bootstrap_servers": kafka_bootstrap_servers, "topic": consumer.topic}
    assert examined(tmp_path, TRANSPORT | settings).all_are("OK", "test event")
    done = consumer.run("run", "--stop-at-end")
    assert done.returncode == 0, done.stderr
    events = rows(consumer.url, "SELECT event #>> '{job,name}', job_name FROM lineage.events")
    assert events == [("doctor", None)]
    for view in ("jobs", "runs", "datasets", "job_facets", "missing_events"):
        assert rows(consumer.url, f"SELECT * FROM lineage.{view}") == [], view  # noqa: S608


def test_people_get_one_line_a_check(
    tmp_path: Path, kafka_bootstrap_servers: str, topic: str
) -> None:
    settings = {"bootstrap_servers": kafka_bootstrap_servers, "topic": topic}
    done = run(
        tmp_path,
        *("-m", "openlineage_avro.tools.cli", "doctor"),
        AIRFLOW__OPENLINEAGE__TRANSPORT=json.dumps(TRANSPORT | settings),
    )
    lines = done.stdout.splitlines()
    assert [line[5:].split(":")[0] for line in lines] == IN_ORDER
    assert {line.split()[0] for line in lines} == {"OK", "WARN"}  # no facet function is set
    assert done.returncode == 0


def test_without_any_settings_the_places_are_named(tmp_path: Path) -> None:
    answer = Answer(run(tmp_path))
    assert answer.exit_status == 1
    assert answer.all_are("FAIL", "provider", "settings")
    assert answer.all_are("SKIP", "placement", "servers", "registry", "spool", *AFTER_SERVERS)
    assert "airflow.cfg [openlineage] transport" in answer.text_of("settings")


def test_everything_wrong_at_once_is_found_at_once(tmp_path: Path) -> None:
    server = f"127.0.0.1:{free_ports(1)[0]}"
    settings = {
        "bootstrap_servers": server,
        "schema_registry_url": f"http://{server}",
        "spool_dir": "/proc/openlineage-avro",
        "linger_ms": 5,
        "schema_registry_username": "me",
        "schema_registry_password": "hidden-8",
        "producer": {"sasl_plain_password": "hidden-9"},
    }
    answer = examined(tmp_path, TRANSPORT | settings, FACET + "s")
    assert answer.exit_status == 1
    assert "has no attribute 'pipeline_run_ids'" in answer.text_of("custom_run_facets")
    assert '"producer": {"linger_ms"' in answer.text_of("placement")
    assert f"{server}: [Errno 111]" in answer.text_of("servers")
    assert answer.all_are("SKIP", *AFTER_SERVERS)
    assert "is it up" in answer.text_of("registry")
    assert "cannot write to /proc" in answer.text_of("spool")
    wrong = ("custom_run_facets", "placement", "servers", "registry", "spool")
    assert answer.all_are("FAIL", *wrong)
    assert "hidden-" not in answer.text


def test_a_missing_topic_is_named_with_the_command_that_creates_it(
    tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    settings = {"bootstrap_servers": kafka_bootstrap_servers, "topic": "nowhere"}
    answer = examined(tmp_path, TRANSPORT | settings)
    assert answer.status("topic") == "FAIL"
    assert "--create --topic nowhere" in answer.text_of("topic")
    assert answer.all_are("SKIP", "limits", "test event")
    assert answer.all_are("OK", "login", "clock", "spool")


@pytest.mark.parametrize(
    ("variables", "check", "text"),
    [
        ({"AIRFLOW__OPENLINEAGE__DISABLED": "True"}, "provider", "disabled is true"),
        ({"OPENLINEAGE_URL": "http://marquez:5000"}, "settings", "the transport is http"),
        ({"AIRFLOW__OPENLINEAGE__TRANSPORT": "{'a': 1}"}, "settings", "expected a JSON object"),
        (
            {"AIRFLOW__OPENLINEAGE__TRANSPORT": '{"type": "openlineage_avro.AvroTransport"}'},
            "settings",
            "openlineage_avro.AvroTransport cannot be imported",
        ),
        (
            {"AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(TRANSPORT)},
            "settings",
            "bootstrap_servers: expected host:port",
        ),
    ],
)
def test_what_airflow_would_do_is_told(
    tmp_path: Path, variables: dict[str, str], check: str, text: str
) -> None:
    answer = Answer(run(tmp_path, **variables))
    assert answer.status(check) == "FAIL"
    assert text in answer.text_of(check)


def test_a_restricted_provider_is_told(tmp_path: Path) -> None:
    settings = {"bootstrap_servers": f"127.0.0.1:{free_ports(1)[0]}"}
    variable = {"AIRFLOW__OPENLINEAGE__SELECTIVE_ENABLE": "True"}
    answer = examined(tmp_path, TRANSPORT | settings, **variable)
    assert answer.status("provider") == "WARN"
    assert "selective_enable" in answer.text_of("provider")


def test_settings_beside_the_transport_are_told(tmp_path: Path) -> None:
    (tmp_path / "airflow").mkdir()
    cfg = "[openlineage]\nbootstrap_servers = kafka:9092\ntopic = openlineage\n"
    (tmp_path / "airflow" / "airflow.cfg").write_text(cfg)
    text = Answer(run(tmp_path)).text_of("settings")
    assert text.startswith("[openlineage] bootstrap_servers, topic: not options of Airflow")


def test_an_option_that_is_there_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "airflow").mkdir()
    cfg = "[openlineage]\ntransport = {}\ncustom_run_facets = a.b\ncustom_run_facets = \n"
    (tmp_path / "airflow" / "airflow.cfg").write_text(cfg)
    answer = Answer(run(tmp_path))
    assert answer.exit_status == 1
    text = answer.text_of("settings")
    assert text.startswith("Airflow cannot read its configuration: While reading from ")
    assert "option 'custom_run_facets' in section 'openlineage' already exists" in text


def test_it_works_without_airflow_and_for_each_transport_of_a_composite(
    tmp_path: Path, kafka_bootstrap_servers: str, topic: str
) -> None:
    ours = TRANSPORT | {"bootstrap_servers": kafka_bootstrap_servers, "spool_dir": "none"}
    both = [ours | {"topic": topic}, ours | {"topic": "nowhere", "create_topic": True}]
    config = {"transport": {"type": "composite", "transports": both}}
    (tmp_path / "openlineage.yml").write_text(json.dumps(config))
    answer = Answer(run(tmp_path, "-c", WITHOUT_AIRFLOW))
    assert answer.all_are("SKIP", "custom_run_facets")
    assert "is not installed" in answer.text_of("custom_run_facets")
    assert answer.all_are("OK", f"topic ({topic})", f"test event ({topic})")
    assert answer.status(f"spool ({topic})") == "WARN"
    assert "./openlineage.yml" in answer.text_of(f"settings ({topic})")
    assert "the first event creates it" in answer.text_of("topic (nowhere)")


def test_a_user_with_no_more_than_the_right_to_write_gets_through(
    tmp_path: Path, secure_kafka: SecureKafka
) -> None:
    login = {"sasl_mechanism": "PLAIN", "sasl_username": WRITER}
    login["sasl_password"] = secure_kafka.password
    settings = secure_kafka.settings("SASL_SSL", **login)
    answer = examined(tmp_path, TRANSPORT | settings)
    assert answer.exit_status == 0, answer.text
    assert "SASL_SSL with PLAIN" in answer.text_of("login")
    assert answer.all_are("SKIP", "limits", "clock")
    assert answer.status("test event") == "WARN"
    assert "may not read" in answer.text_of("test event")
    assert secure_kafka.password not in answer.text


def test_a_wrong_password_is_told_without_it(tmp_path: Path, secure_kafka: SecureKafka) -> None:
    login = {"sasl_mechanism": "SCRAM-SHA-256", "sasl_username": WRITER}
    login["sasl_password"] = "wrong-and-hidden"
    settings = secure_kafka.settings("SASL_SSL", **login)
    answer = examined(tmp_path, TRANSPORT | settings)
    assert answer.status("login") == "FAIL"
    assert "SCRAM-SHA-256: is that the server's, the login right?" in answer.text_of("login")
    assert answer.all_are("SKIP", "topic", "test event")
    assert "wrong-and-hidden" not in answer.text


def test_secrets_of_every_kind_are_hidden() -> None:
    patient = Patient({"sasl_password": "one-secret", "producer": {}})
    assert patient.hide("said one-secret loudly") == "said *** loudly"


def test_a_transport_that_is_no_object_is_told_without_it(tmp_path: Path) -> None:
    answer = Answer(run(tmp_path, AIRFLOW__OPENLINEAGE__TRANSPORT='["hidden-7"]'))
    assert answer.all_are("FAIL", "provider", "settings")
    assert "hidden-7" not in answer.text
