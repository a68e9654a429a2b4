"""A tired coder before a slow, absent or changed server, in Chromium: nothing is lost, doubled or done elsewhere."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server, made

REVIEW, OTHER = "scr-pellmoor-child-m.pdf", "lcspr-saltwyke-child-t.txt"
LAPTOP = {"width": 1366, "height": 768}
BOUNCE_MS = 170
OWN = (
    "SELECT origin, field, code FROM store_coding c JOIN store_pass p ON p.id = c.pass_id"
    " WHERE p.machine = 0 AND NOT c.retracted AND p.case_id = ?"
)
STEPS = """SELECT s.decision_type FROM store_step s JOIN store_pass p ON p.id = s.pass_id
WHERE p.machine = 0 AND p.case_id = ? ORDER BY s."order" """


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("tired") / "study", REVIEW, OTHER)


@pytest.fixture
def server(pattern: Path, tmp_path: Path) -> Iterator[Server]:
    running = Server(Path(shutil.copytree(pattern, tmp_path / "study")))
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
def page(context: BrowserContext, server: Server) -> Iterator[Page]:
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield opened(page, server)
    assert broken == []


def opened(page: Page, server: Server, name: str = REVIEW) -> Page:
    page.goto(f"{server.address}/case/{server.case(name)}/")
    page.wait_for_selector("#coding[data-ready]")
    return page


def slow(page: Page, latency: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    told = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", told)


def to(page: Page, selector: str, at: int = 0) -> str:
    """Bring the cursor to a line; its id."""
    page.evaluate(f"Coding.to(document.querySelectorAll({selector!r})[{at}])")
    return str(page.evaluate("Coding.item().id"))


def settled(page: Page) -> None:
    for _ in range(600):  # the page's policy forbids the scripts that waiting for a function would need
        if page.evaluate("Coding.idle()"):
            break
        page.wait_for_timeout(25)
    expect(page.locator("#saved")).to_have_text("Saved")


def press(page: Page, *keys: str) -> None:
    """As quickly as a person means to."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(BOUNCE_MS)


def steps(server: Server) -> list[str]:
    return [str(row[0]) for row in server.rows(STEPS, server.case(REVIEW))]


def decided(server: Server, name: str = REVIEW) -> list[tuple[object, ...]]:
    return server.rows(OWN, server.case(name))


PROPOSED, STEP, OWN_STEP = (
    "#rows .item.proposal:not(.said, .step)", ".item[data-what=proposed-step]", ".item.step.own",
)  # fmt: skip


def test_the_order_of_decisions_when_keys_come_twice_before_the_server_answers(page: Page, server: Server) -> None:
    proposed = page.evaluate(f"[...document.querySelectorAll({STEP!r})].map((each) => each.dataset.code)")[:3]
    slow(page, 500)
    first = to(page, STEP)
    press(page, "a")
    page.evaluate(f"Coding.to(document.getElementById({first!r}))")
    press(page, "a")  # the same step again: taken already
    for at in (1, 2):
        to(page, STEP, at)
        press(page, "a")
    settled(page)
    assert steps(server) == proposed
    to(page, OWN_STEP, 2)
    press(page, "{", "{")
    settled(page)
    assert steps(server) == [proposed[2], proposed[0], proposed[1]]
    to(page, OWN_STEP, 1)
    press(page, "x", "x")
    settled(page)
    assert steps(server) == [proposed[2], proposed[1]]


def test_a_confirmed_recommendation_takes_no_field_off_the_page(page: Page, server: Server) -> None:
    fields = page.locator("#rows .row").count()
    to(page, ".item.recommendation")
    press(page, "a", "x", "u")
    settled(page)
    assert page.locator("#rows .row").count() == fields
    assert [row[0] for row in server.rows("SELECT status FROM store_recommendation WHERE status = 'validated'")]
    expect(page.locator("#f-recommendation_type")).to_be_visible()


def test_a_held_or_bouncing_key_decides_once(page: Page, server: Server) -> None:
    to(page, PROPOSED)
    keyboard = page.context.new_cdp_session(page)
    for n in range(8):
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "a", "text": "a", "autoRepeat": n > 0})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "a"})
    page.wait_for_timeout(400)
    settled(page)
    assert len(decided(server)) == 1
    page.keyboard.press("a")
    page.keyboard.press("a")
    settled(page)
    assert len(decided(server)) == 2


def test_who_went_on_is_not_fetched_back_by_a_late_answer(page: Page, server: Server) -> None:
    slow(page, 600)
    to(page, "#h-region")
    press(page, "2", "J", "J")
    here = page.evaluate("Coding.item().id")
    settled(page)
    page.wait_for_timeout(200)
    assert page.evaluate("[Coding.item().id, document.activeElement.id]") == [here, here]
    assert decided(server) == [("added", "region", "")]


def test_the_other_tab_says_that_it_is_out_of_date(page: Page, context: BrowserContext, server: Server) -> None:
    other = opened(context.new_page(), server)
    to(page, PROPOSED)
    press(page, "a")
    expect(other.locator("#said")).to_contain_text("load this page again")
    expect(page.locator("#said")).to_be_empty()
    press(page, "u")
    settled(page)
    assert decided(server) == []


