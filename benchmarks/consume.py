"""Measures the consumer from a real topic into a real database, beside Data.Rentgen and plain rows.

    python -m benchmarks.consume                   # on services that it starts
    python -m benchmarks.consume --events 200000   # a longer day

KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name services to use instead (DATABASE_URL's role must be
allowed to create databases). Plain rows: one jsonb row for each JSON event, no duplicates found,
nothing derived. Data.Rentgen gets at most 20,000 events and, unlike the others, no Kafka.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import psutil
import psycopg
from kafka import KafkaConsumer, TopicPartition

from benchmarks import consumers, figures, stage, topics
from benchmarks.consumers import Sample, Watched
from benchmarks.data_rentgen import BATCH, DataRentgen
from benchmarks.day import sources
from benchmarks.figures import Figures
from benchmarks.stage import PARTITIONS, Row, Stage
from consumer.settings import BATCH_RECORDS

MOST_FOR_DATA_RENTGEN = 20_000  # at 350 events a second more would only take longer
LARGE = 200_000  # events from which on the limit for bytes at rest is the lower one
OURS, JSON, PAIR = "consumer, Avro", "consumer, JSON", "consumer, Avro, 2 processes"
PLAIN, RENTGEN = "plain jsonb rows", "Data.Rentgen 0.7.2"


@dataclass(frozen=True)
class Way:
    """One way to store so many events: what prepares its database, and what stores them there."""

    events: int
    prepare: Callable[[str], None]
    store: Callable[[str], Watched]


@dataclass(frozen=True)
class Result:
    """What a way took for an event; the tables' rows are those of TABLES."""

    per_second: float
    cpu_us: float
    server_cpu_us: float
    at_rest: float
    wal: float
    memory_mb: float
    tables: list[Row]

    def all_cpu_us(self) -> float:
        """Return microseconds of CPU time an event, PostgreSQL's included."""
        return self.cpu_us + self.server_cpu_us


def main() -> None:
    """Store the same events each way; print what each took, the goals, and the tables."""
    options = _options()
    with stage.stage(options.postgres) as services, _ways(services, options) as ways:
        print(
            f"{options.events:,} Airflow events cloned from {' and '.join(sources())},"
            f" {PARTITIONS} partitions\n{services.postgres.describe()}; transactions of"
            f" {BATCH_RECORDS:,} events, Data.Rentgen's of {BATCH}\n\n{HEAD}"
        )
        results = {}
        for name, way in ways.items():
            results[name] = measured(services, way)
            print(_line(name, results[name]), flush=True)
        print(*_goals(results, options.events, services.postgres.has_lz4()), sep="\n")
        figures.write(options, _figures(options.events, services.postgres.describe(), results))
    for name in () if options.without_tables else (OURS, PLAIN, RENTGEN):
        if name in results:
            print(*_tables(name, results[name].tables), sep="\n")


def _figures(events: int, server: str, results: dict[str, Result]) -> Figures:
    ways = {name: asdict(result) for name, result in results.items()}
    return {"events": events, "server": server, "ways": ways, "ours": OURS, "pair": PAIR}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=20_000, help="how many (default: 20000)")
    parser.add_argument(
        "--python",
        help="Python 3.12 or later, for Data.Rentgen (default: ours, else one that uv finds)",
    )
    parser.add_argument(
        "--without-data-rentgen", action="store_true", help="measure the other ways alone"
    )
    parser.add_argument(
        "--without-tables", action="store_true", help="leave out what each table takes"
    )
    stage.add_options(parser)
    figures.add_option(parser)
    return parser.parse_args()


@contextmanager
def _ways(services: Stage, options: argparse.Namespace) -> Iterator[dict[str, Way]]:
    """Fill the topics, and yield the ways to store what is on them."""
    ways = {}
    with (
        stage.topic(services.kafka) as avro,
        stage.topic(services.kafka) as json,
        tempfile.TemporaryDirectory() as folder,
    ):
        if not options.without_data_rentgen:
            DataRentgen.check(services.postgres)
            count = min(options.events, MOST_FOR_DATA_RENTGEN)
            rentgen = DataRentgen(options.python, topics.events(count), Path(folder))
            ways[RENTGEN] = Way(count, rentgen.prepare, rentgen.save)
        topics.fill(services.kafka, avro, "Avro", options.events)
        topics.fill(services.kafka, json, "JSON", options.events)
        for name, topic, processes in ((OURS, avro, 1), (PAIR, avro, 2), (JSON, json, 1)):
            take = partial(consumers.store, services, topic=topic, processes=processes)
            ways[name] = Way(options.events, consumers.migrate, take)
        insert = partial(insert_plainly, services.kafka, json)
        ways[PLAIN] = Way(options.events, prepare_plainly, insert)
        yield ways


def measured(services: Stage, way: Way) -> Result:
    """Store events one way, in a new database; raise DemoError where some are left out."""
    with stage.database(services.postgres) as url:
        way.prepare(url)
        before, cpu = _written(url), services.postgres.cpu_seconds()
        seen = way.store(url)
        seen.check(way.events)
        after, cpu = _written(url), services.postgres.cpu_seconds() - cpu
        wal, at_rest = ((b - a) / way.events for a, b in zip(before, after, strict=True))
        tables = [(name, *(size / way.events for size in row)) for name, *row in _sizes(url)]
        cpu *= 1e6 / way.events
    memory = seen.memory_mb()
    return Result(seen.per_second(), seen.cpu_us(), cpu, at_rest, wal, memory, tables)


