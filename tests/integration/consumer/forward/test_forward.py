"""Events of a topic reach an endpoint: each at least once, in order, whatever is in the way."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from openlineage_avro import encode
from services.state import free_ports
from tests.support.endpoint import Endpoint, listening
from tests.support.storing import Consumer, event, produce, value, wait_until


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with listening() as endpoint:
        yield endpoint


def forward(
    consumer: Consumer, url: str, folder: Path, *more: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Pass on all that is on the topic."""
    refused = ("--refused-file", str(folder / "refused.ndjson"))
    return consumer.run(
        "forward", "--to", url, *refused, "--group", consumer.topic, "--stop-at-end", *more,
        **environment,
    )  # fmt: skip


def test_everything_is_passed_on_once_and_in_order(
    consumer: Consumer, endpoint: Endpoint, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    long = b'{"a": 1e400, ' + value(40)[1:]
    values = [encode(event(n)) if n % 2 else value(n) for n in range(40)]
    produce(kafka_bootstrap_servers, consumer.topic, [*values, long, b"no event", None])
    headers = "Authorization: Bearer abc\nX-Team: data\n"
    done = forward(consumer, endpoint.base, tmp_path, FORWARD_HEADERS=headers)
    assert done.returncode == 0, done.stderr
    assert "no event: expected JSON" in done.stderr
    assert {each.path for each in endpoint.posted} == {"/api/v1/lineage"}
    first = endpoint.posted[0].headers
    assert (first["Authorization"], first["X-Team"]) == ("Bearer abc", "data")
    assert [each.run for each in endpoint.posted if each.run == "run 40"] == ["run 40"]
    assert any(b"1e400" in each.body for each in endpoint.posted)
    for partition in range(3):  # produce sends to each in turn
        mine = [f"run {number}" for number in range(40) if number % 3 == partition]
        assert [each.run for each in endpoint.posted if each.run in mine] == mine
    assert not (tmp_path / "refused.ndjson").exists()
    again = forward(consumer, endpoint.base, tmp_path)
    assert again.returncode == 0
    assert len(endpoint.posted) == 41


def test_an_endpoint_that_is_away_is_waited_for(
    consumer: Consumer, endpoint: Endpoint, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(number) for number in range(5)], 1)
    endpoint.answers = [(503, {"Retry-After": "1"}), (429, {}), (500, {}), (502, {})]
    done = forward(consumer, endpoint.base, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [each.run for each in endpoint.posted] == [f"run {number}" for number in range(5)]
    assert "trying again" in done.stderr


def test_what_is_refused_is_kept_with_its_answer(
    consumer: Consumer, endpoint: Endpoint, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(number) for number in range(4)], 1)
    endpoint.refused = {"run 1": 422, "run 2": 400}
    done = forward(consumer, endpoint.base, tmp_path)
    assert done.returncode == 0, done.stderr
    kept = [json.loads(line) for line in (tmp_path / "refused.ndjson").read_text().splitlines()]
    assert [(each["status"], each["offset"], each["event"]) for each in kept] == [
        (422, 1, event(1)),
        (400, 2, event(2)),
    ]
    assert json.loads(kept[0]["answer"]) == {"code": 422, "message": "no"}


def test_an_endpoint_that_lets_nobody_in_ends_it_and_loses_nothing(
    consumer: Consumer, endpoint: Endpoint, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(0), value(1)], 1)
    endpoint.answers = [(401, {})]
    done = forward(consumer, endpoint.base, tmp_path)
    assert done.returncode == 1
    assert "correct --to, or the headers in FORWARD_HEADERS" in done.stderr
    assert forward(consumer, endpoint.base, tmp_path).returncode == 0
    assert [each.run for each in endpoint.posted] == ["run 0", "run 1"]


def test_one_that_is_stopped_while_it_waits_goes_on_where_it_was(
    consumer: Consumer, endpoint: Endpoint, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    produce(kafka_bootstrap_servers, consumer.topic, [value(number) for number in range(3)], 1)
    (port,) = free_ports(1)
    refused = ("--refused-file", str(tmp_path / "refused.ndjson"), "--group", consumer.topic)
    running = consumer.start("forward", "--to", f"http://127.0.0.1:{port}/", *refused)
    assert running.stderr is not None
    while "trying again" not in running.stderr.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    _, rest = running.communicate(timeout=60)
    assert running.returncode == 0, rest
    assert forward(consumer, endpoint.base, tmp_path).returncode == 0
    assert [each.run for each in endpoint.posted] == ["run 0", "run 1", "run 2"]


def test_two_share_the_partitions_and_nothing_is_missed(
    consumer: Consumer, endpoint: Endpoint, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    arguments = ("forward", "--to", endpoint.base, "--group", consumer.topic)
    running = [
        consumer.start(*arguments, "--refused-file", str(tmp_path / f"{number}.ndjson"))
        for number in range(2)
    ]
    produce(kafka_bootstrap_servers, consumer.topic, [value(number) for number in range(60)])
    wait_until(lambda: len({each.run for each in endpoint.posted}) == 60)
    for each in running:
        each.send_signal(signal.SIGTERM)
        each.communicate(timeout=60)
        assert each.returncode == 0


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("marquez:5000", "expected the URL of an endpoint"),
        ("http://me:secret@host/", "expected a URL without login"),
    ],
)
def test_wrong_urls(consumer: Consumer, tmp_path: Path, url: str, reason: str) -> None:
    done = forward(consumer, url, tmp_path)
    assert done.returncode == 1
    assert reason in done.stderr
    assert "secret" not in done.stderr
