"""Gives what is stored to somebody else, page by page: neither side holds more than that."""

from collections.abc import Callable, Iterable, Sequence

from consumer.decode.canonical import canonical_json
from consumer.decode.decode import original
from consumer.progress import Progress
from consumer.store.export import StoredEvent
from openlineage_avro.schema_registry import SchemaOf


def replay(
    pages: Iterable[Sequence[StoredEvent]],
    take: Callable[[Sequence[str]], None],
    schema_of: SchemaOf,
    progress: Progress,
) -> None:
    """Give the JSON text of every event, exactly as it was sent, to `take`, in order."""
    for page in pages:
        take([_text(each, schema_of) for each in page])
        progress.add(len(page))


def _text(stored: StoredEvent, schema_of: SchemaOf) -> str:
    if stored.raw is None:
        return stored.body
    return canonical_json(original(None, stored.raw, schema_of))
