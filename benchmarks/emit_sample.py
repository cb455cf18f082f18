"""Takes one sample for benchmarks/emit.py: sends events and prints what each part took.

Reads its order as JSON on standard input: `transport` (its settings), `event`, `later` (how many
more), `forked` (send from a fork of this process, with Airflow imported) and `ahead` (what this
process imports before it forks: plugin, confluent or nothing). Prints milliseconds as JSON.
"""

import gc
import importlib
import json
import os
import sys
import time
from typing import Any


def main() -> None:
    """Take the sample and print it."""
    order = json.load(sys.stdin)
    if order["forked"]:
        sample = _in_a_fork(order)
    else:
        # OpenLineage's transport asks for Airflow's version, which imports all of Airflow.
        sys.modules["airflow"] = None  # type: ignore[assignment]
        sample = _sample(order)
    print(json.dumps(sample))


def _sample(order: dict[str, Any]) -> dict[str, Any]:
    begin = time.perf_counter()
    from openlineage.client.transport import get_default_factory

    imported = time.perf_counter()
    from tests.support.objects import event_object

    event = event_object(order["event"])
    start = time.perf_counter()
    transport = get_default_factory().create(order["transport"])
    built = time.perf_counter()
    transport.emit(event)
    first = time.perf_counter()
    return {
        "client": (imported - begin) * 1e3,
        "built": (built - start) * 1e3,
        "first": (first - built) * 1e3,
        "later": [_timed(transport, event) for _ in range(order["later"])],
    }


def _timed(transport: Any, event: Any) -> float:
    begin = time.perf_counter()
    transport.emit(event)
    return (time.perf_counter() - begin) * 1e3


def _in_a_fork(order: dict[str, Any]) -> dict[str, Any]:
    """Return the sample of a child that ends as Airflow's does: without destructors."""
    importlib.import_module("airflow.version")
    importlib.import_module("openlineage.client")
    importlib.import_module("tests.support.objects").event_object(order["event"])
    _import_ahead(order["ahead"])
    # Else chance decides whose child walks all of Airflow's objects, which takes 150 ms.
    gc.collect()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(_sample({**order, "later": 0})).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    sample: dict[str, Any] = json.loads(text)
    return sample


def _import_ahead(what: str) -> None:
    if what == "plugin":
        importlib.import_module("openlineage_avro.preload").preload()
    elif what == "confluent":
        importlib.import_module("confluent_kafka")


if __name__ == "__main__":
    main()
