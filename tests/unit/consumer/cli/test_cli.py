"""Settings are searched in named places, and every option is explained."""

import argparse
import subprocess
import sys

import pytest

from consumer.cli.main import main, parser
from consumer.errors import SettingsError
from consumer.settings import PLACES, find, kafka_settings


@pytest.mark.parametrize("name", ["bootstrap_servers", "database_url"])
def test_a_missing_setting_lists_every_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = PLACES[name]
    monkeypatch.delenv(place.variable, raising=False)
    with pytest.raises(SettingsError) as caught:
        find(name, None)
    assert place.option in str(caught.value)
    assert place.variable in str(caught.value)


def test_an_option_beats_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLINEAGE_TOPIC", "from-variable")
    assert find("topic", "from-option") == "from-option"
    assert find("topic", None) == "from-variable"
    monkeypatch.delenv("OPENLINEAGE_TOPIC")
    assert find("topic", None) == "openlineage"


def test_a_missing_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["migrate"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("consumer: database_url: not set; searched option --database-url")
    assert error.count("\n") == 1


def test_kafka_settings_are_name_and_value() -> None:
    assert kafka_settings(["security_protocol=SASL_SSL", "request_timeout_ms=5000"]) == {
        "security_protocol": "SASL_SSL",
        "request_timeout_ms": 5000,
    }
    with pytest.raises(SettingsError, match="expected NAME=VALUE, got 'x'"):
        kafka_settings(["x"])


def test_every_option_has_help() -> None:
    (commands,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    assert set(commands.choices) == {"run", "migrate", "status"}
    for command in commands.choices.values():
        assert all(action.help for action in command._actions)


def test_help_loads_neither_kafka_nor_psycopg() -> None:
    program = (
        "import sys; from consumer.cli.main import parser; parser().format_help();"
        "print([m for m in ('kafka', 'psycopg', 'fastavro') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
