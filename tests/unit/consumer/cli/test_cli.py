"""Settings are searched in named places, and every option is explained."""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from consumer.cli.main import main, parser
from consumer.errors import SettingsError
from consumer.settings import PLACES, Reading, Topics, find, find_topics
from consumer.source.client import open_consumer
from openlineage_avro.config.command_line import ClientSettings
from openlineage_avro.errors import ConfigurationError


def test_a_missing_setting_lists_every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    place = PLACES["database_url"]
    monkeypatch.delenv(place.variable, raising=False)
    with pytest.raises(SettingsError) as caught:
        find("database_url", None)
    assert place.option in str(caught.value)
    assert place.variable in str(caught.value)


def test_an_option_beats_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLINEAGE_GROUP", "from-variable")
    assert find("group", "from-option") == "from-option"
    assert find("group", None) == "from-variable"
    monkeypatch.delenv("OPENLINEAGE_GROUP")
    assert find("group", None) == "openlineage-avro-consumer"


def test_topics_are_names_or_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENLINEAGE_TOPIC", raising=False)
    monkeypatch.delenv("OPENLINEAGE_TOPIC_PATTERN", raising=False)
    assert find_topics(None, None) == Topics(("openlineage",))
    assert find_topics(["a", "b", "a"], None) == Topics(("a", "b"))
    assert find_topics(None, "a.*") == Topics((), "a.*")
    monkeypatch.setenv("OPENLINEAGE_TOPIC", "c, d")
    assert find_topics(None, None) == Topics(("c", "d"))
    assert find_topics(None, "a.*") == Topics((), "a.*")
    monkeypatch.setenv("OPENLINEAGE_TOPIC_PATTERN", "e.*")
    assert find_topics(["a"], None) == Topics(("a",))
    with pytest.raises(SettingsError, match=r"expected names or a pattern, got both: c, d and e"):
        find_topics(None, None)
    monkeypatch.delenv("OPENLINEAGE_TOPIC")
    assert find_topics(None, None) == Topics((), "e.*")


@pytest.mark.parametrize("pattern", ["(?i)T1", "(?x) t1 # first", "t1", "t", "(?i)(?x)T1|x"])
def test_a_pattern_matches_whole_names_whatever_its_flags(pattern: str) -> None:
    whole = re.compile(find_topics(None, pattern).whole_pattern())
    assert bool(whole.match("t1")) == (pattern != "t")
    assert not whole.match("t12")


def test_no_topic_is_told() -> None:
    with pytest.raises(SettingsError, match="topic: expected the name of a topic, got ' , '"):
        find_topics([" , "], None)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "--metrics-port", "99999"], "from 0 to 65535, got '99999'"),
        (["run", "--batch-records", "0"], "from 1 to 2147483647, got '0'"),
        (["api", "--port", "x"], "from 0 to 65535, got 'x'"),
        (
            ["rejected", "list", "--partition", "99999999999"],
            "from 0 to 2147483647, got '99999999999'",
        ),
        (["rejected", "list", "--offset", "-1"], "from 0 to 9223372036854775807, got '-1'"),
    ],
)
def test_a_number_out_of_bounds_is_told(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert f"{arguments[-2]}: expected a whole number {expected}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["http://user:s3cret@127.0.0.1:1", "user:s3cret@127.0.0.1:1", "ftp://x", "127.0.0.1"]
)
def test_a_registry_that_cannot_be_one_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/db")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", url)
    for command in (["run"], ["rejected", "retry"]):
        assert main(command) == 1
        error = capsys.readouterr().err
        assert "schema_registry_url: expected " in error
        assert "s3cret" not in error


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("fetch_max_bytes", "abc", "a number, got 'abc'"), ("check_crcs", 1, "true or false, got 1")],
)
def test_a_kafka_setting_of_another_type_is_told(name: str, value: Any, expected: str) -> None:
    kafka = ClientSettings(bootstrap_servers="127.0.0.1:1", more={name: value})
    with pytest.raises(ConfigurationError, match=f"{name}: expected {expected}"):
        open_consumer(Reading(kafka=kafka, topics=Topics()))


def test_a_pattern_that_is_none_is_told() -> None:
    with pytest.raises(SettingsError, match=r"topic_pattern: expected a regular expression, got"):
        find_topics(None, "a(")


def test_a_missing_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["migrate"]) == 1
    error = capsys.readouterr().err
    assert error.startswith(
        "openlineage-avro-consumer: database_url: not set; searched option --database-url"
    )
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["postgresql://me:hidden@host/db", "host=h user=me password=hidden", "x://a:h%40@h/d"]
)
def test_a_password_on_the_command_line_is_refused_without_it(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--database-url", url]) == 1
    error = capsys.readouterr().err
    assert "expected a DSN without password" in error
    assert "hidden" not in error


def test_kafka_is_named_as_everywhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    assert main(["status"]) == 1
    assert "bootstrap_servers: not set; searched option --b" in capsys.readouterr().err
    assert main(["status", "--bootstrap-servers", "kafka"]) == 1
    assert "bootstrap_servers: expected host:port" in capsys.readouterr().err


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://me:secret@host/db\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert find("database_url", None) == "postgresql://me:secret@host/db"


def test_every_option_has_help() -> None:
    (commands,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    assert list(commands.choices) == [
        *("run", "api", "tokens", "forward", "replay", "import"),
        *("migrate", "maintain", "rebuild", "status", "check", "rejected", "query"),
        "separate-names",
    ]
    waiting = list(commands.choices.values())
    while waiting:
        for action in waiting.pop()._actions:
            assert action.help
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()


def test_help_loads_neither_kafka_nor_psycopg() -> None:
    program = (
        "import sys; from consumer.cli.main import parser; parser().format_help();"
        "print([m for m in ('kafka', 'psycopg', 'fastavro') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
