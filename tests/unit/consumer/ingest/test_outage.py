"""What is waited for is said once, and so is that it is over."""

import logging

import pytest

from consumer.ingest.outage import Missing


def test_what_is_missing_is_told_once_until_it_was_there_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    missing = Missing()
    for now in ({"a"}, {"a", "b"}, {"a", "b"}, {"b"}, set[str](), set[str](), {"a"}):
        missing.tell(now)
        assert missing.problem == (", ".join(sorted(now)) or None)
    said = [f"{each.getMessage().split()[0]} {each.getMessage()[-1]}" for each in caplog.records]
    assert said == ["waiting: a", "waiting: b", "going a", "going b", "waiting: a"]
