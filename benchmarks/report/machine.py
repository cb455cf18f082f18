"""Says what machine and which versions figures are of, without its name."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

import psutil

from services.state import REPOSITORY

CPU = re.compile(r"^model name\s*: (.*)$", re.MULTILINE)
PACKAGES = ("fastavro", "kafka-python", "openlineage-python", "psycopg", "apache-airflow")


def described() -> list[tuple[str, str]]:
    """Return what the machine is and what it has, each with its name."""
    memory = psutil.virtual_memory().total / 2**30
    return [
        ("cores", str(os.cpu_count())),
        ("processor", processor()),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("Apache Kafka", kafka()),
        *((name, version(name)) for name in PACKAGES),
    ]


def processor() -> str:
    """Return the processor's model."""
    cpuinfo = Path("/proc/cpuinfo")
    found = CPU.search(cpuinfo.read_text()) if cpuinfo.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def kafka() -> str:
    """Return the version of Kafka that benchmarks start."""
    jars = (REPOSITORY / "requirements" / "kafka-jars.txt").read_text()
    [number] = set(re.findall(r"^org\.apache\.kafka:kafka_2\.13:(\S+)", jars, re.MULTILINE))
    return str(number)
