"""OpenLineage events as compact, lossless Avro on Kafka.

`encode` and `decode` are the codec, `AvroKafkaTransport` the OpenLineage transport. Nothing heavy
is imported before one of them is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openlineage_avro.codec.codec import decode, encode
    from openlineage_avro.transport import AvroKafkaTransport

__all__ = ["AvroKafkaTransport", "decode", "encode"]

_HOME = {"AvroKafkaTransport": "transport", "decode": "codec.codec", "encode": "codec.codec"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
