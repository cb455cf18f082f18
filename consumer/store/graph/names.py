"""Writes which names belong to one dataset, when they were used, and what became of the dataset."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from consumer.rows.edges import SYMLINKS
from consumer.rows.graph import Dataset, Graph
from consumer.sql import query
from consumer.store.database import Connection, send
from consumer.store.ids import Ids


class LinkRow(NamedTuple):
    """A row of lineage_store.dataset_links."""

    from_id: int
    to_id: int
    kind: str
    first_event_at: datetime
    last_event_at: datetime


class UseRow(NamedTuple):
    """What lineage_store.datasets keeps of the use of a name."""

    dataset_id: int
    named_since: datetime
    named_at: datetime
    state: str | None
    state_at: datetime | None
    state_hash: UUID | None


def write_use(connection: Connection, graph: Graph, ids: Ids) -> None:
    """Merge when names were first and last used, and the states of their datasets."""
    nothing = (None, None, None)
    uses = []
    for key, span in graph.named.items():
        last = graph.lifecycles.get(key)
        state = (last.state, last.event_time, last.event_hash) if last else nothing
        uses.append(UseRow(ids.datasets[key], *span, *state))
    send(connection, "names/merge_use", uses)


def write_links(connection: Connection, graph: Graph, ids: Ids) -> None:
    """Merge the joins of names, and what follows for the groups that they make.

    A new join locks lineage_store.dataset_groups until the end of the transaction; a repeated one,
    as nearly all are, does not.
    """
    links = [
        LinkRow(
            from_id=ids.datasets[link.owner],
            to_id=ids.datasets[link.other],
            kind=link.kind.value,
            first_event_at=span.first,
            last_event_at=span.last,
        )
        for link, span in graph.links.items()
    ]
    new = send(connection, "names/insert_links", links)
    if len(new) < len(links):
        send(connection, "names/widen_links", links)
    owners = [
        ids.datasets[owner.dataset]
        for owner, facet in graph.statements
        if facet == SYMLINKS and isinstance(owner, Dataset)
    ]
    if owners:
        changed = connection.execute(query("names/withdraw_links"), {"owners": owners}).fetchall()
        if changed:
            ids_of_changed = sorted({each for pair in changed for each in pair})
            connection.execute(query("names/regroup"), {"ids": ids_of_changed})
    if new:
        from_ids, to_ids = map(list, zip(*new, strict=True))
        connection.execute(query("names/join"), {"from_ids": from_ids, "to_ids": to_ids})
