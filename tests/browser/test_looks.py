"""Every page in light and dark, at two widths: fit for screen readers, and kept as pictures."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from services.state import STATE
from tests.browser.test_pages import BY_AIRFLOW, GRAPH
from tests.support import corpus
from tests.support.corpus import REPOSITORY
from tests.support.web_events import FAILED_RUN

AXE = REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = STATE / "screenshots"
TABLE = "warehouse.public.customer_revenue"
NAMESPACE = quote(quote(corpus.namespace_of(TABLE, corpus.sample_dags()), safe=""), safe="")
COLUMN = f"dataset/{NAMESPACE}/{TABLE}"
PAGES = {
    "start": ("/", "table"),
    "run": (BY_AIRFLOW, ".task-node"),
    "graph": (f"{GRAPH}&columns={COLUMN}&column={COLUMN}/revenue", "button.lit"),
    "dataset": ("/#/dataset?name=sales.revenue", "figure"),
    "pipeline": (f"/#/pipeline-runs/orders-{quote(FAILED_RUN, safe='')}", ".bar-of"),
    "traffic": ("/#/traffic", "table"),
}
RUN_AXE = """
async () => (await axe.run({ resultTypes: ['violations'] })).violations
  .filter((each) => ['serious', 'critical'].includes(each.impact))
  .map((each) => each.id + ': ' + each.nodes.map((node) => node.html).join(' | '))
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(page: Page, name: str, theme: str) -> None:
    address, awaited = PAGES[name]
    page.goto("/#/no-such-page")
    page.get_by_label("Theme").select_option(theme)
    page.goto(address)
    expect(page.locator(awaited).first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (1920, 1280):
        page.set_viewport_size({"width": width, "height": width * 2 // 3})
        page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN_AXE) == []


def test_the_theme_is_the_systems_until_one_is_chosen(page: Page) -> None:
    page.goto("/#/traffic")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_label("Theme").select_option("light")
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")
