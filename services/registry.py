"""Apicurio Registry on loopback: a schema registry that speaks Confluent's API."""

import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path

import httpx

from services import maven
from services.java import java
from services.process import Service
from services.state import DOWNLOADS, REPOSITORY, free_ports, waiting_lock

ARCHIVE = REPOSITORY / "requirements" / "registry.txt"
OLDEST_JAVA = 21
READY_SECONDS = 60


def install() -> Path:
    """Return the folder of the unpacked registry; the first call fetches it (159 MB)."""
    [archive] = maven.read_jars(ARCHIVE)
    unpacked = DOWNLOADS / "registry" / archive.version
    with waiting_lock(DOWNLOADS / "registry.lock"):
        if not unpacked.exists():
            maven.fetch([archive], unpacked.parent)
            partial = unpacked.with_name("partial")
            shutil.rmtree(partial, ignore_errors=True)
            with tarfile.open(unpacked.parent / archive.file) as packed:
                # As PEP 706 advises: Pythons before 3.11.4 ignore it, and trust the pinned hash.
                packed.extraction_filter = getattr(tarfile, "data_filter", None)
                packed.extractall(partial)
            partial.rename(unpacked)
    return unpacked


def start(
    folder: Path, port: int, settings: Mapping[str, str] | None = None
) -> tuple[Service, str]:
    """Start a registry and return it with the URL of its API.

    It keeps its schemas in memory unless `settings`, its variables, name a place for them.
    """
    jar = install() / "quarkus-run.jar"
    (management,) = free_ports(1)
    service = Service(
        "registry",
        [java(OLDEST_JAVA), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", jar],
        folder,
        {
            "QUARKUS_HTTP_HOST": "127.0.0.1",
            "QUARKUS_HTTP_PORT": str(port),
            "QUARKUS_MANAGEMENT_HOST": "127.0.0.1",
            "QUARKUS_MANAGEMENT_PORT": str(management),
            **(settings or {}),
        },
    )
    url = f"http://127.0.0.1:{port}/apis/ccompat/v7"
    try:
        service.wait_until(lambda: _answers(url), READY_SECONDS)
    except BaseException:
        service.stop()
        raise
    return service, url


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/subjects", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
