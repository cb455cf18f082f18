"""How large records are in the batch that Kafka stores and sends: what they cost in the end."""

from kafka.record.memory_records import MemoryRecordsBuilder

NONE, ZSTD = 0, 4  # Kafka's numbers for compression


def batch_size(records: list[tuple[bytes, bytes]], compression: int) -> int:
    """Returns the bytes of one Kafka record batch (v2) of (key, value) records."""
    room = sum(len(key) + len(value) + 100 for key, value in records)
    builder = MemoryRecordsBuilder(magic=2, compression_type=compression, batch_size=room)
    for position, (key, value) in enumerate(records):
        builder.append(timestamp=1_795_000_000_000 + position, key=key, value=value)
    builder.close()
    return len(builder.buffer())
