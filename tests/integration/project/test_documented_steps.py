"""The steps of the quick start and of adopting.md work as they are written, one after the other."""

import os
import re
import shlex
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from kafka.admin import KafkaAdminClient

from services import postgres
from services.state import REPOSITORY, free_ports
from tests.support import documents

DOCS = REPOSITORY / "docs"
# tests/integration/project/test_wheel.py installs; the machine's services are left alone.
LEFT_OUT = ("pip ", "python3 -m venv", ". lineage/", ". /opt/", "systemctl ", "make ")
READY_SECONDS = 60


class Steps:
    """Runs a page's shell blocks in one folder, in order, with places of the test's own."""

    def __init__(self, page: str, folder: Path, places: dict[str, str]) -> None:
        """Read a page of docs/; `places` replace what it exports under these names."""
        self.text = (DOCS / page).read_text()
        self.folder = folder
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join(
                (
                    str(Path(sys.executable).parent),
                    str(postgres.program("psql").parent),
                    os.environ["PATH"],
                )
            ),
            **places,
        }
        self._places = places

    def blocks(self) -> list[str]:
        """Return the shell blocks, without what is not run here."""
        return [
            "\n".join(
                self._placed(line) for line in block.splitlines() if not line.startswith(LEFT_OUT)
            )
            for block in documents.blocks(self.text, "sh")
        ]

    def _placed(self, line: str) -> str:
        """Return a line without the page's own value of a place, which the test has given."""
        name = re.match(r"export (\w+)=", line)
        return f": {name[1]}" if name and name[1] in self._places else line

    def run(self, block: str) -> str:
        """Run a block; return what it printed. It fails with its first command that fails."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture
def made_topic(kafka_admin: KafkaAdminClient) -> Iterator[str]:
    """Yield the name of a topic that the test makes; it is deleted afterwards."""
    name = f"steps-{uuid.uuid4().hex}"
    yield name
    kafka_admin.delete_topics([name])


@pytest.mark.slow
def test_the_quick_start(
    kafka_bootstrap_servers: str, made_topic: str, database_url: str, tmp_path: Path
) -> None:
    places = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap_servers,
        "DATABASE_URL": database_url,
        "OPENLINEAGE_TOPIC": made_topic,
    }
    steps = Steps("quick-start.md", tmp_path, places)
    *before, serve = [block for block in steps.blocks() if block.strip()]
    printed = [steps.run(block) for block in before]
    [tree] = documents.blocks(steps.text, "text")
    assert tree in printed
    assert "mail_report" in printed[-1]
    (port,) = free_ports(1)
    assert serve == "openlineage-avro-consumer api"
    with subprocess.Popen(
        [*shlex.split(serve), "--port", str(port)], cwd=tmp_path, env=steps.environment
    ) as api:
        try:
            assert "<title>" in answered(f"http://127.0.0.1:{port}/")
            assert "clean_orders" in answered(f"http://127.0.0.1:{port}/api/v1/jobs")
        finally:
            api.terminate()


def answered(url: str) -> str:
    """Return an answer, once there is one."""
    end = time.monotonic() + READY_SECONDS
    while True:
        try:
            return requests.get(url, timeout=10).text
        except requests.ConnectionError:
            assert time.monotonic() < end, f"{url} does not answer"
            time.sleep(0.1)


@pytest.fixture
def server(services_folder: Path) -> Iterator[postgres.Postgres]:
    """Yield a server on which nobody has made roles."""
    (port,) = free_ports(1)
    started = postgres.start(services_folder / "steps-postgres", port)
    with started.service:
        yield started


@pytest.mark.slow
def test_adopting(
    kafka_bootstrap_servers: str, made_topic: str, server: postgres.Postgres, tmp_path: Path
) -> None:
    owner = f"postgresql://lineage_owner@127.0.0.1:{server.port}/lineage"
    places = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap_servers,
        "OPENLINEAGE_TOPIC": made_topic,
        "ADMIN_URL": server.url("postgres"),
        "DATABASE_URL": owner,
        "PGPASSWORD": "owner, to be changed",
        "AIRFLOW_HOME": str(tmp_path),
    }
    steps = Steps("adopting.md", tmp_path, places)
    [settings] = [each for each in documents.blocks(steps.text, "ini") if "namespace =" in each]
    ours = settings.replace('"topic": "openlineage"', f'"topic": "{made_topic}"')
    assert ours != settings
    (tmp_path / "airflow.cfg").write_text(ours)
    *before, answers = [block for block in steps.blocks() if block.strip()]
    printed = "".join(map(steps.run, before))
    assert "FAIL" not in printed
    assert re.search(r"^OK +test event", printed, re.MULTILINE), printed
    run_a_dag(steps, owner.replace("lineage_owner", "lineage_consumer"))
    printed = steps.run(answers)
    assert re.search(r"^job +\| airflow +\| orders_lineage_dag ", printed, re.MULTILINE), printed
    assert re.search(r"^ orders_lineage_dag +\| COMPLETE ", printed, re.MULTILINE), printed


def run_a_dag(steps: Steps, url: str) -> None:
    """Send what a DAG run sends, and store it as the consumer's own role."""
    events = REPOSITORY / "tests" / "data" / "airflow-events.ndjson.gz"
    steps.run(f"openlineage-avro-consumer import {events}")
    as_consumer = f"DATABASE_URL={url} PGPASSWORD='consumer, to be changed'"
    steps.run(f"{as_consumer} openlineage-avro-consumer run --stop-at-end")