def test_a_refusal_outlasts_the_next_keys(page: Page, context: BrowserContext, server: Server) -> None:
    other = opened(context.new_page(), server)
    same = to(page, PROPOSED)
    other.evaluate(f"Coding.to(document.getElementById({same!r}))")
    press(other, "x")
    settled(other)
    press(page, "a", "a")
    settled(page)
    expect(page.locator("#said")).to_contain_text("in another tab")
    assert [row[0] for row in decided(server)] == ["rejected", "accepted"]
    page.keyboard.press("Escape")
    expect(page.locator("#said")).to_be_empty()


@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [
        (502, {}, "cannot write"),
        (504, {}, "cannot write"),
        (429, {}, "cannot write"),
        (200, {"Content-Type": "text/html"}, "Something else answers"),
        (404, {"Content-Type": "text/html"}, "Something else answers"),
        (401, {"X-Caselore": "other"}, "Somebody else is signed in"),
        (403, {"X-Caselore": "forged"}, "load the page again"),
    ],
)
def test_an_act_waits_while_something_else_answers(
    page: Page, server: Server, status: int, headers: dict[str, str], says: str
) -> None:
    def instead(route: Route) -> None:
        route.fulfill(status=status, headers=headers, body="<h1>Welcome to the network</h1>")

    page.route("**/do/**", instead)
    to(page, PROPOSED)
    press(page, "a")
    expect(page.locator("#saved")).to_contain_text("Not saved yet: 1 act is kept.")
    expect(page.locator("#saved")).to_contain_text(says)
    assert decided(server) == []
    page.unroute("**/do/**", instead)
    settled(page)
    assert len(decided(server)) == 1


def test_what_was_left_unsent_is_said_and_sent_from_another_case_and_painted_on_neither(
    page: Page, server: Server
) -> None:
    to(page, PROPOSED)
    page.route("**/do/**", lambda route: route.abort())
    press(page, "a", "x")
    page.goto(f"{server.address}/cases/")
    expect(page.locator("#said")).to_contain_text("2 acts of yours are not saved yet")
    page.unroute_all()
    opened(page, server, OTHER)
    settled(page)
    expect(page.locator("#said")).to_contain_text("An act on another case that was kept is saved now.")
    assert sorted(row[0] for row in decided(server)) == ["accepted", "rejected"]
    assert decided(server, OTHER) == []
    expect(page.locator("#rows .item.said")).to_have_count(0)
    page.goto(f"{server.address}/cases/")
    expect(page.locator("#said")).to_be_empty()


def test_the_next_case_waits_for_what_is_under_way(page: Page, server: Server) -> None:
    slow(page, 500)
    to(page, PROPOSED)
    press(page, "a")
    page.keyboard.press("N")
    page.wait_for_url(re.compile(server.case(OTHER)))
    assert len(decided(server)) == 1


def test_a_note_outlives_a_reload_and_a_refusal(page: Page, context: BrowserContext, server: Server) -> None:
    to(page, "#h-region")
    press(page, "m")
    page.keyboard.type("Half a note \N{FACE WITH TEARS OF JOY}")
    page.reload()
    page.wait_for_selector("#coding[data-ready]")
    expect(page.locator("#said")).to_contain_text("A note that you began on Region is kept")
    to(page, "#h-region")
    press(page, "m")
    expect(page.locator("#note-words")).to_have_value("Half a note \N{FACE WITH TEARS OF JOY}")
    press(page, "Control+Enter")
    settled(page)
    assert server.rows("SELECT field, words FROM store_note") == [("region", "Half a note \N{FACE WITH TEARS OF JOY}")]
    other = opened(context.new_page(), server)
    other.keyboard.press("S")
    other.locator("#submitting button.main").click()
    expect(other.locator("#pass")).to_contain_text("submitted")
    press(page, "m")
    page.keyboard.type("Late words")
    press(page, "Control+Enter")
    expect(page.locator("#said")).to_contain_text("This pass is submitted")
    expect(page.locator("#said")).to_contain_text("Your words are kept")
    press(page, "m")
    expect(page.locator("#note-words")).to_have_value("Late words")


def test_words_that_were_selected_are_there_again_after_a_refusal(
    page: Page, context: BrowserContext, server: Server
) -> None:
    other = opened(context.new_page(), server)
    to(other, "#h-agencies")
    press(other, "2")
    settled(other)
    page.evaluate("Coding.to(document.querySelector('#h-agencies'))")
    page.evaluate("Coding.toPassage(document.getElementById('p-12'))")
    press(page, "Shift+ArrowDown", "c")
    page.keyboard.type("police")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator("#said")).to_contain_text("in another tab")
    assert len(page.evaluate("Coding.spans()")) == 1
    press(page, "c")
    page.keyboard.type("police")
    page.keyboard.press("Enter")
    settled(page)
    assert decided(server) == [("added", "agencies", "police")]


def test_find_does_not_say_that_words_are_missing_while_nobody_answers(page: Page) -> None:
    page.route("**/find/**", lambda route: route.abort())
    press(page, "/")
    page.keyboard.type("school")
    expect(page.locator("#found")).to_contain_text("does not answer")
    page.unroute_all()
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("1 of")
