"""Lineage as a person sees it in Airflow's own pages, in a browser."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from services.state import STATE
from tests.fixtures.browser import WAIT
from tests.support.kept_dag import KEPT
from tests.support.sample_dags import Outcome

pytestmark = pytest.mark.slow

PICTURES = STATE / "screenshots"
FAILED = "checks.match_customers"
ERROR = "12 orders have no customer"


@pytest.fixture
def airflow(outcome: Outcome, connected: httpx.Client, browser: Browser) -> Iterator[Page]:
    """Yield a page whose addresses are Airflow's, of one who may see everything."""
    context = browser.new_context(
        base_url=outcome.airflow.settings.url,
        viewport={"width": 1600, "height": 1000},
        color_scheme="light",
    )
    context.set_default_timeout(WAIT)
    yield context.new_page()
    context.close()


def _run(outcome: Outcome) -> str:
    return f"/dags/{KEPT}/runs/{quote(outcome.run_ids[KEPT], safe='')}"


def _tab(page: Page) -> FrameLocator:
    """Open the tab Lineage of the page that is shown; return what is in it."""
    # Airflow's navigation, which is there earlier, has a link of the same name.
    of_a_dag = page.locator("a[href*='/dags/']")
    page.get_by_role("link", name="Lineage", exact=True).and_(of_a_dag).click()
    return page.frame_locator("iframe[title=Lineage]")


def _picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(PICTURES, f"airflow-{name}.png"))


def test_from_a_failed_run_in_airflow_to_its_cause(outcome: Outcome, airflow: Page) -> None:
    airflow.goto(_run(outcome))
    tab = _tab(airflow)

    failed = tab.get_by_role("region", name="What failed")
    expect(failed).to_contain_text(ERROR)
    expect(tab.get_by_label("Stack trace of try 1").first).to_contain_text("ValueError")
    expect(tab.locator(".task-node.failed")).to_contain_text("match_customers")
    _picture(airflow, "light")

    tab.get_by_role("link", name="Where its data comes from and goes to").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(f"{KEPT}.{FAILED}")
    tab.get_by_role("link", name="DAG runs").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Latest DAG runs")
    tab.get_by_role("link", name="orders_lineage_dag").first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("orders_lineage_dag")


def test_the_theme_is_airflows(outcome: Outcome, airflow: Page) -> None:
    airflow.add_init_script("localStorage.setItem('theme', 'dark')")
    airflow.goto(_run(outcome))
    tab = _tab(airflow)

    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    expect(tab.get_by_role("region", name="What failed")).to_be_visible()
    _picture(airflow, "dark")
    airflow.evaluate("document.documentElement.classList.replace('dark', 'light')")
    expect(tab.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize(
    ("below", "text"),
    [
        ("", f"Runs of {KEPT}"),
        (f"/tasks/{FAILED}", f"{KEPT}.{FAILED}"),
        (f"/runs/{{run}}/tasks/{FAILED}", KEPT),
    ],
    ids=["dag", "task", "task instance"],
)
def test_every_kind_of_page_has_the_tab(
    outcome: Outcome, airflow: Page, below: str, text: str
) -> None:
    run = quote(outcome.run_ids[KEPT], safe="")
    airflow.goto(f"/dags/{KEPT}{below.format(run=run)}")

    expect(_tab(airflow).get_by_role("heading", level=1)).to_contain_text(text)
