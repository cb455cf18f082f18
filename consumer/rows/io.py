"""What runs read and wrote: how much of it, and what checks found in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from consumer.decode.text import storable_text
from openlineage_avro.event.access import at, list_of, object_of

BIGINT_LIMIT = 2**63
# Where statistics stand (facets inputStatistics 1-0-0 and outputStatistics 1-0-2), by direction.
STATISTICS = (("inputFacets", "inputStatistics"), ("outputFacets", "outputStatistics"))
MEMBERS = ("rowCount", "size", "fileCount")


class Counts(NamedTuple):
    """How many rows, bytes and files were read or written; None where nobody said."""

    rows: int | None = None
    bytes: int | None = None
    files: int | None = None

    def merged(self, other: "Counts") -> "Counts":
        """Return the greatest of each."""
        return Counts(*map(_greatest, self, other))


class RunIo(NamedTuple):
    """That a run read or wrote a dataset: the latest time that an event says so, and how much."""

    last_event_at: datetime
    counts: Counts

    def merged(self, other: "RunIo") -> "RunIo":
        """Return the later time and the greatest counts."""
        last = max(self.last_event_at, other.last_event_at)
        return RunIo(last, self.counts.merged(other.counts))


class Check(NamedTuple):
    """What one check found, in a dataset or (facet test of a run) in none that is named."""

    assertion: str
    column_name: str | None
    success: bool | None
    severity: str | None


class CheckRow(NamedTuple):
    """A row of lineage_store.quality_checks; `dataset` is a key."""

    run_id: UUID
    dataset: UUID | None
    check: Check
    event_time: datetime

    def holds_over(self, other: "CheckRow") -> bool:
        """Tell whether this of two results of a check is the later one."""
        return self._order() > other._order()

    def _order(self) -> tuple[datetime, bool, str]:
        return self.event_time, bool(self.check.success), self.check.severity or ""


NOTHING = Counts()


def counts_of(dataset: dict[str, Any], is_output: bool) -> Counts:
    """Return how much of an input or output its statistics say."""
    container, name = STATISTICS[is_output]
    facet = at(dataset.get(container), name)
    if not isinstance(facet, dict):
        return NOTHING
    return Counts(*(_count(facet.get(member)) for member in MEMBERS))


def checks_of(dataset: dict[str, Any]) -> Iterator[Check]:
    """Yield what facet dataQualityAssertions (1-1-0) says; producers put it in either place."""
    for container in ("facets", "inputFacets"):
        for each in list_of(at(dataset.get(container), "dataQualityAssertions", "assertions")):
            if isinstance(assertion := at(each, "assertion"), str):
                success = at(each, "success")
                yield Check(
                    assertion=storable_text(assertion),
                    column_name=_text(at(each, "column")),
                    success=success if isinstance(success, bool) else None,
                    severity=_text(at(each, "severity")),
                )


def tests_of(facets: dict[str, Any]) -> Iterator[Check]:
    """Yield what a run's facet test (1-0-1) says; its status is pass, fail or skip."""
    for each in list_of(at(facets, "test", "tests")):
        if isinstance(name := at(each, "name"), str):
            yield Check(
                assertion=storable_text(name),
                column_name=_text(at(object_of(each.get("params")), "column_name")),
                success={"pass": True, "fail": False}.get(str(each.get("status"))),
                severity=_text(each.get("severity")),
            )


def _count(value: Any) -> int | None:
    """Return a whole number that bigint holds; producers write some of them as floats."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return None
    is_whole = abs(value) < BIGINT_LIMIT and value == int(value)
    return int(value) if is_whole else None


def _text(value: Any) -> str | None:
    return storable_text(value) if isinstance(value, str) else None


def _greatest(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)
