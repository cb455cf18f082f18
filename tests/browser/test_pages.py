"""The web application in a real browser, on the real API: what a person does and sees."""

import re
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

from consumer.api.settings import ApiSettings
from consumer.store.tokens import Tokens
from tests.support.http import serving
from tests.support.web_events import DAG, ERROR, FAILED_RUN

BY_AIRFLOW = f"/#/dag-runs/by-airflow/{DAG}/{quote(FAILED_RUN, safe='')}"
CUSTOMER_REVENUE = "warehouse.public.customer_revenue"
GRAPH = f"/#/graph?kind=dataset&name={CUSTOMER_REVENUE}&up=1&down=4"


def heading(page: Page, text: str) -> None:
    """Wait until a page has a heading of its own with this text."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_from_the_failed_run_to_its_cause_and_who_misses_it_by_clicks_alone(page: Page) -> None:
    page.goto("/")
    failed = page.get_by_role("region", name="Failed", exact=True)
    expect(failed.get_by_role("row").nth(1)).to_contain_text(ERROR)
    failed.get_by_role("link", name="customer_revenue", exact=True).click()

    heading(page, DAG)
    expect(page.get_by_role("region", name="What failed")).to_contain_text(ERROR)
    stale = page.get_by_role("region", name="What is stale now")
    expect(stale).to_contain_text("To be told: data-platform, team:sales")
    expect(page.get_by_label("Stack trace of try 1")).to_contain_text("SqlError")

    stale.get_by_role("link", name="sales.revenue").click()
    heading(page, "sales.revenue")
    expect(page.get_by_role("region", name="Schema now", exact=True).first).to_contain_text("share")
    page.get_by_role("link", name="refresh_sales").first.click()
    heading(page, "refresh_sales")


def test_a_run_shows_its_tasks_with_their_states(page: Page) -> None:
    page.goto(BY_AIRFLOW)

    graph = page.get_by_role("group", name=f"Task graph of {DAG}")
    expect(graph.locator(".task-node")).to_have_count(6)
    expect(graph.locator(".task-node.failed")).to_contain_text("customer_revenue")
    never_run = graph.locator(".task-node.upstream_failed")
    expect(never_run).to_contain_text(["country_revenue", "refresh_dashboard"])
    expect(graph.get_by_role("button", pressed=True)).to_contain_text("customer_revenue")
    timeline = page.get_by_role("region", name="Tasks in time")
    expect(timeline.locator(".bar-of.critical")).to_have_count(4)
    graph.locator(".task-node", has_text="clean_orders").click()
    wrote = page.get_by_role("region", name="Read and written")
    expect(wrote.get_by_role("link", name="warehouse.public.clean_orders")).to_be_visible()
    expect(page).to_have_url(re.compile(r"task=clean_orders"))


def test_groups_and_mapped_tasks_are_drawn(page: Page) -> None:
    page.goto("/#/?dag=complex_failure_dag")
    page.get_by_role("link", name="manual__").first.click()

    expect(page.locator(".group-node")).to_contain_text("checks")
    expect(page.locator(".task-node", has_text="load_region")).to_contain_text(
        "\N{MULTIPLICATION SIGN}3"
    )
    expect(page.locator(".task-node", has_text="flaky")).to_contain_text("2 tries")


def test_groups_close_and_open_by_keys_and_the_address_says_which(page: Page) -> None:
    page.goto("/#/?dag=complex_failure_dag")
    page.get_by_role("link", name="manual__").first.click()
    tasks, group = page.locator(".task-node:not(.group)"), page.get_by_role("button", name="checks")
    opened, closed = (
        group.and_(page.locator("[aria-expanded=true]")),
        group.and_(page.locator("[aria-expanded=false]")),
    )
    expect(opened).to_be_visible()
    all_tasks = tasks.count()

    opened.press("Enter")
    expect(closed).to_contain_text("1 failed")
    expect(closed).to_be_focused()
    assert tasks.count() < all_tasks
    page.reload()
    expect(closed).to_be_visible()

    closed.press("Space")
    expect(opened).to_be_focused()
    expect(tasks).to_have_count(all_tasks)
    page.get_by_role("button", name="Close all groups").click()
    expect(closed).to_be_visible()
    page.get_by_role("button", name="Open all groups").click()
    expect(tasks).to_have_count(all_tasks)


def test_a_graph_is_opened_further_and_its_address_shows_the_same_again(page: Page) -> None:
    page.goto(GRAPH)
    nodes = page.locator(".lineage-node")
    expect(nodes).to_have_count(8)

    page.get_by_role("button", name="More steps upstream").click()
    expect(nodes).to_have_count(10)
    page.get_by_role("button", name="Open columns").click()
    page.get_by_role("button", name="revenue numeric").click()
    expect(page.locator("button.lit")).to_have_count(5)
    expect(page.locator(".react-flow__edge.lit")).to_have_count(4)

    page.reload()
    expect(nodes).to_have_count(10)
    expect(page.locator("button.lit")).to_have_count(5)


def test_a_moment_in_the_past_shows_less(page: Page) -> None:
    page.goto(f"{GRAPH}&asOf=2026-11-22T21:40")
    expect(page.locator(".lineage-node")).to_have_count(6)

    page.get_by_role("button", name="Now").click()
    expect(page.locator(".lineage-node")).to_have_count(8)


def test_a_graph_can_be_taken_away(page: Page, tmp_path: Path) -> None:
    page.goto(GRAPH)
    for name, begin in (
        ("Export as SVG", b"<svg"),
        ("Export as PNG", b"\x89PNG"),
        ("Export for Mermaid", b"flowchart LR"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        content = file.read_bytes()
        assert content.startswith(begin)
        assert begin.startswith(b"\x89") or CUSTOMER_REVENUE.encode() in content


def test_search_is_there_on_every_page_and_leads_by_keys_alone(page: Page) -> None:
    for address in ("/", "/#/traffic", BY_AIRFLOW, GRAPH):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("/")
        page.keyboard.type("sales.rev")
        found = page.get_by_role("dialog").get_by_role("option")
        expect(found.first).to_contain_text("sales.revenue")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("customer revenue")
    found = page.get_by_role("dialog").get_by_role("option")
    expect(found).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text("Job")
    page.keyboard.press("Enter")
    heading(page, "orders_lineage_dag.customer_revenue")


def test_the_keyboard_reaches_tasks_and_the_focus_is_seen(page: Page) -> None:
    page.goto(BY_AIRFLOW)
    node = page.locator(".task-node", has_text="create_sources")
    expect(node).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if node.evaluate("node => node === document.activeElement"):
            break
    expect(node).to_be_focused()
    assert node.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("task=create_sources"))


def test_a_pipeline_run_shows_its_runs_in_time(page: Page) -> None:
    page.goto(BY_AIRFLOW)
    page.get_by_role("link", name="orders-manual__").click()

    heading(page, "Pipeline run")
    timeline = page.get_by_role("region", name="Runs in time")
    expect(timeline.get_by_role("link", name=DAG).first).to_be_visible()
    timeline.get_by_role("link", name="clean_orders").first.click()
    expect(page).to_have_url(re.compile("dag-runs/.*task=clean_orders"))


def test_inside_another_page_there_is_no_frame_around_it(page: Page) -> None:
    page.goto(f"/?embed=1{BY_AIRFLOW[1:]}")

    heading(page, DAG)
    expect(page.locator(".brand")).to_have_count(0)
    expect(page.get_by_label("Theme")).to_have_count(0)


def test_what_is_not_there_is_said(page: Page) -> None:
    page.goto("/#/dag-runs/nothing")
    expect(page.get_by_role("alert")).to_contain_text("DAG run 'nothing' not found.")
    page.goto("/#/graph?kind=dataset&name=warehouse.public.order")
    expect(page.get_by_role("alert")).to_contain_text("the nearest are")
    page.goto("/#/?dag=no_dag")
    expect(page.get_by_role("heading", name="No run of no_dag is stored")).to_be_visible()
    page.goto("/#/graph")
    expect(page.get_by_role("heading", name="A graph around what?")).to_be_visible()


def test_an_api_that_asks_for_tokens_is_given_one(browser: Browser, shown_url: str) -> None:
    with closing(Tokens(shown_url)) as tokens:
        token = tokens.create("a browser", ["read"])
    with serving(ApiSettings(shown_url, asks_for_tokens=True)) as api:
        context = browser.new_context(base_url=api.base)
        page = context.new_page()
        page.goto("/")
        expect(page.get_by_role("alert")).to_contain_text("expected a token")
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Use it").click()
        heading(page, "Latest DAG runs")
        context.close()
