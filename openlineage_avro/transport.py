"""The OpenLineage transport: event -> Avro record -> Kafka or the outbox, within a deadline."""

import logging
import os
from typing import Any
from urllib.parse import quote

from openlineage.client.transport.transport import Transport

from openlineage_avro.codec.codec import prepare
from openlineage_avro.config.settings import AvroKafkaConfig
from openlineage_avro.delivery.counters import METRICS
from openlineage_avro.delivery.delivery import Delivery
from openlineage_avro.event.access import at
from openlineage_avro.event.json_text import sent_size
from openlineage_avro.event.kinds import described
from openlineage_avro.event.pipeline_run_id import with_pipeline_run_id
from openlineage_avro.event.plain import to_dict
from openlineage_avro.event.selection import within_budget
from openlineage_avro.record.record import Record, record_of
from openlineage_avro.redaction.event import redacted

log = logging.getLogger(__name__)


class AvroKafkaTransport(Transport):
    """Sends each event as one Avro record, or keeps it on disk until Kafka takes it.

    `emit` raises only if neither was possible: Airflow's adapter logs that and lets the task go
    on; a composite transport takes it as the sign to try the next one.
    """

    kind = "avro_kafka"
    config_class = AvroKafkaConfig

    def __init__(self, config: AvroKafkaConfig) -> None:
        """Take checked settings; no connection is made before the first event."""
        prepare()  # now, so that the first event need not wait for it
        self.config = config
        self._delivery = Delivery(config)
        self._told_in: int | None = None  # the process that logged its first event
        self._warned_in: int | None = None

    def emit(self, event: Any) -> None:
        """Send `event`, any of OpenLineage's event classes, within `delivery_timeout`.

        Raises EventLost if Kafka did not take it and it could not be kept, EventRefused if Kafka
        will never take it (both are DeliveryError); a wrong setting is a ConfigurationError then.
        EncodeError: it is not an event.
        """
        plain = self._prepared(event)
        record = record_of(plain, self.config)
        is_sent = self._delivery.deliver(record)
        self._tell(plain, record, is_sent)

    def close(self, timeout: float = -1) -> bool:
        """Close the connection; False if one was still being made when `timeout` seconds ended."""
        return self._delivery.close(timeout)

    def _prepared(self, event: Any) -> dict[str, Any]:
        plain = redacted(to_dict(event), self.config)
        plain = with_pipeline_run_id(plain, self.config.pipeline_run_id_name)
        return within_budget(plain, self.config)

    def _tell(self, plain: dict[str, Any], record: Record, is_sent: bool) -> None:
        """Count the bytes, log one line per process, and every event for those who debug."""
        (json_bytes, replaced), avro_bytes = sent_size(plain), len(record.value)
        METRICS.count("json_bytes", json_bytes)
        METRICS.count("avro_bytes", avro_bytes)
        is_first = self._told_in != os.getpid()
        self._told_in = os.getpid()
        log.log(
            logging.INFO if is_first else logging.DEBUG,
            "OpenLineage event %s: %d bytes of Avro for %d of JSON, %s%s",
            described(plain),
            avro_bytes,
            json_bytes,
            self._whereabouts(is_sent),
            self._page(plain),
            extra={"avro_bytes": avro_bytes, "json_bytes": json_bytes, **METRICS.read()},
        )
        if replaced and self._warned_in != os.getpid():
            self._warned_in = os.getpid()
            log.warning(
                "JSON has no form for values of type %s: OpenLineage's marker stands for them",
                ", ".join(dict.fromkeys(replaced)),
            )

    def _whereabouts(self, is_sent: bool) -> str:
        if is_sent:
            return f"on topic {self.config.topic}"
        return f"waiting for topic {self.config.topic}"

    def _page(self, plain: dict[str, Any]) -> str:
        """Return the address of the run's page behind a semicolon, where there is one."""
        run_id = at(plain, "run", "runId")
        if not self.config.lineage_url or not isinstance(run_id, str):
            return ""
        return f"; {self.config.lineage_url.rstrip('/')}/#/dag-runs/{quote(run_id, safe='')}"
