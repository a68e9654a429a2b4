"""The report and the page of tables as people open them: accessible, readable on a phone, legible in print."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PAGES = ("report.html", "tables/index.html")


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, scheme: str) -> Iterator[Page]:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_no_barrier_that_axe_can_see(page: Page, made: Path, name: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto((made / name).as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_scrolls_one_way_only(page: Page, made: Path, name: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto((made / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_twice_the_size_still_fits(page: Page, made: Path) -> None:
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 at 200 % zoom
    page.goto((made / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_nothing_is_fetched(browser: Browser, made: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto((made / name).as_uri())
    page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_contents_lead_to_every_table(page: Page, made: Path) -> None:
    page.goto((made / "report.html").as_uri())
    links = page.locator(".contents a")
    targets = [link.get_attribute("href") or "" for link in links.all()]
    assert len(targets) > 20
    for target in targets:
        assert page.locator(target).count() == 1, target


def test_the_keyboard_reaches_the_report(page: Page, made: Path) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto((made / "report.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.url.endswith("#report")


def test_every_number_in_prose_is_the_one_in_its_table(page: Page, made: Path) -> None:
    """Follows each bound number to the tidy CSV of its table."""
    page.goto((made / "report.html").as_uri())
    bound = page.locator("data[data-cell]").all()
    checked = 0
    for number in bound:
        address = number.get_attribute("data-cell") or ""
        if address.startswith("release/"):
            continue
        table, row, column, measure = address.split("/")
        with (made / "tables" / "tidy" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            cells = {(line["row"], line["column"], line["measure"]): line["shown"] for line in csv.DictReader(file)}
        assert number.inner_text().rstrip("%") == cells[row, column, measure].rstrip("%")
        checked += 1
    assert checked > 15


def test_print_says_draft_on_paper(page: Page, made: Path) -> None:
    page.goto((made / "report.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator(".banner").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('main'), '::before').content") == '"DRAFT"'
