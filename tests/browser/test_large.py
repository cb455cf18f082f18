"""Large graphs in a browser: drawn, moved, and the page usable meanwhile.

`pytest -s tests/browser/test_large.py` prints how long each takes. Wall times are those of a
machine that other tests may keep busy; CPU time of the page and its worker is less of a lottery.
"""

from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow

RUN = "/#/dag-runs/01900000-0000-7000-8000-0000000000da"
# Remembers when the first node was painted.
OBSERVE = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('.lineage-node, .task-node')) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark('drawn')));
}).observe(document, { childList: true, subtree: true });
"""
TIMES = """
(answer) => {
  const data = performance.getEntriesByType('resource').find((each) => each.name.includes(answer));
  return {
    layout: performance.getEntriesByName('layout')[0].duration,
    drawn: performance.getEntriesByName('drawn')[0].startTime - data.responseEnd,
  };
}
"""
FRAMES = """
() => {
  window.frameTimes = [];
  let last = performance.now();
  const note = (now) => {
    window.frameTimes.push(now - last);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}
"""


class Watch:
    """Measures a page: times it noted itself, and CPU time of its process."""

    def __init__(self, page: Page, browser: Browser) -> None:
        """Begin before the page is loaded."""
        self._page = page
        self._session = browser.new_browser_cdp_session()
        page.add_init_script(OBSERVE)
        self._before = self._cpu()

    def told(self, what: str, answer: str) -> None:
        """Print how long it took from the answer of the API until a graph was drawn."""
        times: dict[str, Any] = self._page.evaluate(TIMES, answer)
        print(
            f"{what}: laid out in {times['layout']:.0f} ms, drawn {times['drawn']:.0f} ms after the"
            f" data, {self._cpu() - self._before:.1f} s of CPU for page and worker in all"
        )

    def moved(self, what: str) -> None:
        """Drag and zoom the graph; print how long frames took."""
        box = self._page.locator(".react-flow__pane").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + 30
        viewport = self._page.locator(".react-flow__viewport")
        before, place = self._cpu(), viewport.get_attribute("style")
        self._page.evaluate(FRAMES)
        self._page.mouse.move(x, y)
        self._page.mouse.down()
        for step in range(40):
            self._page.mouse.move(x - 10 * step, y + 5 * step)
        self._page.mouse.up()
        for _ in range(10):
            self._page.mouse.wheel(0, 60)
        assert viewport.get_attribute("style") != place
        frames = sorted(self._page.evaluate("window.frameTimes"))
        print(
            f"{what}: dragged and zoomed in {len(frames)} frames, median {median(frames):.0f} ms,"
            f" longest {frames[-1]:.0f} ms, {self._cpu() - before:.1f} s of CPU;"
            f" {self._page.locator('.react-flow__node').count()} nodes drawn"
        )

    def _cpu(self) -> float:
        found = self._session.send("SystemInfo.getProcessInfo")["processInfo"]
        return float(sum(each["cpuTime"] for each in found if each["type"] == "renderer"))


def test_two_thousand_nodes(page: Page, browser: Browser) -> None:
    watch = Watch(page, browser)
    page.goto("/#/graph?kind=dataset&name=table_0&down=50")

    expect(page.get_by_role("status").filter(has_text="2,000 nodes")).to_be_visible()
    # While the worker lays out, the page answers.
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lineage-node").first).to_be_visible()
    watch.told("2,000 nodes", "/graph?")

    watch.moved("2,000 nodes")


def test_five_hundred_tasks(page: Page, browser: Browser) -> None:
    watch = Watch(page, browser)
    page.goto(f"{RUN}?groups=open")

    expect(page.locator(".task-node").first).to_be_visible()
    expect(page.get_by_role("region", name="Tasks in time").get_by_role("row")).to_have_count(501)
    watch.told("500 tasks", "/dag-runs/")
    watch.moved("500 tasks")


def test_five_hundred_tasks_in_closed_groups(page: Page, browser: Browser) -> None:
    watch = Watch(page, browser)
    page.goto(RUN)

    groups = page.get_by_role("button", expanded=False)
    expect(groups).to_have_count(50)
    watch.told("500 tasks in 50 closed groups", "/dag-runs/")
