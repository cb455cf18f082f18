"""The application's page as the API serves it, and the types that it is made with."""

import re
import subprocess
from pathlib import Path

import pytest
import requests

from consumer.api import openapi
from consumer.api.routes import pages
from tests.support.corpus import REPOSITORY
from tests.support.http import Client

WEB = REPOSITORY / "web"


def test_the_page_and_what_it_loads_come_from_the_api_alone(api: Client) -> None:
    page = requests.get(f"{api.base}/", timeout=30)

    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert page.headers["Cache-Control"] == "no-cache"
    loaded = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page.text)
    assert len(loaded) >= 2
    for each in loaded:
        assert requests.get(f"{api.base}/{each}", timeout=30).status_code == 200
    assert "//" not in re.sub(r"(?s)<!--.*?-->", "", page.text)


def test_where_it_is_not_built_the_page_says_what_to_do(
    api: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "bundle", lambda: tmp_path)

    page = requests.get(f"{api.base}/", timeout=30)

    assert page.status_code == 503
    assert "make web" in page.text


def test_the_bundle_is_small() -> None:
    assets = WEB / "dist" / "assets"
    scripts = [each for each in assets.glob("*.js") if not each.name.startswith("elk-worker")]
    packed = sum(
        len(subprocess.run(["gzip", "-c", each], capture_output=True, check=True).stdout)
        for each in scripts
    )
    assert 50_000 < packed < 300_000


def test_the_types_of_the_application_are_those_of_the_api() -> None:
    command = WEB / "node_modules" / ".bin" / "openapi-typescript"
    made = subprocess.run(
        [command, "--alphabetize"],
        input=openapi.page(),
        capture_output=True,
        text=True,
        check=True,
        cwd=WEB,
    )
    assert made.stdout == (WEB / "src" / "api" / "schema.ts").read_text(), "run `npm run types`"


def test_the_lock_file_names_no_registry() -> None:
    lock = (WEB / "package-lock.json").read_text()
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
