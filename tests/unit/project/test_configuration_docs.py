"""docs/configuration.md tells of every setting, with its true default, and its examples work."""

import json
import re
from typing import Any

import attr
import pytest
import yaml

from openlineage_avro.config.settings import AvroKafkaConfig
from services.state import REPOSITORY

TEXT = (REPOSITORY / "docs" / "configuration.md").read_text()
TABLE = TEXT.split("## All settings")[1].split("\n\n")[1]
ROWS = [line.strip("|").split("|") for line in TABLE.splitlines() if line.startswith("| `")]
DEFAULTS = {name: row[2].strip() for row in ROWS for name in re.findall(r"`(\w+)`", row[0])}


def test_every_setting_is_documented_once_in_order() -> None:
    assert list(DEFAULTS) == [field.name for field in attr.fields(AvroKafkaConfig)]


@pytest.mark.parametrize("field", attr.fields(AvroKafkaConfig), ids=lambda field: field.name)
def test_the_documented_default_is_the_true_one(field: "attr.Attribute[Any]") -> None:
    shown = DEFAULTS[field.name].strip("`")
    if field.default is attr.NOTHING:
        assert shown == "must be set"
    elif field.default in (None, ()) or field.name == "pipeline_run_id_name":
        assert "`" not in DEFAULTS[field.name] or field.name == "pipeline_run_id_name"
    elif isinstance(field.default, (str, bool, int, float)):
        written = json.dumps(field.default).strip('"').removesuffix(".0")
        assert shown == written


def test_the_three_places_say_the_same() -> None:
    [cfg] = re.findall(r"^transport = (\{.*\"redact_keys\".*\})$", TEXT, re.MULTILINE)
    [yml] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    environment = re.findall(r"^OPENLINEAGE__TRANSPORT__(\w+)=(.*)$", TEXT, re.MULTILINE)
    places: list[dict[str, Any]] = [
        json.loads(cfg),
        yaml.safe_load(yml)["transport"],
        {name.lower(): value for name, value in environment},
    ]
    configs = [AvroKafkaConfig.from_dict(place) for place in places]
    assert configs[0] == configs[1] == configs[2]
    assert configs[0].redact_keys == ("iban", "pin")


@pytest.mark.parametrize("example", re.findall(r"```json\n(.*?)\n```", TEXT))
def test_the_examples_are_valid(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_PASSWORD", "KAFKA_KEY_PASSWORD", "REGISTRY_PASSWORD"):
        monkeypatch.setenv(name, "p")
    settings = json.loads(re.sub(r'"/etc/kafka/[^"]*"', json.dumps(__file__), example))
    AvroKafkaConfig.from_dict({"bootstrap_servers": "kafka:9092", **settings})
