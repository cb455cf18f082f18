"""The command `openlineage-avro`: look into messages, write them, send what waits on disk."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from openlineage_avro.codec.codec import encode
from openlineage_avro.config.command_line import add_kafka_options, client_settings
from openlineage_avro.errors import OpenLineageAvroError
from openlineage_avro.schema_registry import Registry, schemas_of
from openlineage_avro.tools import spool
from openlineage_avro.tools.costs import Costs
from openlineage_avro.tools.doctor.command import add_command as add_doctor
from openlineage_avro.tools.messages import (
    Message,
    described,
    event_of,
    from_files,
    from_text,
    from_topic,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns 1 if any message could not be read, 2 if nothing could."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever reads us has seen enough
        return 141
    except (OpenLineageAvroError, OSError) as exc:
        print(f"openlineage-avro: {exc}", file=sys.stderr)
    except Exception as exc:
        if not type(exc).__module__.startswith("kafka."):
            raise
        print(f"openlineage-avro: Kafka: {type(exc).__name__}: {exc}", file=sys.stderr)
    return 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(prog="openlineage-avro", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    decode = commands.add_parser("decode", help="print messages as OpenLineage JSON, one a line")
    _add_sources(decode)
    decode.add_argument(
        "--meta", action="store_true", help="with key, partition, offset, framing and sizes"
    )
    decode.add_argument("--follow", action="store_true", help="wait for more messages of the topic")
    decode.set_defaults(run=_decode)
    encoder = commands.add_parser("encode", help="turn OpenLineage JSON lines into messages")
    encoder.add_argument("files", nargs="*", default=["-"], help="JSON lines; - is standard input")
    encoder.add_argument(
        "--format",
        choices=("hex", "length-prefixed", "raw"),
        default="hex",
        help="hex: a message a line; length-prefixed: 4 bytes, then the message; raw: of one event",
    )
    encoder.set_defaults(run=_encode)
    stats = commands.add_parser("stats", help="show what messages cost, by event type and facet")
    _add_sources(stats)
    stats.set_defaults(run=_stats, follow=False)
    spool.add_commands(commands)
    add_doctor(commands)
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", help="one message, or lines of hex or JSON; - is standard input"
    )
    parser.add_argument(
        "--length-prefixed", action="store_true", help="messages as kcat -f '%%R%%s' writes them"
    )
    parser.add_argument("--hex", action="append", default=[], help="a message in hexadecimal")
    parser.add_argument("--topic", help="read a Kafka topic from its beginning")
    parser.add_argument(
        "--schema-registry-url",
        help="for messages in the Confluent wire format (default: $SCHEMA_REGISTRY_URL);"
        " its login: $SCHEMA_REGISTRY_USERNAME, _PASSWORD, _CA_FILE",
    )
    add_kafka_options(parser)


def _messages(options: argparse.Namespace) -> Iterator[Message]:
    for number, text in enumerate(options.hex, 1):
        yield from_text(text.encode(), f"--hex {number}")
    if options.topic:
        yield from from_topic(options.topic, client_settings(options), options.follow)
    if options.files or not (options.topic or options.hex):
        yield from from_files(options.files or ["-"], options.length_prefixed)


class _Reader:
    """Reads messages one by one; says on standard error which it could not read, and goes on."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.failed = options, 0
        registry = Registry.of_environment(options.schema_registry_url)
        self.schema_of = schemas_of(registry)

    def __iter__(self) -> Iterator[tuple[Message, dict[str, Any]]]:
        for message in _messages(self.options):
            event = self._event(message)
            if event is not None:
                yield message, event

    def _event(self, message: Message) -> dict[str, Any] | None:
        try:
            return event_of(message, self.schema_of)
        except OpenLineageAvroError as exc:
            self.failed += 1
            print(f"{message.where}: {exc}", file=sys.stderr)
            return None

    def status(self) -> int:
        return 1 if self.failed else 0


def _decode(options: argparse.Namespace) -> int:
    reader = _Reader(options)
    for message, event in reader:
        print(json.dumps(described(message, event) if options.meta else event), flush=True)
    return reader.status()


def _encode(options: argparse.Namespace) -> int:
    options.hex, options.topic, options.length_prefixed = [], None, False
    options.schema_registry_url = None
    reader = _Reader(options)
    for number, (_message, event) in enumerate(reader):
        if options.format == "raw" and number:
            raise OpenLineageAvroError("--format raw: expected one event, got more")
        value = encode(event)
        if options.format == "hex":
            print(value.hex())
        else:
            prefix = len(value).to_bytes(4, "big") if options.format == "length-prefixed" else b""
            sys.stdout.buffer.write(prefix + value)
    return reader.status()


def _stats(options: argparse.Namespace) -> int:
    reader, costs = _Reader(options), Costs()
    for _message, event in reader:
        costs.add(event)
    for line in costs.lines():
        print(line.encode(errors="backslashreplace").decode())  # names may have lone surrogates
    return reader.status()


if __name__ == "__main__":
    raise SystemExit(main())
