"""Shows the figures of what stores events and answers questions: the consumer, SQL, the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import consume, marquez
from benchmarks.report.plots import Bar, number
from benchmarks.report.section import Plot, Section, less, more, table

if TYPE_CHECKING:
    from benchmarks.figures import Figures

COLUMNS = {
    "per_second": "events/s",
    "cpu_us": "CPU, µs",
    "server_cpu_us": "CPU of PostgreSQL, µs",
    "at_rest": "bytes at rest",
    "wal": "bytes of WAL",
    "memory_mb": "memory, MB",
}


def of_consume(found: Figures) -> Section:
    """Show how fast events are stored, and what they take at rest."""
    ways = found["ways"]
    ours, plain = ways[consume.OURS], ways[consume.PLAIN]
    ratios = [
        more("storing, beside plain jsonb rows", ours["per_second"], plain["per_second"], "/ s"),
        less("bytes at rest, beside plain jsonb rows", ours["at_rest"], plain["at_rest"], "B"),
        less(f"bytes at rest, beside {marquez.NAME}", ours["at_rest"], marquez.AT_REST, "B"),
    ]
    if rentgen := ways.get(consume.RENTGEN):
        name = f"storing, beside {consume.RENTGEN}"
        ratios.insert(0, more(name, ours["per_second"], rentgen["per_second"], "/ s"))
    plots = [
        Plot(
            name,
            title,
            unit,
            [
                *(Bar(way, each[part], way.startswith("consumer")) for way, each in ways.items()),
                Bar(marquez.NAME, recorded, False),
            ],
        )
        for name, title, unit, part, recorded in (
            ("stored", "Events stored", "a second", "per_second", marquez.EVENTS_PER_SECOND),
            (
                "rest",
                "An event in PostgreSQL, with indexes",
                "bytes",
                "at_rest",
                marquez.AT_REST,
            ),
        )
    ]
    rows = [[name, *(way[part] for part in COLUMNS)] for name, way in ways.items()]
    about = f"{found['events']:,} events of Airflow, {found['server']}:"
    return Section(ratios, plots, [about, table(("", *COLUMNS.values()), rows)])


def of_lineage(found: Figures) -> Section:
    """Show what walks through large graphs take."""
    questions = found["questions"]
    compared = list(zip(questions, marquez.LINEAGE_MS, strict=False))
    drawn = [
        bar
        for each, recorded in compared
        for bar in (
            Bar(each["name"], each["analysed"], True),
            Bar(f"the same, {marquez.NAME}", recorded, False),
        )
    ]
    recorded = [*marquez.LINEAGE_MS, *[""] * (len(questions) - len(compared))]
    rows = [
        [each["name"], f"{each['rows']:,}", each["fresh"], each["analysed"], other]
        for each, other in zip(questions, recorded, strict=True)
    ]
    return Section(
        [
            less(f"lineage: {each['name']}, beside {marquez.NAME}", each["analysed"], other, "ms")
            for each, other in compared
        ],
        [Plot("lineage", "All that is downstream", "milliseconds", drawn, is_log=True)],
        [
            table(("", "rows", "without statistics, ms", "ms", f"{marquez.NAME}, ms"), rows),
            "Marquez's are of `GET /lineage` with depth 20 on graphs of nearly these sizes, and the"
            " last two were given up after that time; ours are of the SQL functions, all levels.",
        ],
    )


def of_api(found: Figures) -> Section:
    """Show what the API takes for graphs, and what readers take from the consumer."""
    alone, *beside = found["readers"]
    drawn = [Bar(each["name"], each["get_ms"], True) for each in found["graphs"]]
    rows = [
        [each["name"], f"{each['nodes']:,}", f"{each['kb']:,}", each["edges_ms"], each["get_ms"]]
        for each in found["graphs"]
    ]
    return Section(
        [
            more(
                f"the consumer beside {_readers(each)}, and alone",
                each["per_second"],
                alone["per_second"],
                "/ s",
            )
            for each in beside
        ],
        [Plot("api", "GET /lineage of the whole graph", "milliseconds", drawn)],
        [
            table(("GET /lineage", "nodes", "KB", "its SQL, ms", "the answer, ms"), rows),
            *(
                f"Beside a consumer that stored {number(each['per_second'])} events a second"
                f" {_readers(each)} got {number(each['answers'])} answers a second: half"
                f" within {number(each['p50'])} ms, 99 of 100 within {number(each['p99'])} ms."
                for each in beside
            ),
        ],
    )


def _readers(measured: Figures) -> str:
    """Say who read: as many, and how."""
    pause = measured["pause"]
    how = f"who pause {number(pause)} s after each answer" if pause else "who never pause"
    return f"{measured['readers']} readers of the API {how}"
