"""The commands `rejected list | show | retry | drop`: records that hold no event."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from consumer.cli.options import (
    add_command,
    add_database,
    add_registry,
    registry_of,
    store_url_of,
    whole,
)
from openlineage_avro.schema_registry import schemas_of

if TYPE_CHECKING:
    from consumer.cli.options import Commands
    from consumer.store.rejected import RejectedRecord, Selection

PARTITION, OFFSET = whole(0, 2**31 - 1), whole(0, 2**63 - 1)
HEX_BYTES = 16  # a line


def add(commands: "Commands") -> None:
    """Add the commands and their options."""
    meaning = "look at records that hold no event, try them again, or forget them"
    rejected = commands.add_parser("rejected", help=meaning)
    nested = rejected.add_subparsers(required=True, metavar="COMMAND", help="what to do with them")
    _add(nested, "list", _list, "one line a record: where it was, and why it was rejected")
    _add(nested, "show", _show, "everything that is kept of a record, its bytes as text or hex")
    retry = _add(nested, "retry", _retry, "store what can be read by now, each once")
    add_registry(retry)
    drop = _add(nested, "drop", _drop, "delete records; without --yes, say how many")
    drop.add_argument("--yes", action="store_true", help="delete them, for good")


def _add(
    commands: "Commands", name: str, run: Callable[[argparse.Namespace], None], meaning: str
) -> argparse.ArgumentParser:
    parser = add_command(commands, name, run, meaning)
    add_database(parser)
    parser.add_argument("--topic", help="only of this topic")
    parser.add_argument("--partition", type=PARTITION, metavar="N", help="only of this one")
    parser.add_argument("--offset", type=OFFSET, metavar="N", help="only the record at this offset")
    parser.add_argument("--reason", metavar="TEXT", help="only those whose reason has this text")
    return parser


def _selection(options: argparse.Namespace) -> "Selection":
    from consumer.store.rejected import Selection

    return Selection(options.topic, options.partition, options.offset, options.reason)


def _selected(options: argparse.Namespace) -> "Iterator[RejectedRecord]":
    from consumer.store.rejected import RejectedRecords

    with closing(RejectedRecords(store_url_of(options))) as rejected:
        for page in rejected.select(_selection(options)):
            yield from page


def _list(options: argparse.Namespace) -> None:
    for record in _selected(options):
        print(f"{_where(record)}: {len(record.value)} bytes, {record.framing}: {record.reason}")


def _show(options: argparse.Namespace) -> None:
    for record in _selected(options):
        print(f"{_where(record)}: {record.reason}")
        print(f"rejected {record.rejected_at}, sent {record.record_time}, key {_text(record.key)}")
        for name, value in zip(record.header_names, record.header_values, strict=True):
            print(f"header {name}: {_text(value)}")
        print(*_lines(record.value), sep="\n")


def _retry(options: argparse.Namespace) -> None:
    from consumer.ingest.retry import retry
    from consumer.store.offsets import Outcome
    from consumer.store.rejected import RejectedRecords

    schema_of = schemas_of(registry_of(options))
    with closing(RejectedRecords(store_url_of(options))) as rejected:
        outcomes = retry(rejected, _selection(options), schema_of)
    print(
        f"{outcomes[Outcome.STORED]} stored, {outcomes[Outcome.DUPLICATE]} were stored before,"
        f" {outcomes[Outcome.REJECTED]} are still rejected"
    )


def _drop(options: argparse.Namespace) -> None:
    from consumer.store.rejected import RejectedRecords

    if not options.yes:
        number = sum(1 for _ in _selected(options))
        print(f"{number} records would be deleted for good: add --yes")
        return
    with closing(RejectedRecords(store_url_of(options))) as rejected:
        print(f"{rejected.drop(_selection(options))} records deleted")


def _where(record: "RejectedRecord") -> str:
    return f"{record.topic} partition {record.partition} offset {record.record_offset}"


def _text(value: bytes | None) -> str:
    """Return bytes as text where they are one that can be printed, else as hex."""
    if value is None:
        return "none"
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return value.hex(" ")
    return text if text.isprintable() else value.hex(" ")


def _lines(value: bytes) -> Iterator[str]:
    text = _text(value)
    if text != value.hex(" "):
        yield text
        return
    for start in range(0, len(value), HEX_BYTES):
        part = value[start : start + HEX_BYTES]
        shown = "".join(chr(each) if 32 <= each < 127 else "." for each in part)
        yield f"{start:08x}  {part.hex(' '):{3 * HEX_BYTES}} {shown}"
