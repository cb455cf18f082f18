"""What deploy/ has for Prometheus and Grafana asks for metrics that there are."""

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import yaml

from consumer.maintain.maintain import maintain
from services.state import REPOSITORY, free_ports
from tests.support.metrics import running
from tests.support.storing import Consumer, produce, value, wait_until

DEPLOY = REPOSITORY / "deploy"
# Prometheus' own: whether it could read a target's metrics.
PROMETHEUS = {"up"}
WORD = re.compile(r"\b(?:openlineage|process)_\w+\b|\bup(?=\{)")


def dashboard() -> Any:
    return json.loads((DEPLOY / "grafana" / "openlineage-avro.json").read_text())


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> dict[str, str]:
    """Return every query by the title of its panel, or the name of its alert."""
    found = {rule["alert"]: rule["expr"] for rule in rules()}
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            found[f"{panel['title']} {target['refId']}"] = target["expr"]
    return found


@pytest.fixture(scope="module")
def exposed(
    kafka_bootstrap_servers: str, postgres_url: str, template: str
) -> Iterator[dict[str, set[str]]]:
    """Yield the names of all metrics of a real consumer and API, with the labels of each."""
    from kafka.admin import KafkaAdminClient

    from tests.fixtures.services import make_topic
    from tests.fixtures.stores import clone

    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    make_topic(admin, "watching")
    produce(kafka_bootstrap_servers, "watching", [value(1)])
    clones = clone(postgres_url, template)
    consumer = Consumer(kafka_bootstrap_servers, "watching", next(clones))
    maintain(consumer.url, threading.Event())
    (port,) = free_ports(1)
    found: dict[str, set[str]] = {}
    with running(consumer, "run") as metrics, running(consumer, "api", "--port", str(port)) as api:
        wait_until(lambda: metrics.get("/ready").ok, 60)

        def is_asked() -> bool:
            try:
                return requests.get(f"http://127.0.0.1:{port}/health", timeout=30).ok
            except requests.ConnectionError:
                return False

        wait_until(is_asked, 60)
        for program in (metrics, api):
            for name, labels in program.values():
                found.setdefault(name, set()).update(label for label, _ in labels)
    yield found
    admin.delete_topics(["watching"])
    admin.close()
    next(clones, None)


def test_every_query_asks_for_metrics_that_there_are(exposed: dict[str, set[str]]) -> None:
    asked = {name: set(WORD.findall(query)) for name, query in queries().items()}
    assert all(asked.values())
    unknown = {name: each - exposed.keys() - PROMETHEUS for name, each in asked.items()}
    assert {name: each for name, each in unknown.items() if each} == {}


def test_every_label_that_is_named_is_there(exposed: dict[str, set[str]]) -> None:
    known = set().union(*exposed.values()) | {"job", "instance", "le"}
    for name, query in queries().items():
        named = re.findall(r"(\w+)\s*=~?\s*\"", query) + re.findall(r"by \(([^)]*)\)", query)
        labels = {label.strip() for each in named for label in each.split(",")}
        assert labels <= known, (name, labels - known)


def test_what_is_exposed_is_shown_or_watched(exposed: dict[str, set[str]]) -> None:
    asked = {word for query in queries().values() for word in WORD.findall(query)}
    ours = {name for name in exposed if name.startswith("openlineage_")}
    rest = {name for name in ours if not name.endswith(("_created", "_count", "_sum"))}
    assert rest - asked == {"openlineage_consumer_looked_timestamp_seconds"}


def test_every_metric_is_documented(exposed: dict[str, set[str]]) -> None:
    text = (REPOSITORY / "docs" / "operating.md").read_text()
    names = {
        re.sub(r"_(bucket|count|sum|created)$", "", name)
        for name in exposed
        if name.startswith("openlineage_")
    }
    short = {re.sub(r"^openlineage_(consumer|api)_", "", name) for name in names}
    assert {name for name in short if f"`{name}" not in text} == set()


def test_every_alert_says_what_to_do() -> None:
    commands = (DEPLOY / "prometheus" / "alerts.yml").read_text()
    assert len(rules()) >= 12
    for rule in rules():
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert len(rule["annotations"]["description"]) > 80, rule["alert"]
        # The line before each has the reason for its threshold.
        (before,) = re.findall(rf"^(.*)\n *- alert: {rule['alert']}$", commands, re.M)
        assert before.strip().startswith("# "), rule["alert"]
