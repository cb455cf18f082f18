"""The OpenLineage transport: event -> Avro record -> Kafka, within a deadline."""

import logging
from typing import Any

from openlineage.client.transport.transport import Transport

from openlineage_avro import schema
from openlineage_avro.codec import encode_body
from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.deadline import within
from openlineage_avro.errors import ConfigurationError, DeliveryError
from openlineage_avro.event import to_dict
from openlineage_avro.framing import confluent, single_object
from openlineage_avro.message_key import message_key
from openlineage_avro.producer import Producer
from openlineage_avro.registry import RegisteredSchema

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
        self._producer = Producer(config)
        self._registered = RegisteredSchema.of(config)

    def emit(self, event: Any) -> None:
        """Send `event`, any of OpenLineage's event classes; raise DeliveryError if not stored.

        Returns or raises within `delivery_timeout`. A wrong setting is a ConfigurationError.
        """
        plain = to_dict(event)
        body = encode_body(plain)
        key = message_key(plain).encode(errors="surrogatepass")
        try:
            within(
                self.config.delivery_timeout,
                lambda end: self._producer.send(key, self._framed(body, end), end),
            )
        except ConfigurationError:
            raise
        except Exception as exc:
            place = f"topic {self.config.topic} on {self.config.bootstrap_servers}"
            raise DeliveryError(f"{place}: {type(exc).__name__}: {exc}") from exc
        log.debug("Sent an event, its body %d bytes, to topic %s", len(body), self.config.topic)

    def close(self, timeout: float = -1) -> bool:
        """Close the connection; False if one was still being made when `timeout` seconds ended."""
        return self._producer.close(timeout)

    def _framed(self, body: bytes, end: float) -> bytes:
        if self._registered is None:
            return single_object(schema.fingerprint_of(schema.newest()), body)
        return confluent(self._registered.id(end), body)
