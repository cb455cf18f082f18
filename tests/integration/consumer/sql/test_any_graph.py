"""Whatever events say of jobs, datasets and names, the walks agree with a slow model."""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.store.store import Store
from tests.support.lineage_model import Model, Node
from tests.support.storing import put, restart, rows

Event = dict[str, Any]
PROPERTY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
names = st.sampled_from("abcdef")
jobs = st.sampled_from("UVWX")
times = st.integers(0, 9).map(lambda second: f"2026-01-01T00:00:0{second}Z")


def named(name: str) -> dict[str, Any]:
    return {"namespace": "data", "name": name, "type": "DATASET"}


def dataset_facets() -> st.SearchStrategy[dict[str, Any]]:
    others = st.lists(names.map(named), max_size=2)
    deleted = st.just({"_deleted": True})
    renamed = names.map(
        lambda name: {"lifecycleStateChange": "RENAME", "previousIdentifier": named(name)}
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "symlinks": st.builds(lambda each: {"identifiers": each}, others) | deleted,
            "lineage": st.builds(lambda each: {"inputs": each}, others) | deleted,
            "lifecycleStateChange": renamed,
        },
    )


# Few datasets have facets, or all names would be one dataset.
datasets = st.builds(
    lambda name, facets: {"namespace": "data", "name": name, "facets": facets},
    *(names, st.one_of(st.just({}), st.just({}), st.just({}), dataset_facets())),
)
entries = st.lists(
    st.builds(
        lambda name, inputs: named(name) | {"inputs": [named(each) for each in inputs]},
        *(names, st.lists(names, max_size=2)),
    ),
    max_size=2,
)
job_facets = st.one_of(
    st.just({}),
    st.builds(lambda each: {"lineage": {"entries": each}}, entries),
    st.just({"lineage": {"_deleted": True}}),
)
dependencies: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    jobs.map(
        lambda name: {
            "jobDependencies": {"upstream": [{"job": {"namespace": "jobs", "name": name}}]}
        }
    ),
)
job_events = st.builds(
    lambda time, name, facets, waits, inputs, outputs: {
        "eventTime": time,
        "run": {"runId": f"run of {name}", "facets": waits},
        "job": {"namespace": "jobs", "name": name, "facets": facets},
        "inputs": inputs,
        "outputs": outputs,
    },
    *(times, jobs, job_facets, dependencies),
    *(st.lists(datasets, max_size=2), st.lists(datasets, max_size=2)),
)
dataset_events = st.builds(
    lambda time, described: {"eventTime": time, "dataset": described}, times, datasets
)
histories = st.lists(job_events | dataset_events, min_size=1, max_size=9)


@PROPERTY
@given(histories, st.randoms(use_true_random=False))
def test_walks_agree_with_a_model(
    store: Store, store_url: str, events: list[Event], chance: random.Random
) -> None:
    model = Model(events)
    restart(store, store_url)
    shuffled = [*events, *chance.sample(events, 1)]
    chance.shuffle(shuffled)
    put(store, shuffled, chance.choice([1, 2, 20]))
    main_names = rows(store_url, "SELECT name, main_name FROM lineage.dataset_names")
    assert dict(main_names) == {name: model.main_name(name) for name in model.names}
    starts: list[Node] = [("dataset", name) for name in model.names]
    starts += [("job", name) for name in model.jobs]
    for start in starts:
        for direction, to_inputs in (("upstream", True), ("downstream", False)):
            found = rows(
                store_url,
                f"SELECT depth, kind, name, via FROM lineage.{direction}(%s, %s, %s)",  # noqa: S608
                *(start[0], "data" if start[0] == "dataset" else "jobs", start[1]),
            )
            assert len(found) == len({each[:3] for each in found})
            assert {each[:3] for each in found} == model.walk(start, to_inputs)
            assert all(depth_before(each, start, found, model) for each in found)


def depth_before(step: Any, start: Node, found: list[Any], model: Model) -> bool:
    """Tell whether the node before a step is one that is nearer, or the start."""
    kind, _, name = step[3].split(":")
    name_of_start = model.main_name(start[1]) if start[0] == "dataset" else start[1]
    if (kind, name) == (start[0], name_of_start):
        return True
    return any(each[1:3] == (kind, name) and each[0] < step[0] for each in found)


def column_event(
    time: str, output: str, job: str, said: dict[str, Any], schema: list[str]
) -> Event:
    """Return an event whose output says what its columns come from."""
    facets = {
        "columnLineage": said,
        "schema": {"fields": [{"name": each} for each in schema]},
    }
    return {
        "eventTime": time,
        "job": {"namespace": "jobs", "name": job},
        "outputs": [{"namespace": "data", "name": output, "facets": facets}],
    }


columns = st.sampled_from("xyz")
sources = st.lists(
    st.builds(
        lambda name, field, kind: (
            named(name) | {"field": field, "transformations": [{"type": kind}]}
        ),
        *(names, columns, st.sampled_from(["DIRECT", "INDIRECT"])),
    ),
    max_size=2,
)
said = st.builds(
    lambda fields, whole: {
        "fields": {name: {"inputFields": inputs} for name, inputs in fields.items()},
        "dataset": whole,
    },
    *(st.dictionaries(columns, sources, max_size=2), st.one_of(st.just([]), sources)),
)
column_events = st.builds(
    column_event, times, names, jobs, said, st.lists(columns, max_size=2, unique=True)
)
links = st.builds(
    lambda time, name, other: {
        "eventTime": time,
        "dataset": {
            "namespace": "data",
            "name": name,
            "facets": {"symlinks": {"identifiers": [named(other)]}},
        },
    },
    *(times, names, names),
)

EVERY_COLUMN = """
SELECT name, field FROM lineage.dataset_fields
UNION SELECT dataset.name, known.field
FROM lineage_store.column_lineage AS said
JOIN lineage_store.facet_columns AS known USING (value_hash)
JOIN lineage_store.datasets AS dataset ON dataset.id = said.dataset_id
UNION SELECT input_name, input_field FROM lineage.column_lineage
"""


@PROPERTY
@given(
    st.lists(column_events, min_size=1, max_size=6),
    st.lists(links, max_size=1),
    st.booleans(),
)
def test_columns_downstream_are_the_inverse_of_upstream(
    store: Store, store_url: str, events: list[Event], joins: list[Event], direct_only: bool
) -> None:
    restart(store, store_url)
    put(store, [*events, *joins], 3)
    pairs: dict[str, set[tuple[Any, ...]]] = {"upstream": set(), "downstream": set()}
    main = dict(rows(store_url, "SELECT name, main_name FROM lineage.dataset_names"))
    for name, field in rows(store_url, EVERY_COLUMN):
        for direction, found in pairs.items():
            answer = rows(
                store_url,
                f"SELECT name, field, depth FROM lineage.column_{direction}("  # noqa: S608
                "%s, %s, direct_only => %s)",
                *(name, field, direct_only),
            )
            for other, other_field, depth in answer:
                ends = ((other, other_field), (main[name], field))
                up, down = ends if direction == "upstream" else ends[::-1]
                found.add((*up, *down, depth))
    assert pairs["upstream"] == pairs["downstream"]
    columns = rows(store_url, EVERY_COLUMN)
    edges = rows(
        store_url,
        "SELECT from_name, from_field, to_name, to_field"
        " FROM lineage.column_edges_among(%s, %s, %s, %s)",
        *([None for _ in columns], [name for name, _ in columns]),
        *([field for _, field in columns], direct_only),
    )
    assert sorted(edges) == sorted(pair[:4] for pair in pairs["upstream"] if pair[4] == 1)
