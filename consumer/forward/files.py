"""Events in files: JSON lines, also gzipped, and Avro's object container files.

A container file has the shipped schema in its head and blocks of events packed by zstd, so that
whatever reads Avro reads it: Spark, DuckDB, pandas, fastavro. The events in it are the bodies of
the codec, which give back exactly what was sent.
Source: https://avro.apache.org/docs/1.12.0/specification/#object-container-files
"""

import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple, Protocol

import fastavro
from fastavro.write import Writer

from consumer.decode.json_value import json_value
from consumer.decode.message import message_of
from consumer.errors import SettingsError, TargetProblem
from openlineage_avro.codec import schemas
from openlineage_avro.codec.codec import decode_bodies
from openlineage_avro.codec.framing import split_single_object
from openlineage_avro.errors import DecodeError

AVRO_MAGIC, GZIP_MAGIC = b"Obj\x01", b"\x1f\x8b"


class Found(NamedTuple):
    """What is at a place of a file: an event (any JSON value), or the reason why there is none."""

    place: str
    event: Any = None
    problem: str | None = None


class _Block(NamedTuple):
    """A block as fastavro writes it."""

    num_records: int
    bytes_: io.BytesIO


class _Form(Protocol):
    """How events are written to an open file."""

    def write(self, texts: Sequence[str]) -> None: ...

    def close(self) -> None: ...


class _Lines:
    def __init__(self, file: "IO[bytes] | gzip.GzipFile") -> None:
        self._file = file

    def write(self, texts: Sequence[str]) -> None:
        self._file.writelines(f"{text}\n".encode() for text in texts)

    def close(self) -> None:
        self._file.close()


class _Container:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        schema = json.loads(schemas.versions()[schemas.newest()])
        self._writer = Writer(file, fastavro.parse_schema(schema), codec="zstandard")

    def write(self, texts: Sequence[str]) -> None:
        messages = [message_of(json_value(text.encode())) for text in texts]
        bodies = [split_single_object(message)[1] for message in messages]
        self._writer.write_block(_Block(len(bodies), io.BytesIO(b"".join(bodies))))

    def close(self) -> None:
        self._writer.flush()
        self._file.close()


FORMS: dict[str, Callable[[Path], _Form]] = {
    ".avro": lambda path: _Container(path.open("wb")),
    ".ndjson": lambda path: _Lines(path.open("wb")),
    # One level above none: three times as fast as the usual one, and nearly as small.
    ".ndjson.gz": lambda path: _Lines(gzip.GzipFile(path, "wb", compresslevel=1)),
}


class FileTarget:
    """A file that events are written to; it has its name only when it is whole."""

    def __init__(self, path: Path) -> None:
        """Choose the form by the name's ending; raise SettingsError for others, or no right."""
        form = next((form for ending, form in FORMS.items() if path.name.endswith(ending)), None)
        if form is None:
            raise SettingsError(
                f"--to-file: expected a name with {', '.join(FORMS)}, got {path.name}"
            )
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        try:
            self._form = form(self._part)
        except OSError as exc:
            raise SettingsError(f"--to-file: expected a file to write to: {exc}") from exc

    def __enter__(self) -> "FileTarget":
        """Return the open file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the file its name, or remove what there is of it after an error."""
        self._form.close()
        if error is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)

    def take(self, texts: Sequence[str]) -> None:
        """Write events, JSON text each; raise TargetProblem, as where the disk is full."""
        try:
            self._form.write(texts)
        except OSError as exc:
            raise TargetProblem(f"{self._path}: {exc}") from exc


def events_in(path: Path) -> Iterator[Found]:
    """Yield what is in a file of any of the forms, one by one; raise SettingsError for no file.

    The form is told by the first bytes. After a block that is broken nothing more of it is read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(AVRO_MAGIC))
            file.seek(0)
            if start == AVRO_MAGIC:
                yield from _in_container(path, file)
            elif start.startswith(GZIP_MAGIC):
                with gzip.open(file) as unpacked:
                    yield from _in_lines(path, unpacked)
            else:
                yield from _in_lines(path, file)
    except gzip.BadGzipFile as exc:
        yield Found(str(path), problem=f"expected gzip: {exc}")
    except EOFError as exc:
        yield Found(str(path), problem=f"it ends too early: {exc}")
    except OSError as exc:
        raise SettingsError(f"expected a readable file: {exc}") from exc


def _in_lines(path: Path, lines: "IO[bytes] | gzip.GzipFile") -> Iterator[Found]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            event = json_value(line)
        except ValueError as exc:
            yield Found(place, problem=f"expected an event as JSON: {exc}")
        else:
            yield Found(place, event)


def _in_container(path: Path, file: IO[bytes]) -> Iterator[Found]:
    number = 0
    try:
        blocks = fastavro.block_reader(file)
        version = schemas.version_of(schemas.fingerprint(blocks.metadata["avro.schema"]))
        for block in blocks:
            data = block.bytes_.getvalue()
            for event in decode_bodies(data, version, json_value):
                number += 1
                yield Found(f"{path}, event {number}", event)
    except DecodeError as exc:
        yield Found(f"{path}, after event {number}", problem=str(exc))
    except OSError:
        raise
    except Exception as exc:  # fastavro's, and those of what it unpacks with
        problem = f"expected Avro: {type(exc).__name__}: {exc}"
        yield Found(f"{path}, after event {number}", problem=problem)
