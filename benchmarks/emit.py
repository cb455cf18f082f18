"""Measures what sending costs on a real broker, next to OpenLineage's own KafkaTransport.

    python -m benchmarks.emit              # on a broker that it starts
    python -m benchmarks.emit --rounds 31  # more processes each

KAFKA_BOOTSTRAP_SERVERS names a broker to use instead. Each sample is a process of its own
(benchmarks/emit_sample.py); the ways take turns, so that both see the machine as it was. Both send
the same captured task event, for acknowledgement by all replicas; ours writes to its spool first.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openlineage.client.serde import Serde

from benchmarks import figures, stage
from openlineage_avro import encode
from services.state import REPOSITORY
from tests.support import corpus

PARTITIONS = 3
WARM_UP = 2  # rounds that are not counted: the broker's first requests, the disk's first reads
LATER = 50
OURS, THEIRS = "openlineage_avro.AvroKafkaTransport", "kafka"

# Name of a sample -> (type of transport, forked, imported before the fork).
SAMPLES = {
    "ours": (OURS, False, ""),
    "theirs": (THEIRS, False, ""),
    "ours, forked": (OURS, True, "plugin"),
    "theirs, forked": (THEIRS, True, ""),
    "theirs, forked, imported ahead": (THEIRS, True, "confluent"),
}
Sample = dict[str, float]


def main() -> None:
    """Take all samples and print the medians of each part, and the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="processes each (default: 15)")
    figures.add_option(parser)
    options = parser.parse_args()
    rounds = options.rounds
    event = typical_event()
    sizes = len(Serde.to_json(event)), len(encode(event))
    print(f"Emit: a task event of {sizes[0]:,} bytes as JSON, {sizes[1]:,} as Avro")
    print(f"{rounds} fresh processes each, taking turns; medians of milliseconds\n")
    with (
        stage.broker() as servers,
        stage.topic(servers, PARTITIONS) as name,
        tempfile.TemporaryDirectory() as folder,
    ):
        samples = taken(rounds, servers, name, event, Path(folder))
    for line in report(samples):
        print(line)
    parts = {part: [median(samples[way], part) for way in ("ours", "theirs")] for part, *_ in FRESH}
    forked = {name: median(some, "sent") for name, some in samples.items() if "forked" in name}
    figures.write(options, {"rounds": rounds, "fresh": parts, "forked": forked})


def taken(
    rounds: int, servers: str, topic: str, event: dict[str, Any], folder: Path
) -> dict[str, list[Sample]]:
    """Return `rounds` samples of each kind, taken in turns."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    for number in range(-WARM_UP, rounds):
        kinds = list(SAMPLES)
        # Whoever comes after another way in one round comes before it in the next.
        for name in kinds if number % 2 else reversed(kinds):
            sample = one(name, servers, topic, event, folder)
            if number >= 0:
                samples[name].append(sample)
    return samples


def one(name: str, servers: str, topic: str, event: dict[str, Any], folder: Path) -> Sample:
    """Return the parts of one sample in milliseconds, taken in a process of its own."""
    kind, forked, ahead = SAMPLES[name]
    transport = {"type": kind, "topic": topic} | (
        {"bootstrap_servers": servers, "spool_dir": str(folder / "spool")}
        if kind == OURS
        else {"config": {"bootstrap.servers": servers, "acks": "all"}}
    )
    order = {"transport": transport, "event": event, "later": LATER}
    environment = os.environ | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        # Modules are compiled in the first round and once only, whatever the installation did.
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.emit_sample"],
        input=json.dumps(order | {"forked": forked, "ahead": ahead}),
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    sample = json.loads(done.stdout.splitlines()[-1])  # Airflow prints its log there, too
    later = sample.pop("later")
    sample["sent"] = sample["built"] + sample["first"]
    sample["all"] = sample["client"] + sample["sent"]
    if later:
        sample["median"] = statistics.median(later)
        sample["p95"] = statistics.quantiles(later, n=20)[-1]
    return {part: float(value) for part, value in sample.items()}


# Part of a sample, its name in the report, and the goal: a limit of ours or of the ratio.
FRESH = (
    ("client", "import of OpenLineage's client", ""),
    ("built", "import and making of the transport", ""),
    ("first", "first event, until acknowledged", ""),
    ("sent", "transport's import to acknowledged", ""),
    ("all", "the same with the client's import", "1.5 x"),
    ("median", "later events", "3 ms"),
    ("p95", "later events, 95th percentile", ""),
)


def report(samples: dict[str, list[Sample]]) -> Iterator[str]:
    """Yield the lines of the two tables: fresh processes, and forks as Airflow makes them."""
    yield f"{'a fresh process':37}{'ours':>8}{'theirs':>9}{'ratio':>8}   goal"
    for part, name, goal in FRESH:
        ours, theirs = (median(samples[way], part) for way in ("ours", "theirs"))
        figures = f"{ours:8.1f}{theirs:9.1f}{ours / theirs:8.2f}"
        yield f"{name:37}{figures}   {verdict(goal, ours, theirs)}".rstrip()
    yield ""
    ours = median(samples["ours, forked"], "sent")
    yield f"a fork, transport made to acknowledged{ours:7.1f}"
    yield from _forked(samples, ours, "theirs, forked", "theirs, as Airflow does it", "1.0 x")
    yield from _forked(samples, ours, "theirs, forked, imported ahead", "theirs, imported ahead")


def _forked(
    samples: dict[str, list[Sample]], ours: float, kind: str, name: str, goal: str = ""
) -> Iterator[str]:
    theirs = median(samples[kind], "sent")
    figures = f"{'  ' + name:45}{theirs:9.1f}{ours / theirs:8.2f}"
    yield f"{figures}   {verdict(goal, ours, theirs)}".rstrip()


def verdict(goal: str, ours: float, theirs: float) -> str:
    """Return the goal and whether it is met, nothing where there is none."""
    if not goal:
        return ""
    limit, unit = goal.split()
    reached = ours if unit == "ms" else ours / theirs
    return f"{goal}: {'met' if reached <= float(limit) else 'not met'}"


def median(samples: list[Sample], part: str) -> float:
    """Return the median of one part over all samples of a kind."""
    return statistics.median(sample[part] for sample in samples)


def typical_event() -> dict[str, Any]:
    """Return the captured task event whose JSON is nearest to 5.7 KB."""
    tasks = [each for each in corpus.events("airflow-events") if "airflow" in each["run"]["facets"]]
    return min(tasks, key=lambda event: abs(len(Serde.to_json(event)) - 5_700))


if __name__ == "__main__":
    main()
