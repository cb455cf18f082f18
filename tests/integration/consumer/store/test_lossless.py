"""event or raw always gives back the event that was sent, strictly."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.decode.decode import original
from consumer.store.store import Store
from openlineage_avro import encode
from tests.support.equality import same
from tests.support.json_values import JSON
from tests.support.storing import batch, offset_of, restart, rows

TEXT = st.text(st.characters(), max_size=6)
FACETS = st.dictionaries(TEXT, st.dictionaries(TEXT, JSON, max_size=3) | JSON, max_size=3)
DATASETS = st.lists(
    st.builds(
        lambda n, f, i: {"namespace": n, "name": n, "facets": f, "inputFacets": i},
        TEXT,
        FACETS,
        FACETS,
    ),
    max_size=2,
)
EVENTS = st.builds(
    lambda run, name, facets, inputs, outputs, more: {
        **more,
        "eventTime": "2026-01-01T00:00:00Z",
        "eventType": "START",
        "run": {"runId": run, "facets": facets},
        "job": {"namespace": name, "name": name, "facets": facets},
        "inputs": inputs,
        "outputs": outputs,
    },
    *(TEXT.filter(bool), TEXT, FACETS, DATASETS, DATASETS, st.dictionaries(TEXT, JSON, max_size=3)),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_whatever_an_event_holds(
    store: Store, store_url: str, events: list[dict[str, Any]]
) -> None:
    restart(store, store_url)
    values = [
        json.dumps(each).encode() if number % 2 else encode(each)
        for number, each in enumerate(events)
    ]
    store.write(batch(values))
    assert rows(store_url, "SELECT reason FROM lineage.rejected") == []
    answer = rows(store_url, "SELECT record_offset, event, raw FROM lineage.events")
    counted = offset_of(store)
    assert len(answer) == counted.stored
    assert counted.stored + counted.duplicates == len(events)
    for offset, stored, raw in answer:
        assert same(original(stored, raw), events[offset])
