"""Posts what comes on topics to an endpoint, and commits what it has taken: at least once."""

import logging
import threading

from consumer.decode.canonical import canonical_json
from consumer.decode.decode import Decoded, Rejection, decode
from consumer.errors import ConsumerError
from consumer.forward.http_target import HttpTarget
from consumer.forward.minute import Minute
from consumer.forward.pause import Stopped
from consumer.record import Partition, Record
from consumer.source.follow import Follower, Moved
from openlineage_avro.schema_registry import SchemaOf

log = logging.getLogger(__name__)


class Relay:
    """One forwarder at work; `stop` may be set from a signal handler."""

    def __init__(
        self, source: Follower, target: HttpTarget, stop: threading.Event, schema_of: SchemaOf
    ) -> None:
        """Take what is read, and who gets it."""
        self._source = source
        self._target = target
        self._stop = stop
        self._schema_of = schema_of
        self.count = 0
        self._minute = Minute()

    def run(self, *, stop_at_end: bool = False) -> None:
        """Pass on until `stop` is set, or all that is on the topics now; raise ConsumerError."""
        ends = self._ends() if stop_at_end else None
        try:
            while not self._stop.is_set():
                records = self._source.poll()
                self._pass_on(records)
                self._minute.look(self.count)
                if ends is not None and not records and self._source.has_reached(ends):
                    return
        except Stopped:
            self._source.commit()

    def _ends(self) -> dict[Partition, int]:
        return self._source.ends(self._source.there().readable)

    def _pass_on(self, records: list[Record]) -> None:
        try:
            for record in records:
                self._take(record)
                self._source.done(record)
        except Moved:
            log.info("the group shares its partitions out anew; asking again")
        except ConsumerError:
            self._source.commit()
            raise
        self._source.commit()

    def _take(self, record: Record) -> None:
        if record.value is None:
            return
        content = decode(record.value, self._schema_of)
        if isinstance(content, Rejection):
            log.warning(
                "%s, offset %d: no event: %s", record.partition, record.offset, content.reason
            )
            return
        self._target.take([exact_text(content)], [_place(record)])
        self.count += 1


def exact_text(content: Decoded) -> str:
    """Return the JSON text of an event, with every digit that was sent."""
    return content.json if content.is_exact else canonical_json(content.event)


def _place(record: Record) -> dict[str, object]:
    return {
        "topic": record.partition.topic,
        "partition": record.partition.number,
        "offset": record.offset,
    }
