"""docs/command-line.md is what the programs' parsers say."""

import os

from services.state import REPOSITORY
from tests.support import command_line_page

PAGE = REPOSITORY / "docs" / "command-line.md"


def test_the_page_is_what_the_parsers_say() -> None:
    page = command_line_page.page()
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page


def test_every_command_is_on_it() -> None:
    page = PAGE.read_text()
    assert "### openlineage-avro-consumer query upstream\n" in page
    assert "### openlineage-avro spool status\n" in page
    assert page.count("### ") > 30
