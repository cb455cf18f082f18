"""What forward says of each minute."""

import logging

import pytest

from consumer.forward.minute import Minute


def test_a_minute_with_events_is_told_once_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    minute = Minute(lambda: now[0])
    caplog.set_level(logging.INFO)

    for seconds, count in ((30.0, 900), (60.0, 1_200), (90.0, 1_500), (121.0, 1_200)):
        now[0] = seconds
        minute.look(count)

    assert caplog.messages == ["1,200 events posted in 60 s (20/s)"]


def test_what_came_before_is_not_told_again(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    minute = Minute(lambda: now[0])
    caplog.set_level(logging.INFO)

    for seconds, count in ((60.0, 60), (120.0, 180)):
        now[0] = seconds
        minute.look(count)

    assert caplog.messages[1] == "120 events posted in 60 s (2/s)"
