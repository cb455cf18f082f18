"""What can go wrong in this library, as one tree of exceptions.

OpenLineageAvroError
├── ConfigurationError        a setting is missing or wrong
├── DeliveryError             an event will not reach Kafka by itself
│   ├── EventRefused          Kafka will never take it; the outbox keeps it as a dead letter
│   └── EventLost             neither Kafka nor the outbox took it in time
├── KafkaUnavailable          no broker can be reached, or none accepts the login
├── CircuitOpen               Kafka failed a moment ago and is not tried again yet
├── MessageTooLarge           Kafka does not take a record of this size
├── OutboxError               the outbox cannot be read or written
├── RegistryUnavailable       the schema registry does not answer
├── RegistryRefused           the schema registry says no
├── EncodeError               the event cannot be written
└── DecodeError               the bytes cannot be read; another try gives the same
    ├── UnknownFraming        neither JSON nor an Avro message
    ├── UnknownSchema         the writer's schema is not among those shipped
    └── CorruptMessage        the bytes do not follow the writer's schema
"""

from __future__ import annotations


class OpenLineageAvroError(Exception):
    """Base of every error raised by this library."""


class ConfigurationError(OpenLineageAvroError):
    """A setting is missing or wrong; the text names it, what was expected and what came."""


class DeliveryError(OpenLineageAvroError):
    """An event did not reach Kafka, and will not by itself; the text says why, twice if need be."""


class EventRefused(DeliveryError):  # noqa: N818 - says what became of the event
    """Kafka will never take the event as it is; the outbox, if there is one, keeps it."""


class EventLost(DeliveryError):  # noqa: N818
    """Kafka did not acknowledge the event in time, and it could not be kept."""


class KafkaUnavailable(OpenLineageAvroError):  # noqa: N818 - says what is the matter
    """No broker can be reached or none accepts the login; another try may help."""


class CircuitOpen(OpenLineageAvroError):  # noqa: N818
    """Kafka failed a moment ago: the breaker lets nobody try it again yet."""


class MessageTooLarge(OpenLineageAvroError):  # noqa: N818
    """Kafka does not take a record of this size; a smaller one may go through."""


class OutboxError(OpenLineageAvroError):
    """The outbox cannot be read or written; the text names its file and the reason."""


class RegistryUnavailable(OpenLineageAvroError):  # noqa: N818
    """The schema registry does not answer, or not now; another try may help."""


class RegistryRefused(OpenLineageAvroError):  # noqa: N818
    """The schema registry refuses: rights, an incompatible schema, or no registry at all."""


class EncodeError(OpenLineageAvroError):
    """The event is neither a JSON object nor an OpenLineage event, or nested too deeply."""


class DecodeError(OpenLineageAvroError):
    """The bytes are not an event; reading them again gives the same error."""


class UnknownFraming(DecodeError):  # noqa: N818 - named after what was met
    """The first bytes are those of neither JSON nor an Avro message."""


class UnknownSchema(DecodeError):  # noqa: N818
    """The message names a schema that this version does not ship."""


class CorruptMessage(DecodeError):  # noqa: N818
    """The bytes end too early, go on too long, or do not follow the schema."""
