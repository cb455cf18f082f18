"""The two requests that sending needs, as bytes: Metadata, and Produce with a record batch.

Formats: https://kafka.apache.org/protocol and https://kafka.apache.org/documentation/#recordbatch.
The versions are those that brokers from 2.1 to 4 understand, so that none need be asked which.
"""

from __future__ import annotations

import gzip
import random
import struct
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

PRODUCE, METADATA, SASL_HANDSHAKE, SASL_AUTHENTICATE = 0, 3, 17, 36
VERSIONS = {PRODUCE: 7, METADATA: 4, SASL_HANDSHAKE: 1, SASL_AUTHENTICATE: 0}
CODECS = {"none": 0, "gzip": 1, "zstd": 4}
CLIENT_ID = "openlineage-avro"
ALL_REPLICAS = -1
LARGE = 20_000  # bytes
ZSTD_LEVEL = 6  # of one event 2.5 % smaller than the usual 3, for 10 us; more gains nothing


_sums = count()


class Sendable(NamedTuple):
    """A record as Kafka keeps it; `time` is in milliseconds since 1970."""

    key: bytes | None
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    time: int


class TopicMetadata(NamedTuple):
    """A topic's partitions: the error code of the topic, and `host, port` of each one's leader."""

    error: int
    leaders: dict[int, tuple[str, int] | None]


def request(api: int, correlation: int, body: bytes) -> bytes:
    """Return a request as it goes over the wire, its length in front."""
    header = struct.pack(">hhi", api, VERSIONS[api], correlation) + text(CLIENT_ID)
    return struct.pack(">i", len(header) + len(body)) + header + body


def text(value: str | None) -> bytes:
    """Return a nullable string: its length as 2 bytes, then UTF-8."""
    if value is None:
        return b"\xff\xff"
    encoded = value.encode()
    return struct.pack(">h", len(encoded)) + encoded


def data(value: bytes) -> bytes:
    """Return bytes behind their length of 4 bytes."""
    return struct.pack(">i", len(value)) + value


def metadata_body(topic: str) -> bytes:
    """Return the body of a Metadata request for one topic, which is not to be created."""
    return struct.pack(">i", 1) + text(topic) + b"\x00"


def read_metadata(answer: bytes) -> TopicMetadata:
    """Read the answer to metadata_body."""
    reader = Reader(answer)
    reader.number("i")  # throttle time
    brokers = {}
    for _ in range(reader.number("i")):
        node = reader.number("i")
        brokers[node] = (reader.text() or "", reader.number("i"))
        reader.text()  # rack
    reader.text()  # cluster id
    reader.number("i")  # controller
    reader.number("i")  # number of topics: the one that was asked for
    error = reader.number("h")
    reader.text()
    reader.number("b")  # is internal
    leaders = {}
    for _ in range(reader.number("i")):
        reader.number("h")  # the partition's error; without a leader it has none to send to
        partition = reader.number("i")
        leaders[partition] = brokers.get(reader.number("i"))
        for _ in range(2):  # replicas, in-sync replicas
            reader.skip(4 * reader.number("i"))
    return TopicMetadata(error, leaders)


def produce_body(topic: str, batches: dict[int, bytes], timeout_ms: int) -> bytes:
    """Return the body of a Produce request: one batch for each partition, for all replicas."""
    head = text(None) + struct.pack(">hi", ALL_REPLICAS, timeout_ms)
    listed = b"".join(struct.pack(">i", number) + data(batch) for number, batch in batches.items())
    return head + struct.pack(">i", 1) + text(topic) + struct.pack(">i", len(batches)) + listed


def read_produced(answer: bytes) -> dict[int, int]:
    """Return Kafka's error code for each partition of a Produce request; 0 is none."""
    reader = Reader(answer)
    codes = {}
    for _ in range(reader.number("i")):
        reader.text()
        for _ in range(reader.number("i")):
            partition = reader.number("i")
            codes[partition] = reader.number("h")
            reader.skip(24)  # base offset, time of appending, start of the log
    return codes


