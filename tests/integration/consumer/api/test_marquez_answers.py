"""The same questions as a real Marquez was asked, on the same events: its answers and ours."""

from collections import Counter

import pytest

from consumer.store.store import Store
from tests.support import corpus
from tests.support.http import Client
from tests.support.marquez import DIFFERENT, FOLDER, ORDER, RECORDINGS, SAME, Compared, compare
from tests.support.marquez_differences import DIFFERENCES, REFUSED, match_of
from tests.support.storing import begin, clear, put

LEAST = 0.97  # Marquez against its own recording: 0.974
ON_THE_LIST = "on the list"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there is no {FOLDER}")


def verdict_of(answer: Compared, matched: set[str]) -> str:
    """Return how an answer compares; note in `matched` what of the list it takes to say so."""
    matches = [match_of(answer.endpoint, parting) for parting in answer.partings]
    if answer.verdict != DIFFERENT or not all(matches):
        return answer.verdict
    matched.update(match for match in matches if match)
    return ON_THE_LIST


def test_answers_are_marquezs_but_for_what_differs_on_purpose(
    store: Store, store_url: str, api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    total: Counter[str] = Counter()
    matched: set[str] = set()
    for recording, name in RECORDINGS.items():
        clear(store_url)
        store.reconnect()
        begin(store)
        events = enumerate(corpus.events(name), 1)
        put(store, [event for line, event in events if line not in REFUSED.get(recording, ())])
        counts = Counter(verdict_of(each, matched) for each in compare(api.base, recording))
        with capsys.disabled():  # the figure is shown, also where all is well
            print(f"\n{recording}: {_shares(counts)}")
        total += counts
    with capsys.disabled():
        print(f"\nall: {_shares(total)}")

    assert 1 - total[DIFFERENT] / total.total() >= LEAST
    assert {pattern for patterns in DIFFERENCES.values() for pattern in patterns} == matched


def _shares(counts: Counter[str]) -> str:
    """Return how many answers there are of each verdict."""
    shares = [f"{counts[each]} {each}" for each in (SAME, ORDER, ON_THE_LIST, DIFFERENT)]
    right = 1 - counts[DIFFERENT] / counts.total()
    return f"{', '.join(shares)} of {counts.total()}: {right:.1%} right"
