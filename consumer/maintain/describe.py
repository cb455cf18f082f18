"""Tells what a store is made of."""

from contextlib import closing

from consumer.sql import query
from consumer.store.database import connect, translated, where_of


def describe(database_url: str) -> str:
    """Return the store's events, its months and how bodies are compressed; raise StoreProblem."""
    with closing(connect(database_url)) as connection, translated(where_of(database_url)):
        (row,) = connection.execute(query("maintain/describe")).fetchall()
    compression, events, in_default, oldest, newest = row
    months = f"{oldest:%Y-%m} to {newest:%Y-%m}" if oldest else "none"
    return (
        f"events: {events}, bodies compressed with {compression}\n"
        f"partitions of months: {months}; {in_default} events in the default partition"
    )
