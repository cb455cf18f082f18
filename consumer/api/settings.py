"""What the API needs to know."""

from dataclasses import dataclass, field

from openlineage_avro.config.settings import AvroKafkaConfig


@dataclass(frozen=True)
class ApiSettings:
    """Where PostgreSQL and Kafka are, who may ask, and what a request may cost."""

    database_url: str = field(repr=False)
    kafka: AvroKafkaConfig | None = None  # None: events and changes are not taken
    connections: int = 10  # to PostgreSQL, at most
    statement_seconds: float = 30.0  # a longer statement is ended
    most_bytes: int = 100_000_000  # of a request's body, also unpacked
    origins: tuple[str, ...] = ()  # whose pages may ask from a browser
    asks_for_tokens: bool = False
