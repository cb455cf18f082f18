"""A backup by pg_dump, restored, goes on exactly where it was taken."""

import os
import subprocess
from pathlib import Path

from services import postgres
from tests.support.storing import Consumer, dump, produce, rows, value


def run(program: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs; it must succeed."""
    done = subprocess.run(
        [postgres.program(program), *arguments],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_restored_backup_goes_on_exactly_once(
    kafka_bootstrap_servers: str, consumer: Consumer, database_url: str, tmp_path: Path
) -> None:
    first = [value(number) for number in range(20)]
    produce(kafka_bootstrap_servers, consumer.topic, [*first, b"garbage"])
    assert consumer.run("run", "--stop-at-end").returncode == 0
    backup = tmp_path / "lineage.dump"
    run("pg_dump", "--format=custom", f"--file={backup}", f"--dbname={consumer.url}")
    # The consumer goes on: the restored store has to read this again, and no event twice.
    produce(kafka_bootstrap_servers, consumer.topic, [value(30), value(3), value(31), None])
    assert consumer.run("run", "--stop-at-end").returncode == 0
    expected = consumer.counted(), dump(consumer.url)
    assert expected[0][1] == 22

    run("pg_restore", "--exit-on-error", f"--dbname={database_url}", backup)
    restored = Consumer(kafka_bootstrap_servers, consumer.topic, database_url)
    assert restored.counted()[1] == 20
    for _ in range(2):
        done = restored.run("run", "--stop-at-end")
        assert done.returncode == 0, done.stderr
        assert (restored.counted(), dump(database_url)) == expected
    assert rows(database_url, "SELECT count(*) FROM lineage.gaps") == [(0,)]
    assert rows(database_url, "SELECT count(*) FROM lineage.rejected") == [(1,)]
    assert restored.run("check").returncode == 0
