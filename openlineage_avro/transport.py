"""The OpenLineage transport: event -> Avro record -> Kafka, within a deadline."""

import logging
from typing import Any

from openlineage.client.transport.transport import Transport

from openlineage_avro import schema
from openlineage_avro.codec import encode_body
from openlineage_avro.config import AvroKafkaConfig
from openlineage_avro.deadline import within
from openlineage_avro.errors import ConfigurationError, DeliveryError, MessageTooLarge
from openlineage_avro.event import to_dict
from openlineage_avro.fit import fit
from openlineage_avro.framing import confluent, single_object
from openlineage_avro.message_key import message_key
from openlineage_avro.producer import Producer
from openlineage_avro.registry import RegisteredSchema

log = logging.getLogger(__name__)

# Bytes that an event is cut to when the broker refuses it whole, tried in this order: Kafka's
# default limit is 1 MiB of the compressed batch, but a topic may have a lower one.
LIMITS = (1_000_000, 250_000, 60_000)


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
        try:
            within(self.config.delivery_timeout, lambda end: self._deliver(plain, end))
        except ConfigurationError:
            raise
        except Exception as exc:
            place = f"topic {self.config.topic} on {self.config.bootstrap_servers}"
            raise DeliveryError(f"{place}: {type(exc).__name__}: {exc}") from exc

    def close(self, timeout: float = -1) -> bool:
        """Close the connection; False if one was still being made when `timeout` seconds ended."""
        return self._producer.close(timeout)

    def _deliver(self, event: dict[str, Any], end: float) -> None:
        key = message_key(event).encode(errors="surrogatepass")
        try:
            return self._producer.send(key, self._framed(event, end), end)
        except MessageTooLarge as exc:
            too_large = exc
        for limit in LIMITS:
            log.warning("%s; sending it again, cut to %d bytes", too_large, limit)
            try:
                return self._producer.send(key, self._framed(fit(event, limit), end), end)
            except MessageTooLarge as exc:
                too_large = exc
        raise too_large

    def _framed(self, event: dict[str, Any], end: float) -> bytes:
        body = encode_body(event)
        if self._registered is None:
            return single_object(schema.fingerprint_of(schema.newest()), body)
        return confluent(self._registered.id(end), body)
