"""`separate-names` takes names apart that events joined wrongly."""

import subprocess

from consumer.store.store import Store
from tests.integration.consumer.sql.test_statements import dataset, run
from tests.support.storing import command, put, rows


def separate(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return command("separate-names", *arguments, DATABASE_URL=url)


def joined(name: str, *others: str) -> dict[str, object]:
    """Return a dataset with symlinks to others, as namespace:name."""
    pairs = [other.split(":") for other in others]
    identifiers = [{"namespace": space, "name": name, "type": "TABLE"} for space, name in pairs]
    return dataset(name, symlinks={"identifiers": identifiers})


def test_names_are_taken_apart_and_joined_again(store: Store, store_url: str) -> None:
    put(store, [run("load", ["raw"], [joined("s3:path", "hive:t")])])
    upstream = "SELECT count(*) FROM lineage.upstream('t')"
    assert rows(store_url, upstream) == [(2,)]
    done = separate(store_url, "path", "t")
    assert (done.returncode, done.stdout) == (0, "'s3:path' and 'hive:t': taken apart\n")
    assert rows(store_url, upstream) == [(0,)]
    again = separate(store_url, "t", "path", "--undo")
    assert again.stdout == "'hive:t' and 's3:path': what joins them counts again\n"
    assert rows(store_url, upstream) == [(2,)]


def test_names_that_nothing_joins_or_that_stand_for_several(store: Store, store_url: str) -> None:
    put(store, [run("load", ["raw"], [joined("s3:path", "hive:t", "glue:t")])])
    done = separate(store_url, "path", "raw")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "openlineage-avro-consumer: no event joins 'path' and 'raw': expected two names"
    )
    done = separate(store_url, "path", "t")
    assert done.returncode == 1
    assert "there are: 's3:path' and 'glue:t'; 's3:path' and 'hive:t'" in done.stderr
    done = separate(store_url, "path", "t", "--other-namespace", "glue")
    assert done.stdout == "'s3:path' and 'glue:t': taken apart\n"
