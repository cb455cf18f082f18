"""The command line reads what it writes, says what it cannot read, and goes on."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

from openlineage_avro import encode
from openlineage_avro.codec.framing import confluent
from openlineage_avro.tools.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

EVENTS: list[dict[str, Any]] = [
    {"eventType": "START", "run": {"runId": "é"}, "job": {"namespace": "n", "name": "j"}},
    {"eventType": "FAIL", "run": {"runId": "r", "facets": {"mine": {"a": None}}}},
    {"job": {"namespace": "n", "name": "j", "facets": {"sql": {"query": "select 1"}}}},
    {"dataset": {"namespace": "n", "name": "d"}},
]
LINES = "".join(json.dumps(event) + "\n" for event in EVENTS)


def stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def printed(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_lines_of_hex_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "events").write_text(LINES)
    assert main(["encode", str(tmp_path / "events")]) == 0
    lines = capsys.readouterr().out
    assert [bytes.fromhex(line) for line in lines.splitlines()] == [encode(e) for e in EVENTS]
    stdin(monkeypatch, lines.encode())
    assert main(["decode"]) == 0
    assert printed(capsys) == EVENTS


def test_length_prefixed_messages_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    stdin(monkeypatch, LINES.encode())
    assert main(["encode", "--format", "length-prefixed"]) == 0
    sys.stdout.flush()
    (tmp_path / "messages").write_bytes(capfdbinary.readouterr().out)
    assert main(["decode", "--length-prefixed", str(tmp_path / "messages")]) == 0
    lines = capfdbinary.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == EVENTS


def test_a_file_may_be_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "message").write_bytes(encode(EVENTS[0]))
    assert main(["decode", str(tmp_path / "message"), "--meta"]) == 0
    (seen,) = printed(capsys)
    assert seen["event"] == EVENTS[0]
    assert seen["framing"] == "single-object"
    assert seen["schema"] == "openlineage-event-1"
    assert seen["bytes"] == len(encode(EVENTS[0]))
    assert seen["jsonBytes"] == len(json.dumps(EVENTS[0]))


def test_garbage_is_named_and_the_next_message_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = encode(EVENTS[1]).hex()
    lines = [good, "garbage", "c3", good[:-2], confluent(7, b"x").hex(), '{"a":', '{"b": 1}', good]
    stdin(monkeypatch, "\n".join(lines).encode())
    assert main(["decode"]) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [EVENTS[1], {"b": 1}, EVENTS[1]]
    reasons = err.splitlines()
    assert [reason.split(":")[0] for reason in reasons] == [f"stdin line {n}" for n in range(2, 7)]
    assert "got text ('garbage'), 7 bytes that begin with 67 61 72 62 61 67 65" in reasons[0]
    assert ", 1 bytes that begin with c3: " in reasons[1]
    assert "body of schema openlineage-event-1: expected more than its" in reasons[2]
    assert "the Confluent wire format with schema id" in reasons[3]
    assert "JSON: " in reasons[4]


def test_hex_may_be_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "--hex", encode(EVENTS[3]).hex(), "--hex", "00"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == EVENTS[3]
    assert err.startswith("--hex 2: expected JSON")


def test_stats_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "events").write_text(LINES)
    assert main(["stats", str(tmp_path / "events")]) == 0
    types, facets = capsys.readouterr().out.split("\n\n")
    rows = {line.split()[0]: line for line in types.splitlines()[1:]}
    assert rows.keys() == {"START", "FAIL", "JOB", "DATASET"}
    assert rows["FAIL"].split()[1:4] == [
        "1",
        str(len(json.dumps(EVENTS[1]))),
        str(len(encode(EVENTS[1]))),
    ]
    rows = {line[:8].strip(): line[8:] for line in facets.splitlines()[1:]}
    assert set(rows) == {"run mine", "job sql", "all else"}
    without: dict[str, Any] = {**EVENTS[1], "run": {"runId": "r", "facets": {}}}
    assert rows["run mine"].split()[2] == str(len(encode(EVENTS[1])) - len(encode(without)))
    assert "#" in types
    assert "-" in types


def test_stats_takes_names_that_no_encoding_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, b'{"run": {"facets": {"\\ud800": 1}}}')
    assert main(["stats"]) == 0
    assert "run \\ud800" in capsys.readouterr().out


def test_a_message_without_value_is_told_and_the_next_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = encode(EVENTS[0])
    framed = len(value).to_bytes(4, "big") + value
    (tmp_path / "messages").write_bytes(framed + b"\xff" * 4 + framed)
    assert main(["decode", "--length-prefixed", str(tmp_path / "messages")]) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [EVENTS[0]] * 2
    assert "message 2: " in err


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "no such file"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_setting_without_value_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["decode", "--topic", "t", "--bootstrap-servers", "k:1", "--kafka-setting", "x"]) == 2
    )
    assert "--kafka-setting: expected NAME=VALUE, got 'x'" in capsys.readouterr().err


def test_a_truncated_stream_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "messages").write_bytes(b"\0\0\0\x09{}")
    assert main(["decode", "--length-prefixed", str(tmp_path / "messages")]) == 2
    assert "messages message 1: expected 9 bytes, got 2" in capsys.readouterr().err


def test_raw_bytes_are_of_one_event_only(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "events").write_text(LINES)
    assert main(["encode", "--format", "raw", str(tmp_path / "events")]) == 2
    assert b"--format raw: expected one event, got more" in capfdbinary.readouterr().err
