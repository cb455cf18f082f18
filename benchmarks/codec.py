"""Measures the codec's size and speed against what the installed OpenLineage client does.

    python -m benchmarks.codec                 # both
    python -m benchmarks.codec --events 20000  # a longer day

Size: a day of Airflow events (benchmarks/day.py), as Kafka stores them. Airflow's processes send
one or two events each, so that most batches hold one record. Speed: one task event of 5.7 KB.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import fastavro
from openlineage.client.serde import Serde

from benchmarks import figures
from benchmarks.day import day, sources
from demo.record_batch import batch_size, json_record, our_record
from openlineage_avro import decode, encode
from openlineage_avro.codec import schemas
from openlineage_avro.event.plain import to_dict
from tests.support import corpus
from tests.support.objects import event_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.figures import Figures
    from openlineage_avro.record.record import Record

BATCH = 1000
OURS, JSON, FASTAVRO = "openlineage-avro", "OpenLineage's Serde.to_json", "fastavro"


def size(count: int) -> Figures:
    """Print what a day of events costs, as JSON and as Avro; return it."""
    events = list(day(count))
    print(f"Size: {len(events)} events cloned from {' and '.join(sources())}; bytes per event\n")
    records = {
        "OpenLineage JSON": [json_record(event, Serde.to_json(event)) for event in events],
        OURS: [our_record(event) for event in events],
    }
    print(f"{'':18}{'value':>9}{'alone':>9}{'alone, zstd':>13}{f'{BATCH} in a batch, zstd':>25}")
    sizes = {name: _sizes(made) for name, made in records.items()}
    for name, row in sizes.items():
        print(f"{name:18}{row[0]:9.0f}{row[1]:9.0f}{row[2]:13.0f}{row[3]:25.1f}")
    theirs, ours = sizes.values()
    print(f"\nAvro alone with zstd, the transport's default: {ours[2]:.0f} bytes")
    print(f"  {theirs[1] / ours[2]:.2f} times smaller than what OpenLineage's transport sends")
    print(f"  {theirs[2] / ours[2]:.2f} times smaller than the same with zstd")
    return {"events": len(events), "bytes": {"JSON": theirs, "Avro": ours}}


def _sizes(records: list[Record]) -> list[float]:
    batches = [records[i : i + BATCH] for i in range(0, len(records), BATCH)]
    return [
        statistics.mean(len(record.value) for record in records),
        statistics.mean(batch_size([record], "none") for record in records),
        statistics.mean(batch_size([record], "zstd") for record in records),
        sum(batch_size(batch, "zstd") for batch in batches) / len(records),
    ]


def speed() -> Figures:
    """Print how long one event takes each way, next to the client's JSON and to fastavro.

    Returns microseconds.
    """
    event = _typical_event()
    obj = event_object(event)
    message = encode(obj)
    text = Serde.to_json(obj)
    parsed = fastavro.parse_schema(schemas.parsed(schemas.newest()))
    body = message[10:]
    record: Any = fastavro.schemaless_reader(io.BytesIO(body), parsed, None)
    print(f"Speed: a task event of {len(text)} bytes as JSON, {len(message)} as Avro\n")
    theirs = _report(JSON, lambda: Serde.to_json(obj))
    ours = _report("encode: event object to message", lambda: encode(obj))
    _report("  of it the event to a dict", lambda: to_dict(obj))
    writer = _report("fastavro, from a ready record", lambda: _fastavro_write(parsed, record))
    print(f"first event of a process, imports included{_first_event(text) * 1e3:8.1f} ms")
    print(f"  encode is {theirs / ours:.1f} times faster than Serde.to_json\n")
    loads = _report("json.loads", lambda: json.loads(text))
    back = _report("decode: message to dict", lambda: decode(message))
    reader = _report(
        "fastavro, to a record",
        lambda: fastavro.schemaless_reader(io.BytesIO(body), parsed, None),
    )
    print(f"  decode is {reader / back:.1f} times faster than fastavro's reader")
    seconds = {
        "encode": {
            "openlineage-avro": ours,
            JSON: theirs,
            FASTAVRO: writer,
        },
        "decode": {OURS: back, "json.loads": loads, FASTAVRO: reader},
    }
    return {
        way: {name: 1e6 * each for name, each in taken.items()} for way, taken in seconds.items()
    }


FIRST_EVENT = """
import json, sys, time
event = json.load(sys.stdin)
begin = time.perf_counter()
from openlineage_avro import encode
encode(event)
print(time.perf_counter() - begin)
"""


def _first_event(text: str) -> float:
    """Return the seconds that the first event of a fresh process takes, imports included."""
    command = [sys.executable, "-c", FIRST_EVENT]
    return min(
        float(
            subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
        )
        for _ in range(5)
    )


def _fastavro_write(parsed: Any, record: Any) -> None:
    fastavro.schemaless_writer(io.BytesIO(), parsed, record)


def _typical_event() -> dict[str, Any]:
    """Return the captured task event whose JSON is nearest to 5.7 KB."""
    tasks = [e for e in corpus.events(sources()[-1]) if "airflow" in e["run"]["facets"]]
    return min(tasks, key=lambda event: abs(len(Serde.to_json(event)) - 5_700))


def _report(name: str, call: Callable[[], object]) -> float:
    seconds = min(_per_call(call) for _ in range(15))
    print(f"{name:34}{seconds * 1e6:8.1f} us")
    return seconds


def _per_call(call: Callable[[], object], repeat: int = 300) -> float:
    begin = time.perf_counter()
    for _ in range(repeat):
        call()
    return (time.perf_counter() - begin) / repeat


def main() -> None:
    """Run both measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=5_000, help="events in the day")
    figures.add_option(parser)
    options = parser.parse_args()
    sizes = size(options.events)
    print()
    figures.write(options, {**sizes, "microseconds": speed()})


if __name__ == "__main__":
    main()
