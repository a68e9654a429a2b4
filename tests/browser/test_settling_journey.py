"""Two blind coders, an adjudicator and the figures, in real Chromium against a real server; a stranger sees nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server

TESTS = Path(__file__).resolve().parent.parent
PASSWORD = "a calm long password 7"
LAPTOP = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("journey") / "study"
    command = [sys.executable, str(TESTS / "worked_study.py"), str(folder), "unread"]
    subprocess.run(command, check=True, timeout=200)
    running = Server(folder)
    yield running
    running.stop()


def entered(browser: Browser, server: Server, name: str) -> Page:
    page = browser.new_context(viewport=LAPTOP).new_page()  # type: ignore[arg-type]
    page.goto(f"{server.address}/sign-in/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.address}/")
    return page


def coded(page: Page, server: Server, outcome: str) -> None:
    """Code the case that the start page offers: one field, with selected words; then submit."""
    page.get_by_role("link", name="Start", exact=True).last.click()
    page.wait_for_selector("#coding[data-ready]")
    assert page.locator(".item.proposal, .item.other").count() == 0, "a blind pass shows what others say"
    case = page.url.rstrip("/").split("/")[-1]
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    text = page.locator(".leaf .p").first
    start = int(text.get_attribute("data-start") or 0)
    answer = page.request.post(
        f"{server.address}/case/{case}/do/add/", headers={"X-CSRFToken": token, "HX-Request": "true"},
        form={"field": "outcome", "code": outcome, "spans": f'[[{start}, {start + 12}]]', "token": f"t{outcome}"},
    )  # fmt: skip
    assert answer.ok, answer.text()
    page.reload()
    page.wait_for_selector("#coding[data-ready]")
    expect(page.locator(".item.own")).to_have_count(1)
    answer = page.request.post(f"{server.address}/case/{case}/submit/", headers={"X-CSRFToken": token})
    assert answer.ok, answer.text()


def picture(page: Page, name: str) -> None:
    if place := os.environ.get("CASELORE_PICTURES"):
        page.screenshot(path=Path(place) / f"{name}.png", full_page=True)


def test_two_blind_coders_an_adjudicator_and_the_figures(browser: Browser, server: Server) -> None:
    ann, ben, cyn = (entered(browser, server, name) for name in ("ann", "ben", "cyn"))
    coded(ann, server, "death")
    cyn.goto(f"{server.address}/settle/")
    expect(cyn.get_by_text("Nothing is open")).to_be_visible()
    coded(ben, server, "serious_harm")
    cyn.reload()
    cyn.get_by_role("row").nth(1).get_by_role("link").click()
    expect(cyn.locator(".side")).to_have_count(2)
    picture(cyn, "journey-settle")
    cyn.keyboard.press("j")  # by keys alone from here on
    cyn.keyboard.press("1")
    cyn.keyboard.press("r")
    cyn.keyboard.type("The summary on the first page says so.")
    cyn.keyboard.press("Control+Enter")
    expect(cyn.get_by_text("Every difference on this case is settled")).to_be_visible()
    assert server.rows("SELECT code, holds FROM store_adjudication") == [("death", 1)]
    cyn.goto(f"{server.address}/agreement/")
    people = cyn.get_by_role("region", name="People among themselves")
    expect(people.get_by_role("row").nth(1)).to_contain_text("0 %")
    picture(cyn, "journey-agreement")
    cyn.get_by_role("link", name="1 disagreement").or_(cyn.get_by_role("link", name="disagreements")).first.click()
    cyn.locator(".cite").first.click()
    cyn.wait_for_selector("#coding[data-ready]")  # one click from the passage
    assert "passage=" in cyn.url


def test_a_stranger_is_turned_away_at_every_address(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    (case,) = server.rows("SELECT id FROM store_case")[0]
    for path in (
        "", "cases/", "documents/", f"case/{case}/", f"case/{case}/leaf/0/", "settle/", f"settle/{case}/", "agreement/",
        "agreement/figures.csv", "agreement/differences/", "plan/", "plan/double/", "people/", "log/", "log/log.jsonl",
        "release/", "release/2026-01.zip", "released/", "search/", "register/", "next/",
    ):  # fmt: skip
        page.goto(f"{server.address}/{path}")
        assert page.url.startswith(f"{server.address}/sign-in/"), path
        assert "Child" not in page.locator("main").inner_text()
