"""Search, briefings, the reading of a released case and the register in a real browser, by mouse and by keyboard."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_ready import PASSWORD
from docx import Document
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server

HERE = Path(__file__).resolve().parent
LAPTOP, TABLET = {"width": 1366, "height": 768}, {"width": 820, "height": 1180}
ZOOMED = {"width": 683, "height": 384}
"""A laptop at 200 % zoom."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    study = tmp_path_factory.mktemp("library") / "study"
    command = [sys.executable, str(HERE / "library_study.py"), str(study)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    started = Server(study)
    yield started
    started.stop()


@pytest.fixture
def signed(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Signs a person in; whatever the pages said on the console fails the test."""
    said: list[str] = []
    contexts = []

    def made(name: str, **look: object) -> Page:
        context = browser.new_context(**({"viewport": LAPTOP} | look))  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{server.address}/sign-in/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    yield made
    assert said == []
    for context in contexts:
        context.close()


def test_a_trainer_finds_a_passage_and_leaves_with_a_briefing(
    signed: Callable[..., Page], server: Server, tmp_path: Path
) -> None:
    page = signed("tess")
    page.get_by_role("link", name="Search").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("mental health, 2023")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Year: 2023")).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    assert "Jonah" not in page.content()
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("b")
    expect(page.locator("#said")).to_contain_text("1 in")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("b")
    expect(page.locator("#said")).to_contain_text("2 in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/released/**")
    expect(page.locator(".p:target")).to_be_visible()
    page.get_by_role("link", name="Briefings").click()
    page.get_by_role("link", name="Briefing without a title").click()
    expect(page.get_by_role("button", name="Download for Word")).to_be_disabled()
    page.get_by_label("Title", exact=True).fill("Listening to children of ill parents")
    page.get_by_label("Your own words", exact=True).fill("For the autumn session.")
    page.get_by_role("button", name="Keep title and words").click()
    page.get_by_role("button", name="Passage 1 a sentence longer").click()
    page.get_by_label("I have read every quotation").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for Word").click()
    assert download.value.suggested_filename == "listening-to-children-of-ill-parents.docx"
    download.value.save_as(tmp_path / "briefing.docx")
    told = "\n".join(each.text for each in Document(str(tmp_path / "briefing.docx")).paragraphs)
    assert "local child safeguarding practice review" in told
    assert "2023" in told
    assert "Jonah" not in told
    assert "Castleharne" not in told


def addresses(page: Page, server: Server) -> list[str]:
    """The addresses of every page that has one of a kind, for the person who is signed in."""
    told = [
        "/search/",
        "/search/?q=mother",
        "/search/?q=mother+helicopter",
        "/search/?q=teacher+nurse",
        "/browse/",
        "/briefing/",
    ]
    page.goto(f"{server.address}/search/?q=mother")
    told.append(page.locator(".hit .acts a").first.get_attribute("href") or "")
    reading = page.locator(".open").first.get_attribute("href") or ""
    told += [reading] if "/released/" in reading else []
    if page.locator("button.add").count():
        page.locator("button.add").first.click()
        expect(page.locator("#said")).to_contain_text("in")
    page.goto(f"{server.address}/briefing/")
    told.append(page.locator(".briefing-list a").first.get_attribute("href") or "")
    page.goto(f"{server.address}/register/")
    if page.locator(".register").count():
        told += ["/register/", "/register/?overdue=on", page.locator(".open").first.get_attribute("href") or ""]
    return told


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("person", ["owner", "tess"])
def test_no_barrier_and_no_sideways_scrolling(
    browser: Browser, signed: Callable[..., Page], server: Server, person: str, scheme: str
) -> None:
    page = signed(person, color_scheme=scheme)
    for address in addresses(page, server) if person == "owner" else _calmly(page, server):
        for size in (LAPTOP, TABLET, ZOOMED):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(server.address + address)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (address, size)
        page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
        found = Axe().run(page)
        assert found.violations_count == 0, address + found.generate_report()


def _calmly(page: Page, server: Server) -> list[str]:
    """A trainer's addresses; the register, which he may not open, answers 403 and the browser says so."""
    page.route("**/register/", lambda route: route.fulfill(status=200, body="<html></html>", content_type="text/html"))
    return addresses(page, server)


def test_proposals_are_confirmed_and_dismissed_by_keyboard(signed: Callable[..., Page], server: Server) -> None:
    page = signed("owner")
    page.goto(f"{server.address}/register/?status=proposed")
    rows = page.locator("tr.hit")
    counts = page.locator("#register-counts")
    unread = int(counts.inner_text().split(" that nobody")[0].split()[-1])
    whole = int(counts.inner_text().split()[0])
    page.keyboard.press("a")  # nothing has the focus: it leads into the list, and does nothing yet
    expect(rows.first.locator(".open")).to_be_focused()
    expect(rows.first.get_by_role("button", name="Confirm")).to_be_visible()
    page.keyboard.press("a")
    expect(rows.first).to_contain_text("confirmed")
    expect(counts).to_contain_text(f"{unread - 1} that nobody")
    expect(rows.nth(1).locator(".open")).to_be_focused()
    page.keyboard.press("x")
    expect(rows.nth(1)).to_contain_text("dismissed")
    expect(counts).to_contain_text(f"{whole - 1} in the register")
    expect(rows.nth(2).locator(".open")).to_be_focused()
    assert len(server.rows("SELECT 1 FROM store_recommendation WHERE retracted")) == 1


def test_an_action_plan_is_attached_and_saved_again(
    signed: Callable[..., Page], server: Server, tmp_path: Path
) -> None:
    page = signed("owner")
    page.goto(f"{server.address}/register/?overdue=on")
    page.locator(".open").first.click()
    plan = tmp_path / "Plan <b>of the Board.txt"
    plan.write_text("Fictional plan.", encoding="utf-8")
    page.get_by_label("Action plan or response of the Board").set_input_files(plan)
    page.get_by_role("button", name="Attach").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Plan").last.click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == "Fictional plan."
    expect(page.get_by_text("No other review in the study asks for the same.")).to_be_visible()
