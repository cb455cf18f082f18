"""Says what bytes are that are no message of ours, and what to do about them."""

from __future__ import annotations

SEEN_BYTES, SEEN_CHARACTERS = 10, 40  # of what came, in the text of an error

_LET_KAFKA = "let Kafka compress (compression.type) instead of the program that sends"
_ONE_BY_ONE = "send each event as a record of its own"
# What bytes begin with, what they are then, and what to do.
_MARKS = (
    (b"Obj\x01", "an Avro object container file", _ONE_BY_ONE),
    (b"\x1f\x8b", "bytes compressed by gzip", _LET_KAFKA),
    (b"\x28\xb5\x2f\xfd", "bytes compressed by zstd", _LET_KAFKA),
    (b"\x04\x22\x4d\x18", "bytes compressed by lz4", _LET_KAFKA),
    (b"\x82SNAPPY\0", "bytes compressed by snappy", _LET_KAFKA),
    (b"\xff\x06\x00\x00sNaPpY", "bytes compressed by snappy", _LET_KAFKA),
    (b"PK\x03\x04", "a zip archive", _ONE_BY_ONE),
    (b"PAR1", "a Parquet file", _ONE_BY_ONE),
    (b"\x03\x00", "the framing of AWS Glue Schema Registry", "send without that serializer"),
    (b"\x03\x05", "the framing of AWS Glue Schema Registry", "send without that serializer"),
    (b"\xac\xed\x00\x05", "a serialized Java object", "send the event's JSON text"),
)
# The same for text, by its first character.
_TEXTS = {
    "[": ("a JSON array", _ONE_BY_ONE),
    '"': ("a JSON string", "was the event turned into JSON twice? once is right"),
    "<": ("XML or HTML", "something else writes to this topic"),
}
_UNKNOWN = "bytes without a known mark (Protobuf, or Avro without a header?)"
_ELSE = "something else writes to this topic: give OpenLineage events a topic of their own"


def described(message: bytes) -> str:
    """Return what the bytes of a message are as far as can be told, and what to do about them."""
    if not message:
        return "0 bytes: nothing"
    what, advice = _marked(message) or _textual(message) or (_UNKNOWN, _ELSE)
    seen = message[:SEEN_BYTES].hex(" ")
    return f"{what}, {len(message)} bytes that begin with {seen}: {advice}"


def _marked(message: bytes) -> tuple[str, str] | None:
    for mark, what, advice in _MARKS:
        if message.startswith(mark):
            return what, advice
    return None


def _textual(message: bytes) -> tuple[str, str] | None:
    # So many bytes are enough for so many characters, whatever is cut off at the end.
    start = message[: 4 * SEEN_CHARACTERS].decode("utf-8", "replace")
    text = start[:SEEN_CHARACTERS].strip("\ufeff \t\r\n")
    if not text or not text.isprintable() or "\ufffd" in text:
        return None
    what, advice = _TEXTS.get(text[0], ("text", _ELSE))
    return f"{what} ({text!r})", advice
