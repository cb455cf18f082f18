"""Says what became of topics: new lives of their partitions, and what was lost."""

import logging

from consumer.record import Partition
from consumer.store.lives import Cause, Gap, TakenUp

log = logging.getLogger(__name__)


def tell(taken_up: TakenUp) -> None:
    """Log each topic that was made anew, each partition that lost records, and each gap."""
    anew = {p.topic: p for p, start in taken_up.starts.items() if start.cause is Cause.MADE_ANEW}
    for topic, partition in sorted(anew.items()):
        log.warning(
            "topic %s was deleted and made anew: the new one, %s, is read from its beginning;"
            " what is stored of the old one stays",
            topic,
            partition.topic_id,
        )
    for partition, gap in sorted(taken_up.lost.items()):
        _tell_gap(partition, gap)
    for partition, start in sorted(taken_up.starts.items()):
        if start.cause is Cause.TORN:
            log.error(
                "Kafka lost records of %s that had been read: what it has is read from its"
                " beginning, offset %d; events that are stored are not stored again",
                partition,
                start.offset,
            )
        if start.gap:
            _tell_gap(partition, start.gap)


def _tell_gap(partition: Partition, gap: Gap) -> None:
    log.error(
        "records were deleted on Kafka before they were read: %s, offsets %d to %d;"
        " lineage.gaps has them",
        partition,
        gap.from_offset,
        gap.to_offset - 1,
    )
