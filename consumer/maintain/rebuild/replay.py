"""Derives the rows of kept events in the scratch schema, some packs in each transaction."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from consumer.decode.decode import Decoded, Rejection, decode
from consumer.every_minute import EveryMinute
from consumer.maintain.rebuild.scratch import Redirected
from consumer.maintain.session import Session
from consumer.progress import Progress
from consumer.rows.rows import rows_of
from consumer.store.derived import Known, write_derived
from openlineage_avro.schema_registry import SchemaOf

AT_ONCE = 32  # packs, of 32 events each

log = logging.getLogger(__name__)


@dataclass
class Replay:
    """The work that is left; packs that are done are noted in the transaction that does them."""

    session: Session
    connection: Redirected
    schema_of: SchemaOf
    progress: Progress
    known: Known = field(default_factory=Known)
    events: int = 0
    _minute: EveryMinute = field(default_factory=EveryMinute)

    def run(self) -> None:
        """Derive what all packs say that are not done; each transaction of its own."""
        after: int | None = 0
        while after is not None and not self.session.stop.is_set():
            with self.connection.transaction():
                after = self.page(after)
            self.known.values.stored()

    def page(self, after: int) -> int | None:
        """Derive what the next packs say, within a transaction; return the last one's id."""
        packs = self.session.ask("rebuild/packs", after=after, limit=AT_ONCE)
        if not packs:
            return None
        ids: list[int] = [row[0] for row in packs]
        events = [event for _, bodies, raws in packs for event in self._events(bodies, raws)]
        self._write(events)
        self.session.change("rebuild/mark", ids=ids)
        self.events += len(events)
        self.progress.add(len(ids))
        self._tell()
        return max(ids)

    def _events(self, bodies: list[str], raws: list[bytes | None] | None) -> Iterable[Decoded]:
        for body, raw in zip(bodies, raws or [None] * len(bodies), strict=True):
            content = decode(raw or body.encode(), self.schema_of)
            if isinstance(content, Rejection):
                log.warning("a kept event is none to this program: %s", content.reason)
            else:
                yield content

    def _write(self, events: list[Decoded]) -> None:
        """Write what events say; ids of jobs, datasets and lanes are those of the store."""
        rows = rows_of(events, self.known.values)
        ids = self.known.ids
        ids.find(self.connection, rows)
        jobs = [ids.jobs[key] for key in rows.jobs]
        self.session.change("rebuild/copy_jobs", ids=jobs)
        datasets = [ids.datasets[key] for key in rows.datasets]
        self.session.change("rebuild/copy_datasets", ids=datasets)
        self.session.change("rebuild/copy_lanes", jobs=jobs)
        with self.connection.elsewhere():
            write_derived(self.connection, self.known, rows)

    def _tell(self) -> None:
        if self._minute.over() is not None:
            log.info("%s events derived anew so far", f"{self.events:,}")
