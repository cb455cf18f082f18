"""Messages in the Confluent wire format, with a real schema registry."""

import io
import json
import time
from typing import Any

import fastavro
import pytest
import requests
from openlineage.client.serde import Serde

from openlineage_avro.codec import schemas
from openlineage_avro.codec.framing import Framing, framing_of, split_confluent
from openlineage_avro.errors import DeliveryError, RegistryRefused, RegistryUnavailable
from openlineage_avro.schema_registry import Registry
from services.state import free_ports
from tests.support.emitting import make_transport, read_records, run_event
from tests.support.tcp_proxy import TcpProxy

NEWEST = schemas.versions()[schemas.newest()]
INCOMPATIBLE = json.dumps({"type": "record", "name": "Other", "fields": []})


def soon() -> float:
    return time.monotonic() + 20


def test_an_event_is_readable_by_whoever_asks_the_registry(
    kafka_bootstrap_servers: str, topic: str, schema_registry_url: str
) -> None:
    transport = make_transport(
        kafka_bootstrap_servers, topic, schema_registry_url=schema_registry_url, delivery_timeout=20
    )
    event = run_event()
    transport.emit(event)
    transport.close(5)
    [record] = read_records(kafka_bootstrap_servers, topic)
    assert framing_of(record.value) is Framing.CONFLUENT
    schema_id, body = split_confluent(record.value)
    text = requests.get(f"{schema_registry_url}/schemas/ids/{schema_id}", timeout=10).json()
    read: Any = fastavro.schemaless_reader(
        io.BytesIO(body), fastavro.parse_schema(json.loads(text["schema"]))
    )
    assert read["job"]["name"] == Serde.to_dict(event)["job"]["name"]


def test_a_schema_is_registered_once_under_its_topics_name(schema_registry_url: str) -> None:
    registry = Registry(schema_registry_url)
    first = registry.id_of("once-value", NEWEST, soon())
    assert registry.id_of("once-value", NEWEST, soon()) == first
    versions = requests.get(f"{schema_registry_url}/subjects/once-value/versions", timeout=10)
    assert versions.json() == [1]
    found = registry.schema(first, soon())
    assert found is not None
    assert schemas.fingerprint(found.text) == schemas.fingerprint_of(schemas.newest())


def test_a_new_subject_must_stay_readable(schema_registry_url: str) -> None:
    registry = Registry(schema_registry_url)
    registry.id_of("strict-value", NEWEST, soon())
    level = requests.get(f"{schema_registry_url}/config/strict-value", timeout=10).json()
    assert level["compatibilityLevel"] == "BACKWARD_TRANSITIVE"
    with pytest.raises(RegistryRefused, match="409: the schema is incompatible"):
        registry.id_of("strict-value", INCOMPATIBLE, soon())


def test_an_unknown_id_has_no_schema(schema_registry_url: str) -> None:
    assert Registry(schema_registry_url).schema(2_000_000, soon()) is None


def test_a_url_that_is_no_registry_is_refused(schema_registry_url: str) -> None:
    with pytest.raises(RegistryRefused, match="404"):
        Registry(f"{schema_registry_url}/elsewhere").id_of("x-value", INCOMPATIBLE, soon())


@pytest.mark.parametrize("fault", ["refuse", "silence"])
def test_a_registry_that_is_down_is_a_delivery_error_within_the_deadline(
    kafka_bootstrap_servers: str, topic: str, schema_registry_url: str, fault: str
) -> None:
    upstream = int(schema_registry_url.split(":")[2].split("/")[0])
    with TcpProxy(free_ports(1)[0], upstream) as proxy:
        transport = make_transport(
            kafka_bootstrap_servers,
            topic,
            schema_registry_url=f"http://{proxy.address}/apis/ccompat/v7",
            delivery_timeout=1,
            spool_dir="none",
        )
        getattr(proxy, fault)()
        with pytest.raises(DeliveryError, match=r"topic .*: (RegistryUnavailable|TimeoutError)"):
            transport.emit(run_event())
        proxy.restore()
        transport.emit(run_event())
        proxy.refuse()
        transport.emit(run_event())  # the id is known by now
        transport.close(5)
    assert len(read_records(kafka_bootstrap_servers, topic)) == 2


def test_a_password_and_a_private_authority_are_enough(guarded: tuple[str, str]) -> None:
    url, ca_file = guarded
    assert Registry(url, "me", "hidden", ca_file).id_of("guarded-value", NEWEST, soon()) > 0


def test_a_wrong_password_is_refused_and_not_shown(guarded: tuple[str, str]) -> None:
    url, ca_file = guarded
    registry = Registry(url, "me", "not-it", ca_file)
    with pytest.raises(RegistryRefused, match="401: who are you") as caught:
        registry.id_of("guarded-value", INCOMPATIBLE, soon())
    assert "not-it" not in f"{caught.value} {registry!r}"


def test_an_unknown_authority_is_unavailable(guarded: tuple[str, str]) -> None:
    url, _ = guarded
    with pytest.raises(RegistryUnavailable, match="certificate"):
        Registry(url, "me", "hidden").id_of("guarded-value", INCOMPATIBLE, soon())
