"""The command `status`: shows how far the store is on each partition, and what it is made of."""

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, add_kafka, settings_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "show how far the store is on each partition"
    parser = add_command(commands, "status", run, meaning)
    add_kafka(parser)
    add_database(parser)


def run(options: argparse.Namespace) -> None:
    """Print the status; raise ConsumerError."""
    from consumer.ingest.status import table
    from consumer.maintain.describe import describe
    from consumer.source.cluster import Cluster
    from consumer.store.store import Store

    settings = settings_of(options)
    with (
        closing(Cluster(settings)) as cluster,
        closing(Store(settings.database_url, cluster.cluster_id)) as store,
    ):
        print(table(cluster, store))
    print(describe(settings.database_url))