def _written(url: str) -> tuple[int, int]:
    """Return the bytes of WAL that the server has written, and the size of the database."""
    ((wal, size),) = stage.rows(
        url, "SELECT pg_current_wal_lsn() - '0/0', pg_database_size(current_database())"
    )
    return int(wal), int(size)


# A partitioned table's partitions together: bytes of rows, of values kept apart, of indexes.
TABLES = """
    SELECT coalesce(pg_partition_root(oid), oid)::regclass::text,
        sum(pg_relation_size(oid))::float8,
        sum(pg_table_size(oid) - pg_relation_size(oid))::float8,
        sum(pg_indexes_size(oid))::float8
    FROM pg_class
    WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    GROUP BY 1 ORDER BY sum(pg_total_relation_size(oid)) DESC, 1"""


def _sizes(url: str) -> list[Row]:
    return stage.rows(url, TABLES)


def prepare_plainly(url: str) -> None:
    """Make the one table of plain rows."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE plain (event jsonb NOT NULL)")


def insert_plainly(servers: str, topic: str, url: str) -> Watched:
    """Make a row of each JSON event, in transactions as large as the consumer's."""
    source = KafkaConsumer(bootstrap_servers=servers, max_poll_records=BATCH_RECORDS)
    partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    source.assign(partitions)
    source.seek_to_beginning()
    left = sum(source.end_offsets(partitions).values())
    samples: list[Sample] = []
    stored = 0
    with psycopg.connect(url) as connection:
        while stored < left:
            polled = source.poll(timeout_ms=1000)
            values = [(record.value.decode(),) for some in polled.values() for record in some]
            connection.cursor().executemany("INSERT INTO plain VALUES (%s)", values)
            connection.commit()
            stored += len(values)
            memory = stage.resident_bytes(psutil.Process())
            samples.append(Sample(time.perf_counter(), stored, time.process_time(), memory))
    source.close()
    return Watched(samples)


HEAD = f"""{"":28}{"events":>9}{"CPU us":>9}{"CPU us":>12}{"at rest":>10}{"WAL":>10}{"memory":>9}
{"":28}{"/ s":>9}{"/ event":>9}{"PostgreSQL":>12}{"B / event":>10}{"B / event":>10}{"MB":>9}"""


def _line(name: str, result: Result) -> str:
    return (
        f"{name:28}{result.per_second:9,.0f}{result.cpu_us:9,.0f}{result.server_cpu_us:12,.0f}"
        f"{result.at_rest:10,.0f}{result.wal:10,.0f}{result.memory_mb:9,.0f}"
    )


def _goals(results: dict[str, Result], events: int, has_lz4: bool) -> Iterator[str]:
    """Yield what was reached beside each goal and moonshot."""
    ours = results[OURS]
    yield f"\n{'goals (Avro)':44}{'reached':>9}{'goal':>9}{'moonshot':>17}"
    if RENTGEN in results:
        ratio = ours.per_second / results[RENTGEN].per_second
        yield _at_least("times the speed of Data.Rentgen", ratio, 10, 15)
        # Says the same on a machine that has other work as well.
        ratio = results[RENTGEN].all_cpu_us() / ours.all_cpu_us()
        yield f"{'  less CPU than it takes, all processes':44}{ratio:9.2f}"
    ratio = ours.per_second / results[PLAIN].per_second
    yield _at_least("times the speed of plain rows", ratio, 1, 1.5)
    ratio = results[PAIR].per_second / ours.per_second
    yield f"{'2 processes, times the speed of one':44}{ratio:9.2f}"
    limit = (900 if events >= LARGE else 1000) if has_lz4 else 2000
    yield _at_most(f"B at rest {'with' if has_lz4 else 'without'} lz4", ours.at_rest, limit)
    yield _at_most("B of WAL", ours.wal, 2000)


def _at_least(name: str, reached: float, goal: float, moonshot: float) -> str:
    verdicts = (f"{limit:g}: {_met(reached >= limit)}" for limit in (goal, moonshot))
    return f"{name:44}{reached:9.2f}" + "".join(f"{verdict:>16}" for verdict in verdicts)


def _at_most(name: str, reached: float, goal: float) -> str:
    return f"{name:44}{reached:9,.0f}{f'{goal:,}: {_met(reached <= goal)}':>16}"


def _met(is_met: bool) -> str:
    return "met" if is_met else "not met"


def _tables(name: str, tables: list[Row]) -> Iterator[str]:
    """Yield the tables that have a hundredth of all bytes, and the others together."""
    yield f"\n{f'{name}: B / event':44}{'rows':>9}{'apart':>9}{'indexes':>9}{'all':>9}"
    rest = [0.0, 0.0, 0.0]
    for table, *sizes in tables:
        if sum(sizes) >= sum(sum(each[1:]) for each in tables) / 100:
            yield _table(table, sizes)
        else:
            rest = [a + b for a, b in zip(rest, sizes, strict=True)]
    if any(rest):
        yield _table("all others", rest)


def _table(name: str, sizes: list[float]) -> str:
    return f"  {name:42}" + "".join(f"{size:9,.0f}" for size in (*sizes, sum(sizes)))


if __name__ == "__main__":
    sys.exit(stage.run(main))
