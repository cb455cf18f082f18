"""Jars from Maven Central, each checked against its pinned hash: by Maven, else by jgo."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from services.errors import DemoError
from services.process import run
from services.state import DOWNLOADS, REPOSITORY, waiting_lock

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
{dependencies}
</dependencies></project>
"""
DEPENDENCY = (
    "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
    "<version>{version}</version><type>{packaging}</type><classifier>{classifier}</classifier>"
    "<exclusions><exclusion><groupId>*</groupId>"
    "<artifactId>*</artifactId></exclusion></exclusions></dependency>"
)


@dataclass(frozen=True)
class Jar:
    """One jar of Maven Central, named exactly."""

    group: str
    artifact: str
    version: str
    sha256: str
    packaging: str = "jar"
    classifier: str = ""

    @property
    def file(self) -> str:
        """The file's name in a folder of jars."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{classifier}.{self.packaging}"


def read_jars(file: Path) -> list[Jar]:
    """Read lines of `group:artifact:version[:packaging:classifier] sha256`; `#` is a comment."""
    lines = [line.split("#")[0].split() for line in file.read_text().splitlines()]
    return [_jar(*line) for line in lines if line]


def _jar(coordinates: str, sha256: str) -> Jar:
    group, artifact, version, *rest = coordinates.split(":")
    return Jar(group, artifact, version, sha256, *rest)


def fetch(jars: list[Jar], folder: Path) -> None:
    """Make `folder` hold all `jars`; what is there and whole is not fetched again."""
    with waiting_lock(DOWNLOADS / "maven.lock"):
        if not _missing(jars, folder):
            return
        scratch = DOWNLOADS / "maven"
        scratch.mkdir(parents=True, exist_ok=True)
        fetched = _with_maven(jars, scratch) if shutil.which("mvn") else _with_jgo(jars, scratch)
        folder.mkdir(parents=True, exist_ok=True)
        by_name = {file.name: file for file in fetched.rglob("*-*")}
        for jar in _missing(jars, folder):
            if jar.file in by_name:
                shutil.copyfile(by_name[jar.file], folder / jar.file)
        shutil.rmtree(scratch)
        if missing := _missing(jars, folder):
            names = ", ".join(jar.file for jar in missing)
            raise DemoError(f"expected the pinned hash of {names}, got another or no file")


def _missing(jars: list[Jar], folder: Path) -> list[Jar]:
    def whole(jar: Jar) -> bool:
        file = folder / jar.file
        return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == jar.sha256

    return [jar for jar in jars if not whole(jar)]


def _with_maven(jars: list[Jar], scratch: Path) -> Path:
    dependencies = "\n".join(DEPENDENCY.format(**asdict(jar)) for jar in jars)
    pom = scratch / "pom.xml"
    pom.write_text(POM.format(dependencies=dependencies))
    run(
        ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
        + [f"-DoutputDirectory={scratch / 'jars'}"],
        scratch.with_suffix(".log"),
        "Maven could not fetch the jars: check the network and Maven's settings",
    )
    return scratch / "jars"


def _with_jgo(jars: list[Jar], scratch: Path) -> Path:
    tool = DOWNLOADS / "jgo"
    install_wheels(REPOSITORY / "requirements" / "maven.txt", tool)
    coordinates = ",\n".join(f'"{_for_jgo(jar)}"' for jar in jars)
    settings = (
        f'[dependencies]\ncoordinates = [\n{coordinates}\n]\n[settings]\ncache_dir = ".jgo"\n'
    )
    (scratch / "jgo.toml").write_text(settings)
    with (scratch.with_suffix(".log")).open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "jgo", "--links", "copy", "sync"],
            cwd=scratch,
            env={**os.environ, "PYTHONPATH": str(tool)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        raise DemoError(
            "jgo could not fetch the jars: check the network, or install Maven"
            f" (log: {scratch.with_suffix('.log')})"
        )
    return scratch


def _for_jgo(jar: Jar) -> str:
    plain = f"{jar.group}:{jar.artifact}:{jar.version}"
    return plain if jar.packaging == "jar" else f"{plain}:{jar.classifier}:{jar.packaging}"


def install_wheels(requirements: Path, folder: Path) -> None:
    """Install hash-pinned wheels into `folder`, apart from our own environment."""
    if (folder / "complete").exists():
        return
    run(
        [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes"]
        + ["--target", folder, "-r", requirements],
        DOWNLOADS / f"{folder.name}.log",
        f"could not install {requirements.name}: check the network and pip's settings",
    )
    (folder / "complete").touch()
