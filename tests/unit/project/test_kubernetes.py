"""The example for Kubernetes, against Kubernetes' schemas and the program's own options."""

import argparse
from collections import Counter
from typing import Any

import kubernetes_validate
import pytest
import yaml

from consumer.cli.main import parser
from services.state import REPOSITORY

Thing = dict[str, Any]
FILE = REPOSITORY / "deploy" / "kubernetes" / "openlineage-avro.yaml"
KNOWN = {"DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "OPENLINEAGE_TOPIC"}


def things() -> list[Thing]:
    return list(yaml.safe_load_all(FILE.read_text()))


def pods() -> list[tuple[Thing, Thing]]:
    """Return what makes pods, and the specification of each one's pods."""
    found = []
    for thing in things():
        spec = thing.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found.append((thing, spec["template"]["spec"]))
    return found


def options_of(container: Thing) -> argparse.Namespace:
    """Return the options that a container runs with, as the program reads them."""
    name, *words = container["args"]
    assert name == "openlineage-avro-consumer"
    return parser().parse_args(words)


@pytest.mark.parametrize(
    "thing", things(), ids=lambda thing: f"{thing['kind']}-{thing['metadata']['name']}"
)
@pytest.mark.parametrize("version", ["1.30", "1.34"])
def test_it_follows_the_schema(thing: Thing, version: str) -> None:
    kubernetes_validate.validate(thing, version, strict=True)


def test_there_is_what_a_cluster_needs() -> None:
    kinds = Counter(thing["kind"] for thing in things())
    assert kinds == {
        **{"Secret": 1, "ConfigMap": 1, "Job": 1, "CronJob": 1},
        **{"Deployment": 2, "Service": 1},
    }


def test_commands_and_variables_are_the_programs() -> None:
    secret, config = (next(t for t in things() if t["kind"] == k) for k in ("Secret", "ConfigMap"))
    assert set(config["data"]) <= KNOWN
    used = set()
    for _, pod in pods():
        (container,) = pod["containers"]
        options_of(container)
        for variable in container["env"]:
            assert variable["name"] in KNOWN
            used.add(variable["valueFrom"]["secretKeyRef"]["key"])
    assert used == set(secret["stringData"])


def test_probes_and_ports_are_those_that_are_served() -> None:
    for thing, pod in pods():
        if thing["kind"] != "Deployment":
            continue
        (container,) = pod["containers"]
        options = options_of(container)
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert ports["metrics"] == options.metrics_port
        assert ports.get("http") == getattr(options, "port", None)
        assert options.metrics_host == getattr(options, "host", "0.0.0.0") == "0.0.0.0"
        annotations = thing["spec"]["template"]["metadata"]["annotations"]
        assert annotations["prometheus.io/port"] == str(options.metrics_port)
        paths = {name: container[name]["httpGet"]["path"] for name in container if "Probe" in name}
        assert paths["livenessProbe"] == "/health"
        assert paths["readinessProbe"] == "/ready"


def test_nothing_runs_as_root_or_without_limits() -> None:
    for _, pod in pods():
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["runAsNonRoot"]
            assert context["readOnlyRootFilesystem"]
            assert not context["allowPrivilegeEscalation"]
            assert {"requests", "limits"} <= set(container["resources"])
