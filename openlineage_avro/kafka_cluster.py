"""The brokers of one topic: who leads which partition, and an open connection to each in use."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from openlineage_avro import kafka_protocol as protocol
from openlineage_avro.kafka_connection import Connection
from openlineage_avro.kafka_settings import kafka_settings

if TYPE_CHECKING:
    from openlineage_avro.config import AvroKafkaConfig
    from openlineage_avro.kafka_protocol import Sendable, TopicMetadata

    Place = tuple[str, int]

LEADER_NOT_AVAILABLE = 5
METADATA_SECONDS = 300.0  # Kafka's clients ask as often; partitions may have been added
SHORTEST_MS = 100


class Cluster:
    """What one process knows of a topic's brokers; used by one thread at a time."""

    def __init__(self, config: AvroKafkaConfig, topic: str) -> None:
        """Take the settings; nothing is connected yet. Raises ConfigurationError."""
        self._settings: dict[str, Any] = kafka_settings(config)
        self._compression = config.compression
        self._topic = topic
        self._connections: dict[Place, Connection] = {}
        self._metadata: TopicMetadata | None = None
        self._known_until = 0.0

    def produce(self, records: dict[int, Sendable], end: float) -> dict[int, int]:
        """Send records once, in the order of their numbers; return Kafka's code for each.

        0 stands for an acknowledged record. Raises OSError, which another try may mend, or
        DeliveryError where we are not let in.
        """
        metadata = self._known(end)
        if metadata.error:
            return dict.fromkeys(records, metadata.error)
        numbers: dict[int, list[int]] = defaultdict(list)
        for number in sorted(records):
            numbers[protocol.partition_of(records[number].key, metadata.leaders)].append(number)
        codes: dict[int, int] = {}
        for place, partitions in self._by_leader(numbers, metadata).items():
            found = self._produced(place, partitions, records, numbers, end)
            codes |= {each: found[part] for part in partitions for each in numbers[part]}
        return codes

    def forget(self) -> None:
        """Ask again who leads, before the next record."""
        self._metadata = None

    def close(self) -> None:
        """Close all connections."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def _by_leader(
        self, numbers: dict[int, list[int]], metadata: TopicMetadata
    ) -> dict[Place | None, list[int]]:
        places: dict[Place | None, list[int]] = defaultdict(list)
        for partition in numbers:
            places[metadata.leaders[partition]].append(partition)
        return places

    def _produced(
        self,
        place: Place | None,
        partitions: list[int],
        records: dict[int, Sendable],
        numbers: dict[int, list[int]],
        end: float,
    ) -> dict[int, int]:
        if place is None:
            return dict.fromkeys(partitions, LEADER_NOT_AVAILABLE)
        batches = {
            part: protocol.batch_of([records[each] for each in numbers[part]], self._compression)
            for part in partitions
        }
        milliseconds = max(SHORTEST_MS, int((end - time.monotonic()) * 1000))
        body = protocol.produce_body(self._topic, batches, milliseconds)
        return protocol.read_produced(self._ask(place, protocol.PRODUCE, body, end))

    def _known(self, end: float) -> TopicMetadata:
        if self._metadata is None or time.monotonic() > self._known_until:
            answer = self._ask_any(protocol.METADATA, protocol.metadata_body(self._topic), end)
            metadata = protocol.read_metadata(answer)
            if metadata.error:
                return metadata
            self._metadata, self._known_until = metadata, time.monotonic() + METADATA_SECONDS
        return self._metadata

    def _ask_any(self, api: int, body: bytes, end: float) -> bytes:
        """Ask a broker that is connected, else one of the settings' servers, each for a share."""
        servers = [_place(each) for each in self._settings["bootstrap_servers"]]
        # Many processes start with the same list: not all of them shall ask its first server.
        random.shuffle(servers)
        places = list(dict.fromkeys([*self._connections, *servers]))
        for number, place in enumerate(places):
            now = time.monotonic()
            try:
                return self._ask(place, api, body, now + (end - now) / (len(places) - number))
            except OSError:
                if place == places[-1]:
                    raise
        raise AssertionError("the settings name at least one server")

    def _ask(self, place: Place, api: int, body: bytes, end: float) -> bytes:
        connection = self._connections.get(place)
        if connection is not None:
            try:
                return connection.ask(api, body, end)
            except OSError:
                self._drop(place)
                if time.monotonic() >= end:
                    raise
                # The broker closes connections that are idle for long: a new one may do.
        try:
            self._connections[place] = Connection(*place, self._settings, end)
            return self._connections[place].ask(api, body, end)
        except OSError as exc:
            self._drop(place)
            raise type(exc)(f"{place[0]}:{place[1]}: {exc}") from exc

    def _drop(self, place: Place) -> None:
        if connection := self._connections.pop(place, None):
            connection.close()


def _place(server: str) -> Place:
    host, _, port = server.strip().rpartition(":")
    return host.strip("[]"), int(port)