def batch_of(records: Sequence[Sendable], compression: str) -> bytes:
    """Return a record batch of format 2, compressed with one of CODECS."""
    begin = records[0].time
    body = b"".join(_record(record, number, begin) for number, record in enumerate(records))
    last = max(record.time for record in records)
    checked = struct.pack(
        ">hiqqqhii", CODECS[compression], len(records) - 1, begin, last, -1, -1, -1, len(records)
    ) + _compressed(body, compression)
    head = struct.pack(">iBI", -1, 2, checksum(checked))
    return struct.pack(">qi", 0, len(head) + len(checked)) + head + checked


def checksum(value: bytes) -> int:
    """Return the CRC-32C of bytes."""
    # To import the library takes longer than to sum one small value, which is all most tasks send.
    if len(value) > LARGE or next(_sums) > 0:
        from crc32c import crc32c

        return int(crc32c(value))
    table, found = _checksum_table(), 0xFFFFFFFF
    for byte in value:
        found = table[(found ^ byte) & 0xFF] ^ found >> 8
    return found ^ 0xFFFFFFFF


@cache
def _checksum_table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


def _record(record: Sendable, number: int, begin: int) -> bytes:
    parts = [b"\x00", varint(record.time - begin), varint(number)]
    parts += [_counted(record.key), _counted(record.value), varint(len(record.headers))]
    for name, value in record.headers:
        parts += [_counted(name.encode()), _counted(value)]
    body = b"".join(parts)
    return varint(len(body)) + body


def _counted(value: bytes | None) -> bytes:
    return varint(-1) if value is None else varint(len(value)) + value


def varint(value: int) -> bytes:
    """Return a signed number of up to 64 bits in zigzag encoding, 7 bits a byte."""
    left = (value << 1) ^ (value >> 63)
    encoded = bytearray()
    while left > 0x7F:
        encoded.append(left & 0x7F | 0x80)
        left >>= 7
    encoded.append(left)
    return bytes(encoded)


def _compressed(body: bytes, compression: str) -> bytes:
    if compression == "zstd":
        import zstandard

        return zstandard.ZstdCompressor(ZSTD_LEVEL).compress(body)
    return gzip.compress(body) if compression == "gzip" else body


def partition_of(key: bytes | None, leaders: dict[int, Any]) -> int:
    """Return the partition of a key, as Kafka's own clients choose it; without a key any one."""
    numbers = sorted(leaders)
    if key is None:
        return random.choice([number for number in numbers if leaders[number]] or numbers)
    return numbers[(murmur2(key) & 0x7FFFFFFF) % len(numbers)]


def murmur2(key: bytes) -> int:
    """Return the hash by which Kafka's clients choose partitions, 32 bits without sign."""
    mixer, mask = 0x5BD1E995, 0xFFFFFFFF
    whole = len(key) & ~3
    found = 0x9747B28C ^ len(key)
    for (four,) in struct.iter_unpack("<I", key[:whole]):
        four = four * mixer & mask
        four = (four ^ four >> 24) * mixer & mask
        found = found * mixer & mask ^ four
    if rest := key[whole:]:
        found = (found ^ int.from_bytes(rest, "little")) * mixer & mask
    found = (found ^ found >> 13) * mixer & mask
    return found ^ found >> 15


class Reader:
    """Reads one answer from its beginning."""

    def __init__(self, answer: bytes) -> None:
        """Take the answer without its length and header."""
        self._answer, self._at = answer, 0

    def number(self, kind: str) -> int:
        """Return the next number; `kind` is a letter of the struct module: b, h, i or q."""
        (value,) = struct.unpack_from(f">{kind}", self._answer, self._at)
        self._at += struct.calcsize(f">{kind}")
        return int(value)

    def text(self) -> str | None:
        """Return the next nullable string."""
        size = self.number("h")
        return None if size < 0 else self._bytes(size).decode()

    def data(self) -> bytes:
        """Return the next bytes behind their length of 4 bytes."""
        return self._bytes(max(0, self.number("i")))

    def skip(self, size: int) -> None:
        """Leave out that many bytes."""
        self._at += size

    def _bytes(self, size: int) -> bytes:
        found = self._answer[self._at : self._at + size]
        self._at += size
        return found
