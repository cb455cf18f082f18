"""Takes names of datasets apart that events joined wrongly."""

from contextlib import closing
from typing import NamedTuple

from consumer.errors import NotFound
from consumer.sql import query
from consumer.store.database import Connection, connect, translated, where_of


class Names(NamedTuple):
    """Two names of datasets; a namespace may be None where the name alone is enough."""

    namespace: str | None
    name: str
    other_namespace: str | None
    other_name: str

    def __str__(self) -> str:
        """Return what messages call them."""
        return f"{_shown(self.namespace, self.name)} and {_shown(*self[2:])}"


def separate_names(database_url: str, names: Names, *, is_apart: bool = True) -> Names:
    """Take two names apart, for good, or let what joined them count again; return them in full.

    Raises NotFound where no event joins such names, or several pairs; StoreProblem where this user
    may not.
    """
    with (
        closing(connect(database_url)) as connection,
        translated(where_of(database_url)),
        connection.transaction(),
    ):
        linked = _linked(connection, names)
        connection.execute(query("names/separate"), {**linked._asdict(), "is_apart": is_apart})
    return linked


def _linked(connection: Connection, names: Names) -> Names:
    rows = connection.execute(query("names/linked"), names._asdict()).fetchall()
    found = [Names(*row) for row in rows]
    if not found:
        raise NotFound(
            f"no event joins {names}: expected two names that a facet symlinks or"
            " lifecycleStateChange joins; `query names NAME` lists the names of a dataset"
        )
    if len(found) > 1:
        listed = "; ".join(map(str, sorted(found)))
        raise NotFound(f"{names}: give --namespace and --other-namespace, there are: {listed}")
    return found[0]


def _shown(namespace: str | None, name: str) -> str:
    return repr(name if namespace is None else f"{namespace}:{name}")
