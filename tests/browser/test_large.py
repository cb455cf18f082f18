"""Large graphs in a browser: they are drawn, and the page stays usable meanwhile."""

import pytest
from playwright.sync_api import Page, expect

MEASURES = "() => performance.getEntriesByName('layout').map((each) => each.duration)"


def told(page: Page, what: str) -> None:
    """Print how long the layout took; the machine may be busy with other things."""
    times = ", ".join(f"{duration:.0f} ms" for duration in page.evaluate(MEASURES))
    print(f"{what}: laid out in {times}")


@pytest.mark.slow
def test_two_thousand_nodes(page: Page) -> None:
    page.goto("/#/graph?kind=dataset&name=table_0&down=50")

    expect(page.get_by_role("status").filter(has_text="2,000 nodes")).to_be_visible()
    # While the worker lays out, the page answers.
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lineage-node").first).to_be_visible()
    told(page, "2,000 nodes")


@pytest.mark.slow
def test_five_hundred_tasks(page: Page) -> None:
    page.goto("/#/?dag=wide")
    page.get_by_role("link", name="01900000").click()

    expect(page.locator(".task-node").first).to_be_visible()
    expect(page.get_by_role("region", name="Tasks in time").get_by_role("row")).to_have_count(501)
    told(page, "500 tasks")
