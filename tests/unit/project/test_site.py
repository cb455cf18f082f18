"""The documentation builds as a site that loads nothing from elsewhere, and reads well without."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from services.state import REPOSITORY
from tests.support import documents

LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")
# What a browser loads by itself, and the attribute that says from where.
LOADED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "object": "data",
}


class Loaded(HTMLParser):
    """Collects the addresses of what a page loads."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address of a tag that loads something; rel=canonical and the like do not."""
        given = dict(attrs)
        address = given.get(LOADED.get(tag, ""))
        if address and given.get("rel") not in ("canonical", "next", "prev"):
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)]
    done = subprocess.run(build, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return folder


def test_every_page_is_built(site: Path) -> None:
    of_docs = {each.stem for each in (REPOSITORY / "docs").glob("*.md")} - {"README"}
    assert of_docs <= {each.stem for each in site.glob("*.html")}
    assert (site / "index.html").exists()
    assert (site / "repository" / "schemas" / "index.html").exists()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        reader = Loaded()
        reader.feed(page.read_text())
        assert reader.addresses
        assert [each for each in reader.addresses if re.match(r"(https?:)?//", each)] == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//|@import", style.read_text()), style


def test_links_lead_on_the_site_to_where_they_do_in_the_repository(site: Path) -> None:
    page = (
        site / "README.html" if (site / "README.html").exists() else site / "index.html"
    ).read_text()
    assert 'href="repository/schemas/index.html"' in page
    architecture = (site / "repository" / "ARCHITECTURE.html").read_text()
    assert 'href="../configuration.html"' in architecture


@pytest.mark.parametrize("page", documents.pages(), ids=documents.name_of)
def test_a_link_leads_to_a_file(page: Path) -> None:
    prose = documents.BLOCK.sub("", page.read_text())
    missing = [link for link in LINK.findall(prose) if not (page.parent / link).exists()]
    assert missing == []
