"""Checks that Kafka can be reached, accepts the login, and has a topic that takes what we send."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from openlineage_avro.kafka.settings import kafka_settings
from openlineage_avro.kafka.topic import admin_client
from openlineage_avro.kafka.workarounds import PROXIES, connection_error
from openlineage_avro.tools.doctor.result import fail, ok, skip, warn

if TYPE_CHECKING:
    from openlineage_avro.tools.doctor.patient import Patient
    from openlineage_avro.tools.doctor.result import Finding

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 8.0
UNKNOWN_TOPIC, NOT_AUTHORIZED = 3, 29  # Kafka's error codes
# Below it, events of DAGs with hundreds of tasks are cut; Kafka's own default.
USUAL_LIMIT = 1_000_000  # bytes
MUCH_SKEW = 5.0  # seconds; events are put in order by the times that their hosts give them


def reachable(patient: Patient) -> Finding:
    """Open a connection to each server."""
    if PROXIES & set(patient.config.kafka_python):
        return skip("Kafka is reached through a proxy")
    servers = kafka_settings(patient.config)["bootstrap_servers"]
    failures = [str(why) for each in servers if (why := connection_error(each, CONNECT_SECONDS))]
    if not failures:
        return ok(f"{', '.join(servers)}: connection accepted")
    if len(failures) == len(servers):
        return fail("; ".join(failures), "is it up, the address right, the way there open?")
    return warn("; ".join(failures), "the others answer, but with them away nothing would")


def login(patient: Patient) -> Finding:
    """Connect as the transport will; later checks use the connection."""
    try:
        patient.admin = patient.enter(
            admin_client(patient.config, time.monotonic() + ANSWER_SECONDS)
        )
        cluster = patient.admin.describe_cluster()
    except Exception as exc:
        return fail(
            f"{type(exc).__name__}: {exc}",
            f"security_protocol is {_how(patient)}: is that the server's, the login right?",
        )
    brokers = [f"{each['host']}:{each['port']}" for each in cluster["brokers"]]
    return ok(f"logged in by {_how(patient)}; brokers {', '.join(brokers)}")


def _how(patient: Patient) -> str:
    settings = kafka_settings(patient.config)
    mechanism = settings.get("sasl_mechanism")
    return f"{settings['security_protocol']}{f' with {mechanism}' if mechanism else ''}"


def topic(patient: Patient) -> Finding:
    """Look whether the topic is there, with a leader for each partition, and we may write to it."""
    name = patient.config.topic
    [described] = patient.admin.describe_topics([name])
    if described["error_code"] == UNKNOWN_TOPIC and patient.config.create_topic:
        return skip(f"{name} is not there; the first event creates it (create_topic)")
    if described["error_code"] == UNKNOWN_TOPIC:
        return fail(f"{name} does not exist", f"create it, or set create_topic: {_create(patient)}")
    if described["error_code"] == NOT_AUTHORIZED:
        return fail(f"no right to see {name}", "let this user Describe and Write the topic")
    if described["error_code"]:
        return fail(f"{name}: Kafka's error {described['error_code']}", "try again")
    patient.topic = described
    if "WRITE" not in (described.get("authorized_operations") or ["WRITE"]):
        return fail(f"no right to write to {name}", "let this user Write the topic")
    return _partitions(name, described["partitions"])


def _partitions(name: str, partitions: list[dict[str, Any]]) -> Finding:
    leaderless = [each["partition_index"] for each in partitions if each["leader_id"] < 0]
    if leaderless:
        return fail(f"{name}: no leader for partitions {leaderless}", "look after the brokers")
    copies = min(len(each["replica_nodes"]) for each in partitions)
    found = f"{name}: {len(partitions)} partitions, {copies} replicas each"
    behind = [each for each in partitions if len(each["isr_nodes"]) < len(each["replica_nodes"])]
    if behind:
        return warn(f"{found}, of which some are not in sync", "look after the brokers")
    return ok(found)


def _create(patient: Patient) -> str:
    return (
        f"kafka-topics.sh --bootstrap-server {patient.config.bootstrap_servers.split(',')[0]}"
        f" --create --topic {patient.config.topic} --partitions 6"
    )


def limits(patient: Patient) -> Finding:
    """Compare the topic's limits with what is sent: one event a message, from all replicas."""
    from kafka.admin import ConfigResource, ConfigResourceType

    if not patient.topic:
        return skip("the topic is not there yet")
    name = patient.config.topic
    resource = ConfigResource(ConfigResourceType.TOPIC, name)
    described = patient.admin.describe_configs([resource], config_filter="all")
    settings = {key: each["value"] for key, each in described["topic"][name].items()}
    if not settings:
        return skip("no right to DescribeConfigs; an event that is too large is cut when it is")
    copies = min(len(each["isr_nodes"]) for each in patient.topic["partitions"])
    if copies < int(settings["min.insync.replicas"]):
        return fail(
            f"{copies} replicas are in sync, min.insync.replicas is"
            f" {settings['min.insync.replicas']}: every event is refused",
            "look after the brokers",
        )
    limit = int(settings["max.message.bytes"])
    if limit < USUAL_LIMIT:
        return warn(
            f"max.message.bytes is {limit}: larger events are cut to it",
            f"raise it to {USUAL_LIMIT} or more, to keep them whole",
        )
    return ok(f"max.message.bytes {limit}, min.insync.replicas {settings['min.insync.replicas']}")


def clock(patient: Patient) -> Finding:
    """Compare this host's clock with that of Kafka's controller, which tells its time.

    Before KRaft no request of Kafka's is answered with the time: then it cannot be compared.
    """
    begin = time.time()
    try:
        quorum = patient.admin.describe_metadata_quorum()
    except Exception as exc:  # an old broker, or no right
        return skip(f"Kafka does not tell its time: {type(exc).__name__}")
    end = time.time()
    [partition] = quorum["topics"][0]["partitions"]
    told = [
        each.get("last_caught_up_timestamp", -1) / 1000
        for each in partition["current_voters"]
        if each["replica_id"] == partition["leader_id"]
    ]
    if not told or told[0] <= 0:
        return skip("Kafka does not tell its time")
    # It was told at some moment between begin and end.
    skew = begin - told[0] if told[0] < begin else min(0.0, end - told[0])
    if abs(skew) > MUCH_SKEW:
        where = "ahead of" if skew > 0 else "behind"
        return warn(f"this clock is {abs(skew):.1f} s {where} Kafka's", "let NTP set both clocks")
    return ok(f"within {max(abs(skew), end - begin):.2f} s of Kafka's")
