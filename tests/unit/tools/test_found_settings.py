"""Settings are found where Airflow and OpenLineage's client find them, and named by their place."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openlineage_avro.errors import ConfigurationError
from openlineage_avro.tools.found_settings import found

OURS = {
    "type": "openlineage_avro.AvroKafkaTransport",
    "bootstrap_servers": "kafka:9092",
    "topic": "t",
}
FIND = """
import json
from openlineage_avro.errors import ConfigurationError
from openlineage_avro.tools.found_settings import found
try:
    print(json.dumps([(each.config.topic, each.where) for each in found()]))
except ConfigurationError as exc:
    print(json.dumps(str(exc)))
"""


@pytest.fixture
def without_airflow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Go to an empty folder, with no settings anywhere and no Airflow to import."""
    for name in list(os.environ):
        if name.startswith(("OPENLINEAGE", "AIRFLOW")):
            monkeypatch.delenv(name)
    # Restored afterwards: the client adds variables of its own to the environment.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setitem(sys.modules, "airflow", None)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def yaml_file(path: Path, transport: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"transport": transport}))  # JSON is YAML
    return path


@pytest.mark.parametrize("place", ["openlineage.yml", "home/.openlineage/openlineage.yml"])
def test_the_clients_file_is_read(without_airflow: Path, place: str) -> None:
    yaml_file(without_airflow / place, OURS)
    [one] = found()
    assert one.config.topic == "t"
    assert one.where == "./openlineage.yml" if "home" not in place else place[4:] in one.where


def test_openlineage_config_comes_first(
    without_airflow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml_file(without_airflow / "openlineage.yml", {**OURS, "topic": "other"})
    path = yaml_file(without_airflow / "named.yml", OURS)
    monkeypatch.setenv("OPENLINEAGE_CONFIG", str(path))
    [one] = found()
    assert (one.config.topic, one.where) == ("t", f"OPENLINEAGE_CONFIG {path}")


def test_the_environment_adds_what_the_file_lacks(
    without_airflow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml_file(without_airflow / "openlineage.yml", OURS)
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT__TOPIC", "loses")
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT__DELIVERY_TIMEOUT", "2.5")
    [one] = found()
    assert (one.config.topic, one.config.delivery_timeout) == ("t", 2.5)
    assert one.where == (
        "./openlineage.yml, environment OPENLINEAGE__TRANSPORT__DELIVERY_TIMEOUT,"
        " OPENLINEAGE__TRANSPORT__TOPIC"
    )


COMPOSITE = {"type": "composite", "transports": [{"type": "console"}, OURS, {**OURS, "topic": "u"}]}
TRANSFORM = {"type": "transform", "transformer_class": "x.Y", "transport": OURS}


@pytest.mark.parametrize(
    ("transport", "topics"),
    [
        (OURS, ["t"]),
        ({**OURS, "type": "openlineage_avro.transport.AvroKafkaTransport"}, ["t"]),
        (COMPOSITE, ["t", "u"]),
        ({"type": "composite", "transports": {"a": OURS, "b": {"type": "console"}}}, ["t"]),
        (TRANSFORM, ["t"]),
        ({"type": "composite", "transports": [TRANSFORM, COMPOSITE]}, ["t", "t", "u"]),
    ],
)
def test_transports_inside_others_are_found(
    without_airflow: Path, transport: Any, topics: list[str]
) -> None:
    yaml_file(without_airflow / "openlineage.yml", transport)
    assert [each.config.topic for each in found()] == topics


def test_with_none_every_place_is_named(
    without_airflow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT__TYPE", "openlineage_avro.Misspelt")
    with pytest.raises(ConfigurationError) as caught:
        found()
    assert str(caught.value) == (
        "expected a transport of type openlineage_avro.AvroKafkaTransport, got"
        " openlineage_avro.Misspelt; searched environment OPENLINEAGE__TRANSPORT__TYPE;"
        " OPENLINEAGE_CONFIG; ./openlineage.yml; ~/.openlineage/openlineage.yml"
    )


def test_a_wrong_setting_is_named_with_its_place(without_airflow: Path) -> None:
    yaml_file(without_airflow / "openlineage.yml", {**OURS, "compression": "zip"})
    with pytest.raises(ConfigurationError, match=r"^\./openlineage\.yml: compression: expected"):
        found()


def test_a_broken_file_is_an_error_without_its_content(without_airflow: Path) -> None:
    (without_airflow / "openlineage.yml").write_text("transport: {password: secret-9")
    with pytest.raises(ConfigurationError, match="expected YAML with a transport") as caught:
        found()
    assert "secret-9" not in str(caught.value)


def in_airflow(folder: Path, settings: str, **environment: str) -> Any:
    """Return what a fresh process finds with an airflow.cfg of its own."""
    (folder / "airflow.cfg").write_text(f"[openlineage]\n{settings}\n")
    kept = {name: value for name, value in os.environ.items() if "OPENLINEAGE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", FIND],
        cwd=folder,
        env={**kept, "AIRFLOW_HOME": str(folder), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_airflow_cfg_is_read(tmp_path: Path) -> None:
    assert in_airflow(tmp_path, f"transport = {json.dumps(OURS)}") == [
        ["t", "airflow.cfg [openlineage] transport"]
    ]


def test_airflows_environment_wins_over_its_file(tmp_path: Path) -> None:
    variable = "AIRFLOW__OPENLINEAGE__TRANSPORT"
    other = json.dumps({**OURS, "topic": "other"})
    given = in_airflow(tmp_path, f"transport = {other}", **{variable: json.dumps(OURS)})
    assert given == [["t", f"environment {variable}"]]


def test_airflows_config_path_wins_over_its_transport(tmp_path: Path) -> None:
    path = yaml_file(tmp_path / "some.yml", OURS)
    other = json.dumps({**OURS, "topic": "other"})
    assert in_airflow(tmp_path, f"config_path = {path}\ntransport = {other}") == [
        ["t", "airflow.cfg [openlineage] config_path"]
    ]


def test_an_airflow_connection_is_read(tmp_path: Path) -> None:
    connection = json.dumps({"conn_type": "generic", "extra": {"transport": OURS}})
    given = in_airflow(tmp_path, "config_conn_id = lineage", AIRFLOW_CONN_LINEAGE=connection)
    assert given == [["t", "airflow.cfg [openlineage] config_conn_id"]]


def test_with_airflow_its_places_are_named_too(tmp_path: Path) -> None:
    assert in_airflow(tmp_path, "", OPENLINEAGE_URL="http://marquez:5000") == (
        "expected a transport of type openlineage_avro.AvroKafkaTransport, got http; searched"
        " environment OPENLINEAGE_URL; airflow.cfg [openlineage] config_conn_id;"
        " airflow.cfg [openlineage] config_path; airflow.cfg [openlineage] transport;"
        " OPENLINEAGE_CONFIG; ./openlineage.yml; ~/.openlineage/openlineage.yml;"
        " environment OPENLINEAGE__TRANSPORT__…"
    )


def test_a_transport_that_is_no_json_is_named_but_not_shown(tmp_path: Path) -> None:
    assert in_airflow(tmp_path, "transport = {'password': 'secret-9'}") == (
        "airflow.cfg [openlineage] transport: expected a JSON object"
    )
