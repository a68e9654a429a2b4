"""The coding page in real Chromium against a real server: from a new study to decisions, by keyboard only."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server, made

REVIEW, LISTING = "scr-pellmoor-child-m.pdf", "listing-repository-2017-2020.txt"
LAPTOP, TABLET, ZOOMED = {"width": 1366, "height": 768}, {"width": 820, "height": 1180}, {"width": 683, "height": 384}
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "coding.png"
BOUNCE_MS = 160
"""A key that comes again sooner than this decides nothing."""

OWN = (
    "SELECT origin, field, code FROM store_coding c JOIN store_pass p ON p.id = c.pass_id"
    " WHERE p.machine = 0 AND NOT c.retracted"
)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("coding") / "study", REVIEW, LISTING)


@pytest.fixture
def study(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "study"))


@pytest.fixture
def server(study: Path) -> Iterator[Server]:
    running = Server(study)
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]
    context.new_page().goto(server.key_address)
    context.pages[0].close()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [words for words in said if "Failed to load resource" not in words] == []


def opened(page: Page, server: Server, name: str = REVIEW, query: str = "") -> Page:
    page.goto(f"{server.address}/case/{server.case(name)}/{query}")
    page.wait_for_selector("#coding[data-ready]")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.wait_for_timeout(BOUNCE_MS)
        page.keyboard.press(key)
    settled(page)


def settled(page: Page) -> None:
    for _ in range(400):  # the page's policy forbids the scripts that waiting for a function would need
        if page.evaluate("Coding.idle()"):
            break
        page.wait_for_timeout(25)
    expect(page.locator("#saved")).to_have_text("Saved")


def first_proposal(page: Page) -> str:
    """Bring the cursor to the first proposal without a decision; its id."""
    page.evaluate("Coding.to(document.querySelector('#rows .item.proposal:not(.said, .step)'))")
    return str(page.evaluate("Coding.item().dataset.id"))


def test_from_the_first_page_to_the_first_accepted_code_by_keyboard(page: Page, server: Server) -> None:
    page.goto(server.address)
    focused = ""
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent.trim()")
        if focused == "Code":
            break
    assert focused == "Code"
    page.keyboard.press("Enter")
    page.wait_for_selector("#coding[data-ready]")
    field = page.evaluate("Coding.item().dataset.field")
    press(page, "a")
    expect(page.locator("#rows .item.accepted")).to_have_count(1)
    assert [(origin, name) for origin, name, _ in server.rows(OWN)] == [("accepted", field)]
    press(page, "u")
    expect(page.locator("#rows .item.accepted")).to_have_count(0)
    assert server.rows(OWN) == []


def test_undo_outlives_a_kill_of_the_server(browser: Browser, study: Path) -> None:
    server = Server(study)
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.key_address)
    opened(page, server)
    proposal = first_proposal(page)
    press(page, "x")
    expect(page.locator(f"#i-{proposal}")).to_have_class(re.compile("rejected"))
    server.stop()
    server = Server(study)
    try:
        page.goto(server.key_address)
        opened(page, server)
        expect(page.locator(f"#i-{proposal}")).to_have_class(re.compile("rejected"))
        press(page, "u")
        expect(page.locator(f"#i-{proposal}")).not_to_have_class(re.compile("rejected"))
    finally:
        context.close()
        server.stop()


def test_passages_are_selected_and_coded_by_keyboard(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.press("/")
    page.keyboard.type("educated at home")
    expect(page.locator("#found")).to_contain_text("1 of")
    page.keyboard.press("Escape")
    assert "educated at home" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    words = page.evaluate("Coding.selectedWords()")
    assert words[0].startswith("1.2 M had been educated at home")
    assert words[0].endswith("months of her")
    page.keyboard.press("t")
    page.keyboard.press("j")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("c")
    page.keyboard.type("learning themes voice")
    expect(page.locator("#options [aria-selected=true]")).to_contain_text("voice", ignore_case=True)
    page.keyboard.press("Enter")
    settled(page)
    (row,) = server.rows(OWN)
    assert row[0] == "added"
    quotes = [
        quote
        for (quote,) in server.rows(
            "SELECT quote FROM store_codingevidence e JOIN store_coding c ON c.id = e.coding_id"
            ' WHERE c.origin = ? ORDER BY e."order"',
            "added",
        )
    ]
    assert len(quotes) == 2
    assert " ".join(str(quotes[0]).split()) == words[0]
    expect(page.locator("#text mark.own").first).to_be_visible()
    press(page, "u")
    assert server.rows(OWN) == []
    expect(page.locator("#text mark.own")).to_have_count(0)


def test_words_are_selected_by_mouse(page: Page, server: Server) -> None:
    opened(page, server)
    passage = page.locator(".p", has_text="This is a fictional review")
    box = passage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 8, steps=4)
    page.mouse.up()
    expect(page.locator("#basket")).to_contain_text("This is a")
    page.locator("#basket button", has_text="Drop").click()
    expect(page.locator("#basket")).to_be_hidden()


def test_answers_notes_and_the_sequence_by_keyboard(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.press("g")
    page.keyboard.type("ethnicity")
    page.keyboard.press("Enter")
    expect(page.locator("#h-ethnicity")).to_be_focused()
    press(page, "2")
    expect(page.locator("#f-ethnicity .item.own")).to_contain_text("not mentioned")
    page.keyboard.press("3")
    page.keyboard.type("Two passages say different things.")
    press(page, "Enter")
    expect(page.locator("#f-ethnicity .item.own .label")).to_have_text("unclear")
    page.keyboard.press("m")
    page.keyboard.type("Ask the second coder <script>alert(1)</script>")
    press(page, "Control+Enter")
    expect(page.locator("#g-notes .words")).to_have_text("Ask the second coder <script>alert(1)</script>")
    page.evaluate("Coding.to(document.querySelector('.item.step.proposal'))")
    press(page, "a")
    expect(page.locator(".item.step.own")).to_have_count(1)
    press(page, "a")
    expect(page.locator(".item.step.own")).to_have_count(2)
    last = page.locator(".item.step.own .label").nth(1).inner_text()
    page.evaluate("Coding.to(document.querySelectorAll('.item.step.own')[1])")
    press(page, "{")
    expect(page.locator(".item.step.own .label").nth(0)).to_have_text(last)
    for _ in range(6):
        press(page, "u")
    expect(page.locator(".item.step.own")).to_have_count(0)
    expect(page.locator("#g-notes .words")).to_have_count(0)
    assert server.rows(OWN) == []


def test_an_act_is_kept_while_the_server_is_away_and_is_never_doubled(browser: Browser, study: Path) -> None:
    server = Server(study)
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.key_address)
    try:
        opened(page, server)
        first_proposal(page)
        context.set_offline(True)
        page.keyboard.press("a")
        expect(page.locator("#saved")).to_contain_text("Not saved yet")
        context.set_offline(False)
        settled(page)
        assert len(server.rows(OWN)) == 1
        # The answer is lost on its way, so that the page sends the same act again.
        lost: list[str] = []

        def lose(route: object) -> None:
            if not lost:
                route.fetch()  # type: ignore[attr-defined]
                lost.append("once")
                route.abort()  # type: ignore[attr-defined]
            else:
                route.continue_()  # type: ignore[attr-defined]

        page.route("**/do/**", lose)
        first_proposal(page)
        page.wait_for_timeout(BOUNCE_MS)
        page.keyboard.press("a")
        page.wait_for_timeout(300)
        settled(page)
        assert lost == ["once"]
        assert len(server.rows(OWN)) == 2
        press(page, "u", "u")
        assert server.rows(OWN) == []
    finally:
        context.close()
        server.stop()


def test_a_second_tab_is_told_the_new_state(page: Page, context: BrowserContext, server: Server) -> None:
    opened(page, server)
    other = opened(context.new_page(), server)
    proposal = first_proposal(page)
    first_proposal(other)
    press(page, "a")
    other.keyboard.press("x")
    expect(other.locator("#said")).to_contain_text("in another tab")
    expect(other.locator(f"#i-{proposal}")).to_have_class(re.compile("accepted"))
    press(page, "u")


def test_the_place_is_kept(page: Page, server: Server) -> None:
    opened(page, server)
    page.evaluate("document.getElementById('text').scrollTop = 1800")
    press(page, "j", "j", "j")
    item = page.evaluate("Coding.item().id")
    place = page.evaluate("Coding.placeNow()")
    with page.expect_request("**/place/"):
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(200)
    opened(page, server)
    assert page.evaluate("Coding.item().id") == item
    again = page.evaluate("Coding.placeNow()")
    assert again["passage"] == place["passage"]
    assert abs(float(again["scroll"]) - float(place["scroll"])) < 3


def test_the_blur_lifts_by_a_key(page: Page, server: Server) -> None:
    opened(page, server)
    graphic = page.locator(".p.graphic").first
    page.evaluate("Coding.toPassage(document.querySelector('.p.graphic'))")
    assert graphic.evaluate("e => getComputedStyle(e).filter") != "none"
    page.keyboard.press("b")
    assert graphic.evaluate("e => getComputedStyle(e).filter") == "none"
    assert page.locator(".note").first.inner_text()


def test_the_whole_document_is_a_key_away_from_a_case_of_a_listing(page: Page, server: Server) -> None:
    opened(page, server, LISTING)
    few = page.evaluate("document.querySelectorAll('.leaf').length")
    page.get_by_role("link", name="The whole document").click()
    page.wait_for_selector("#coding[data-ready]")
    assert page.evaluate("document.querySelectorAll('.leaf').length") > few
    assert page.locator(".p.outside").count() > 0


def test_the_key_sheet_opens_and_keys_can_be_switched_off(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.press("?")
    expect(page.locator("#sheet")).to_be_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    first_proposal(page)
    page.keyboard.press("a")
    page.wait_for_timeout(150)
    assert server.rows(OWN) == []
    page.evaluate("document.getElementById('keys-on').click()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, TABLET, ZOOMED], ids=["laptop", "tablet", "zoomed"])
def test_no_barrier_that_axe_can_see(page: Page, server: Server, scheme: str, size: dict[str, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    opened(page, server)
    for keys in ([], ["?"], ["Escape", "c"], ["Escape", "p"]):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(80)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_targets_are_large_enough_for_a_finger(page: Page, server: Server) -> None:
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    opened(page, server)
    small = page.evaluate(
        """() => [...document.querySelectorAll('#coding button, #coding summary, #coding a')].filter((each) => {
             const box = each.getBoundingClientRect();
             return box.width && (box.width < 24 || box.height < 23.9);
           }).map((each) => each.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_picture_for_the_manual(page: Page, server: Server) -> None:
    opened(page, server)
    press(page, "a", "a")
    page.evaluate("Coding.bring(document.querySelector('#text mark.own'))")
    page.wait_for_timeout(300)
    assert page.locator("#text mark.own").count()
    if os.environ.get("CASELORE_PICTURES"):
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(PICTURE))
    press(page, "u", "u")
