"""The long test of benchmarks.faults, in short; and that its comparison finds what is wrong."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.faults.comparing import Topic, compare, differing_views
from consumer.decode.decode import Decoded, decode
from consumer.store.store import Store
from tests.support.storing import batch, value


@pytest.mark.slow
def test_a_few_kills() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.faults",
            "--kills",
            "6",
            "--consumers",
            "2",
            "--per-second",
            "100",
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    printed = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines())
    assert [printed[name] for name in ("kills", "lost", "doubled")] == ["6", "0", "0"]


def _topic(store: Store) -> Topic:
    """Store an event twice, another one, a tombstone and a bad record; return what they are."""
    values = [value(1), value(1), value(2), None, b"garbage"]
    store.write(batch(values))
    contents = [decode(each) for each in values if each]
    events = Counter(each.hash for each in contents if isinstance(each, Decoded))
    return Topic(ends={0: 5}, events=events, bad={(0, 4)}, tombstones=1)


def test_what_is_right_is_found_right(store: Store, store_url: str) -> None:
    outcome = compare(store_url, _topic(store))
    assert (outcome.events, outcome.lost, outcome.doubled, outcome.faults) == (2, 0, 0, [])


def test_a_lost_event_is_found(store: Store, store_url: str) -> None:
    topic = _topic(store)
    other = decode(value(3))
    assert isinstance(other, Decoded)
    outcome = compare(store_url, replace(topic, events=topic.events + Counter([other.hash])))
    assert outcome.lost == 1
    assert any("on the topic are (3, 1, 1, 1)" in fault for fault in outcome.faults)


def test_an_event_from_nowhere_is_found(store: Store, store_url: str) -> None:
    topic = _topic(store)
    events = Counter(dict(list(topic.events.items())[:1]))
    outcome = compare(store_url, replace(topic, events=events))
    assert "1 stored events are not on the topic" in outcome.faults


def test_a_wrong_offset_is_found(store: Store, store_url: str) -> None:
    outcome = compare(store_url, replace(_topic(store), ends={0: 6}))
    assert outcome.faults == ["partition 0: 5 records counted from 0 to 5, on the topic are 6"]


def test_views_that_differ_are_found(store: Store, store_url: str, spare_url: str) -> None:
    _topic(store)
    assert "runs" in differing_views(store_url, spare_url)
    assert differing_views(store_url, store_url) == []
