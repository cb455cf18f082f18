"""Shows the figures of what sends events: the codec, the transport, the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import codec, marquez
from benchmarks.report.plots import Bar
from benchmarks.report.section import Plot, Section, less, more, table

if TYPE_CHECKING:
    from benchmarks.figures import Figures

SIZES = ("the value", "on Kafka, alone", "on Kafka, alone, zstd", "1,000 in a batch, zstd")
PARTS_OF_A_PROCESS = {
    "client": "import of OpenLineage's client",
    "built": "import and making of the transport",
    "first": "first event, until acknowledged",
    "all": "all of it",
    "median": "later events",
    "p95": "later events, 95th percentile",
}


def of_codec(found: Figures) -> Section:
    """Show what messages weigh, and how long they take to write and read."""
    theirs, ours = found["bytes"]["JSON"], found["bytes"]["Avro"]
    write, read = found["microseconds"]["encode"], found["microseconds"]["decode"]
    drawn = [
        Bar("OpenLineage's transport", theirs[1], False),
        Bar("the same with zstd", theirs[2], False),
        Bar("this, without zstd", ours[1], True),
        Bar("this", ours[2], True),
    ]
    title = "Bytes on Kafka of an event that is alone in its batch, as Airflow sends them"
    sizes = [[way, a, b, a / b] for way, a, b in zip(SIZES, theirs, ours, strict=True)]
    speeds = [
        [f"{way}: {name}", each]
        for way, taken in found["microseconds"].items()
        for name, each in taken.items()
    ]
    return Section(
        [
            less("bytes on Kafka, beside OpenLineage's transport", ours[2], theirs[1], "B"),
            less("the same, if that one is told to use zstd", ours[2], theirs[2], "B"),
            less(
                "writing an event, beside Serde.to_json",
                write[codec.OURS],
                write[codec.JSON],
                "µs",
            ),
            less(
                "reading an event, beside fastavro",
                read[codec.OURS],
                read[codec.FASTAVRO],
                "µs",
            ),
        ],
        [Plot("size", title, "bytes", drawn)],
        [
            f"{found['events']:,} events of Airflow; bytes an event:",
            table(("", "JSON", "Avro", "times smaller"), sizes),
            "One task event:",
            table(("", "µs"), speeds),
        ],
    )


def of_emit(found: Figures) -> Section:
    """Show what sending costs a process."""
    fresh, forked = found["fresh"], found["forked"]
    rows = [
        [name, *fresh[part], fresh[part][1] / fresh[part][0]]
        for part, name in PARTS_OF_A_PROCESS.items()
    ]
    drawn = [Bar(name, each, name.startswith("ours")) for name, each in forked.items()]
    title = "The first event of a process that Airflow forks, until Kafka has it"
    ours, theirs, whole = forked["ours, forked"], forked["theirs, forked"], fresh["all"]
    return Section(
        [
            less("a forked task's first event, beside OpenLineage's transport", ours, theirs, "ms"),
            less("a fresh process's first event, imports included", whole[0], whole[1], "ms"),
        ],
        [Plot("emit", title, "milliseconds", drawn)],
        [
            f"Medians of {found['rounds']} fresh processes each; milliseconds:",
            table(("a fresh process", "this", "OpenLineage's kafka", "times faster"), rows),
        ],
    )


def of_ingest(found: Figures) -> Section:
    """Show how many events a second are taken over HTTP, each acknowledged by Kafka."""
    ways = found["ways"]
    columns = ("per_second", "p50", "p99", "errors", "cpu_us")
    rows = [[name, *(way[column] for column in columns)] for name, way in ways.items()]
    recorded = (marquez.EVENTS_PER_SECOND, marquez.P50_MS, marquez.P99_MS, "", "")
    rows.append([f"{marquez.NAME}, 4 connections", *recorded])
    over_http = list(ways.items())[:2]
    drawn = [Bar(name, way["per_second"], True) for name, way in over_http]
    drawn.append(Bar(marquez.NAME, marquez.EVENTS_PER_SECOND, False))
    return Section(
        [
            more(f"POST /lineage: {name}", way["per_second"], marquez.EVENTS_PER_SECOND, "/ s")
            for name, way in over_http
        ],
        [Plot("ingest", "Events over POST /lineage", "events a second", drawn, is_log=True)],
        [
            table(("", "events/s", "p50, ms", "p99, ms", "errors", "CPU, µs"), rows),
            f"{found['wrong']} of {found['ended']:,} ended runs have a wrong state; of Marquez's"
            f" {marquez.WRONG_STATES:,} of {marquez.ENDED_RUNS:,}.",
        ],
    )
