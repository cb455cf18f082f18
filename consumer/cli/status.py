"""The command `status`: shows how far the store is on each partition, and what it is made of."""

import argparse
import json
from contextlib import closing
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, add_kafka, settings_of, whole

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add the command and its options."""
    meaning = "show how far the store is on each partition"
    parser = add_command(commands, "status", run, meaning)
    parser.add_argument(
        "--json", action="store_true", help="for programs: lag_records, lag_seconds, partitions"
    )
    parser.add_argument(
        "--max-lag",
        type=whole(0, 2**63 - 1),
        metavar="N",
        help="exit status 1 where more records are not stored",
    )
    parser.add_argument(
        "--max-lag-seconds",
        type=float,
        metavar="S",
        help="exit status 1 where the first of them was sent longer ago",
    )
    add_kafka(parser)
    add_database(parser)


def run(options: argparse.Namespace) -> None:
    """Print the status; raise ConsumerError, also where the lag is above a bound."""
    from consumer.maintain.describe import describe
    from consumer.source.cluster import Cluster
    from consumer.store.migrate import refuse_newer
    from consumer.store.store import Store
    from consumer.watch.lag import check_bounds, longest_seconds, measure, total_records
    from consumer.watch.status import table

    settings = settings_of(options)
    refuse_newer(settings.database_url)
    with (
        closing(Cluster(settings)) as cluster,
        closing(Store(settings.database_url, cluster.cluster_id)) as store,
    ):
        lags = measure(cluster, store)
    described = describe(settings.database_url)
    if options.json:
        said = {
            "lag_records": total_records(lags),
            "lag_seconds": longest_seconds(lags),
            "partitions": [each.as_dict() for each in lags],
            "store": described.as_dict(),
        }
        print(json.dumps(said, indent=2))
    else:
        print(table(lags), described, sep="\n")
    check_bounds(lags, options.max_lag, options.max_lag_seconds)
