"""What is stored can be given to others and taken back: the stores are equal, to the last digit."""

import gzip
import json
from pathlib import Path
from typing import Any

import fastavro
import pytest

from consumer.store.store import Store
from openlineage_avro import encode
from tests.support import corpus
from tests.support.emitting import read_records
from tests.support.endpoint import listening
from tests.support.storing import (
    Consumer,
    batch,
    clear,
    command,
    dump,
    event,
    offset_of,
    put,
    rows,
    value,
)

LONG = b'{"big": 1e400, "zero": -0, "nul": "\\u0000", ' + value(7)[1:]


def store_all(store: Store) -> None:
    """Store events of every producer, as JSON and as Avro, and one that jsonb cannot hold."""
    events = corpus.all_events()[::5]
    put(store, events[::2])
    values = [encode(each) for each in events[1::2]]
    store.write(batch([*values, LONG], offset_of(store).next_offset))


def without_framing(dumped: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return all rows, but for how events came."""
    return {
        view: sorted(
            json.dumps({k: v for k, v in enumerate(json.loads(row)) if v not in FRAMINGS})
            for row in found
        )
        for view, found in dumped.items()
    }


FRAMINGS = ("json", "avro")


@pytest.mark.parametrize("name", ["all.ndjson", "all.ndjson.gz", "all.avro"])
def test_a_store_that_is_filled_from_a_file_is_the_same(
    store: Store, consumer: Consumer, tmp_path: Path, name: str
) -> None:
    store_all(store)
    before = without_framing(dump(consumer.url))
    file = str(tmp_path / name)
    done = consumer.run("replay", "--to-file", file)
    assert done.returncode == 0, done.stderr
    clear(consumer.url)
    done = consumer.run("import", file)
    assert done.returncode == 0, done.stderr
    assert consumer.run("run", "--stop-at-end").returncode == 0
    after = without_framing(dump(consumer.url))
    for view, found in before.items():
        assert after[view] == found, view


def test_a_store_that_is_filled_by_kafka_alone_is_the_same(
    store: Store, consumer: Consumer
) -> None:
    store_all(store)
    before = without_framing(dump(consumer.url))
    assert consumer.run("replay", "--to-kafka").returncode == 0
    clear(consumer.url)
    assert consumer.run("run", "--stop-at-end").returncode == 0
    assert without_framing(dump(consumer.url)) == before


def test_a_container_file_is_read_by_others(store: Store, store_url: str, tmp_path: Path) -> None:
    put(store, [event(number) for number in range(1200)])
    file = tmp_path / "events.avro"
    done = command("replay", "--to-file", str(file), DATABASE_URL=store_url)
    assert done.returncode == 0, done.stderr
    with file.open("rb") as opened:
        reader = fastavro.reader(opened)
        found: list[Any] = list(reader)
        assert reader.codec == "zstandard"
    assert {each["run"]["runId"] for each in found} == {f"run {n}" for n in range(1200)}
    assert len(found) == 1200


def runs_in(file: Path) -> list[str]:
    return [json.loads(line)["run"]["runId"] for line in file.read_text().splitlines()]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["run 3", "run 1", "run 2", "run 4"]),
        (["--run", "run 1"], ["run 1"]),
        (["--job", "j"], ["run 3", "run 1", "run 4"]),
        (["--job", "j", "--job-namespace", "m"], ["run 4"]),
        (["--pipeline-run", "p"], ["run 2"]),
        (["--since", "2026-01-02T00:00:00Z"], ["run 1", "run 2", "run 4"]),
        (["--since", "2026-01-02T00:00:00Z", "--until", "2026-01-03T00:00:00Z"], ["run 1"]),
        (["--job", "j", "--until", "2026-01-02T00:00:00Z"], ["run 3"]),
        (["--run", "unknown"], []),
    ],
)
def test_what_is_selected_comes_in_the_order_of_time(
    store: Store, store_url: str, tmp_path: Path, options: list[str], expected: list[str]
) -> None:
    facets = {"openlineageAvro_pipelineRun": {"pipelineRunId": "p"}}
    events = [
        event(1, eventTime="2026-01-02T00:00:00Z"),
        event(2, eventTime="2026-01-03T00:00:00Z", job={"namespace": "n", "name": "k"}),
        event(3, eventTime="2026-01-01T00:00:00Z"),
        event(4, eventTime="2026-01-04T00:00:00Z", job={"namespace": "m", "name": "j"}),
    ]
    events[1]["run"]["facets"] = facets
    put(store, events)
    file = tmp_path / "some.ndjson"
    done = command("replay", "--to-file", str(file), *options, DATABASE_URL=store_url)
    assert done.returncode == 0, done.stderr
    assert runs_in(file) == expected
    assert f"{len(expected)} events replayed" in done.stderr


def test_an_endpoint_gets_what_is_stored(store: Store, store_url: str, tmp_path: Path) -> None:
    put(store, [event(1)])
    store.write(batch([LONG], offset_of(store).next_offset))
    with listening() as endpoint:
        endpoint.refused = {"run 1": 400}
        refused = ("--refused-file", str(tmp_path / "refused.ndjson"))
        done = command("replay", "--to-http", endpoint.base, *refused, DATABASE_URL=store_url)
    assert done.returncode == 0, done.stderr
    assert sorted(each.run for each in endpoint.posted) == ["run 1", "run 7"]
    [long] = [each.body for each in endpoint.posted if each.run == "run 7"]
    assert b'"big":1e400' in long
    assert b'"zero":-0' in long
    kept = json.loads((tmp_path / "refused.ndjson").read_text())
    assert (kept["status"], kept["event"]) == (400, event(1))


def test_bad_lines_are_told_and_the_rest_is_sent(
    consumer: Consumer, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    lines = [value(0), b"{", b"", b'{"run": {}}', value(1)]
    plain, packed = tmp_path / "some.ndjson", tmp_path / "more.gz"
    plain.write_bytes(b"\n".join(lines))
    packed.write_bytes(gzip.compress(value(2) + b"\n" + b"5"))
    done = consumer.run("import", str(plain), str(packed))
    assert done.returncode == 1
    told = done.stderr.splitlines()
    assert told[0].startswith(f"{plain}:2: expected an event as JSON: Expecting property name")
    assert told[1:] == [
        f"{plain}:4: run.runId: expected string, got nothing",
        f"{packed}:2: event: expected object, got 5",
        "3 events sent",
        "openlineage-avro-consumer: 3 were no events, and were left out: the lines above say which",
    ]
    assert len(read_records(kafka_bootstrap_servers, consumer.topic)) == 3


def test_a_broken_container_file_gives_what_is_whole(
    store: Store, consumer: Consumer, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    put(store, [event(number) for number in range(900)])
    file = tmp_path / "events.avro"
    assert consumer.run("replay", "--to-file", str(file)).returncode == 0
    file.write_bytes(file.read_bytes()[:-40])
    done = consumer.run("import", str(file))
    assert done.returncode == 1
    assert f"{file}, after event 500" in done.stderr
    assert len(read_records(kafka_bootstrap_servers, consumer.topic)) == 500


def test_files_of_other_schemas_and_names(consumer: Consumer, tmp_path: Path) -> None:
    other = tmp_path / "other.avro"
    with other.open("wb") as file:
        fastavro.writer(file, {"type": "record", "name": "R", "fields": []}, [{}])
    done = consumer.run("import", str(other))
    assert done.returncode == 1
    assert "expected a schema of version" in done.stderr
    done = consumer.run("import", str(tmp_path / "none"))
    assert "expected a readable file" in done.stderr
    done = consumer.run("replay", "--to-file", str(tmp_path / "events.txt"))
    assert "--to-file: expected a name with .avro, .ndjson, .ndjson.gz" in done.stderr
    assert rows(consumer.url, "SELECT count(*) FROM lineage.events") == [(0,)]
