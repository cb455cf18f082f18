"""The OpenLineage transport: event -> Avro record -> Kafka, within a deadline."""

import logging
from typing import Any

from openlineage.client.transport.transport import Transport

from openlineage_avro.codec import encode
from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.event import to_dict
from openlineage_avro.message_key import message_key
from openlineage_avro.producer import BoundedProducer

log = logging.getLogger(__name__)


class AvroKafkaTransport(Transport):
    """Sends each event as one Avro record; raises when Kafka has not taken it in time.

    Airflow's adapter logs what `emit` raises and lets the task go on; a composite transport
    takes it as the sign to try the next one.
    """

    kind = "avro_kafka"
    config_class = AvroKafkaConfig

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Take checked settings; no connection is made before the first event."""
        self.config = config
        self._producer = BoundedProducer(config)

    def emit(self, event: Any) -> None:
        """Send `event`, any of OpenLineage's event classes; raise DeliveryError if not stored."""
        plain = to_dict(event)
        value = encode(plain)
        self._producer.send(message_key(plain).encode(), value)
        log.debug("Sent an event of %d bytes to topic %s", len(value), self.config.topic)

    def close(self, timeout: float = -1) -> bool:
        """Close the connection; True, since `emit` leaves nothing unsent behind."""
        return self._producer.close(timeout)
