"""Writes an event as the transport does, but for numbers that only their text holds."""

from typing import Any

import orjson

from consumer.decode.canonical import canonical_json, has_long_number
from openlineage_avro import encode
from openlineage_avro.codec.codec import encode_text


def message_of(event: dict[str, Any]) -> bytes:
    """Return the Avro message of an event that `json_value` read; `decode` gives the same event.

    Raises EncodeError for more levels than may be sent.
    """
    try:
        orjson.dumps(event)
    except TypeError:  # a LongNumber; also a lone surrogate, or an int beyond 64 bits
        if has_long_number(event):
            return encode_text(canonical_json(event))
    return encode(event)
