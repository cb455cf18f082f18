"""Tries rejected records again, with what is known now: a registry, a newer version."""

from collections import Counter
from collections.abc import Sequence

from consumer.decode.batch import Content
from consumer.decode.decode import Kind, Rejection, decode
from consumer.errors import EventRefused
from consumer.store.offsets import Outcome
from consumer.store.rejected import RejectedRecord, RejectedRecords, Selection
from openlineage_avro.schema_registry import SchemaOf


def retry(rejected: RejectedRecords, selection: Selection, schema_of: SchemaOf) -> Counter[Outcome]:
    """Store what has become readable, each once; return how many records became what.

    Raises RegistryProblem and StoreProblem; what was stored until then stays.
    """
    outcomes: Counter[Outcome] = Counter()
    for page in rejected.select(selection):
        contents = [decode(record.value, schema_of) for record in page]
        outcomes += _store(rejected, page, contents)
    return outcomes


def _store(
    rejected: RejectedRecords, records: Sequence[RejectedRecord], contents: Sequence[Content]
) -> Counter[Outcome]:
    """Store records together, or one by one if PostgreSQL cannot hold the event of one."""
    try:
        return rejected.store(records, contents)
    except EventRefused as exc:
        if len(records) == 1:
            return rejected.store(
                records, [Rejection(str(exc), records[0].framing, Kind.POSTGRESQL)]
            )
    outcomes: Counter[Outcome] = Counter()
    for record, content in zip(records, contents, strict=True):
        outcomes += _store(rejected, [record], [content])
    return outcomes
