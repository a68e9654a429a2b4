"""Two orders of decisions are settled as one in real Chromium, by the keyboard alone; the page has no barrier."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server

PASSWORD = "a calm long password 7"
SIZES = {
    "laptop": {"width": 1366, "height": 768}, "tablet": {"width": 820, "height": 1180},
    "zoomed": {"width": 683, "height": 384},
}  # fmt: skip
ORDER = """SELECT s.decision_type, s.agency FROM store_settledstep s JOIN store_adjudication a
ON a.id = s.adjudication_id WHERE NOT a.retracted ORDER BY s."order" """


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("sequences") / "study"
    script = Path(__file__).with_name("sequences_study.py")
    subprocess.run([sys.executable, str(script), str(folder)], check=True, timeout=200)
    running = Server(folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cookies(browser: Browser, server: Server) -> object:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/sign-in/")
    page.get_by_label("Name").fill("cyn")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.address}/")
    return context.storage_state()


@pytest.fixture
def opened(browser: Browser, server: Server, cookies: object) -> Iterator[object]:
    """Opens the page of the case: opened("laptop", "dark")."""
    contexts = []

    def made(size: str = "laptop", scheme: str = "light") -> Page:
        context = browser.new_context(storage_state=cookies, viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server.address}/settle/{server.case('scr-pellmoor-child-m.pdf')}/")
        return page

    yield made
    for each in contexts:
        each.close()


def picture(page: Page, name: str) -> None:
    if place := os.environ.get("CASELORE_PICTURES"):
        page.screenshot(path=Path(place) / f"{name}.png", full_page=True)


def order(page: Page) -> list[str]:
    return page.locator("#order select[name=type]").evaluate_all("all => all.map((each) => each.value)")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def settled(page: Page, server: Server, state: str, name: str) -> None:
    """No barrier, no word on the console, no scrolling sideways: of the open page or of the settled one."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    picture(page, f"sequences-{state}-{name}")


@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_page_has_no_barrier_and_fits(opened, server: Server, size: str, scheme: str) -> None:
    page = opened(size, scheme)
    expect(page.locator("tr.line")).to_have_count(7)
    page.locator(".take").nth(1).click()
    settled(page, server, "open", f"{size}-{scheme}")


def test_an_order_is_settled_by_the_keyboard_alone(opened, server: Server) -> None:
    page = opened()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    alike = ["referral_made", "assessment", "medical_examination"]
    assert order(page) == alike
    press(page, "j", "t")
    expect(page.locator(":focus")).to_have_attribute("data-whose", "ben 2")
    press(page, "Enter")  # the meeting, where ben has it
    assert order(page) == [alike[0], "strategy_or_marac_meeting", *alike[1:]]
    press(page, "t", "Enter")  # ann's words for it join, wherever she has it
    expect(page.locator("#order .whose").nth(1)).to_have_text("ann 3, ben 2")
    press(page, "t", "Enter", "t", "Enter", "ArrowRight", "Enter")
    assert order(page)[-2:] == ["early_help_offered", "no_further_action"]
    expect(page.locator("#order .whose").last).to_have_text("ann 5, ben 6")
    press(page, "ArrowUp", "Enter", "Enter")  # given back, and taken again
    assert len(order(page)) == 6
    picture(page, "sequences-made")
    press(page, "o", "ArrowDown", "}")  # the meeting after the assessment
    expect(page.locator("#order-said")).to_contain_text("is now step 3 of 6")
    assert order(page)[1:3] == ["assessment", "strategy_or_marac_meeting"]
    press(page, "{", "ArrowDown", "ArrowDown", "ArrowDown", "x")  # back, and early help is left out
    assert len(order(page)) == 5
    press(page, "o", "Shift+Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "agency")
    page.keyboard.type("police")
    press(page, "Escape", "r")
    press(page, "Control+Enter")  # no reason yet: the browser says so, nothing is sent
    assert server.rows(ORDER) == []
    page.keyboard.type("The chronology on page 3 has the meeting first.")
    press(page, "Control+Enter")
    expect(page.get_by_text("Every difference on this case is settled")).to_be_visible()
    assert server.rows(ORDER) == [
        ("referral_made", "police"), ("strategy_or_marac_meeting", "police"), ("assessment", "childrens_social_care"),
        ("medical_examination", "health_acute"), ("no_further_action", "childrens_social_care"),
    ]  # fmt: skip
    assert said == []
    settled(page, server, "settled", "laptop-light")
    page.get_by_role("button", name="Undo my last settlement").focus()
    press(page, "Enter")
    expect(page.locator("section.course.open")).to_be_visible()
    assert server.rows(ORDER) == []
    page.get_by_role("button", name="Do it again").focus()
    press(page, "Enter")
    expect(page.locator(".final li")).to_have_count(5)
    settled(opened("tablet", "dark"), server, "settled", "tablet-dark")
