"""A difference of more than nine choices is settled by keys alone, in real Chromium against a real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server

TESTS = Path(__file__).resolve().parent.parent
PASSWORD = "a calm long password 7"
AGENCIES = ("police", "health_gp", "health_mental", "health_maternity", "education_school", "housing", "probation")


def entered(browser: Browser, server: Server, name: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{server.address}/sign-in/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.address}/")
    return page


def submitted(page: Page, server: Server, case: str, codes: tuple[str, ...]) -> None:
    token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")
    headers = {"X-CSRFToken": token, "HX-Request": "true"}
    for code in codes:
        told = {"field": "agencies", "code": code, "reason": "Named in the summary.", "token": f"{code}{id(page)}"}
        answer = page.request.post(f"{server.address}/case/{case}/do/add/", headers=headers, form=told)
        assert answer.ok, answer.text()
    answer = page.request.post(f"{server.address}/case/{case}/submit/", headers=headers)
    assert answer.ok, answer.text()


def test_every_one_of_fourteen_choices_has_a_key(browser: Browser, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(TESTS / "worked_study.py"), str(tmp_path / "s"), "unread"], check=True)
    server = Server(tmp_path / "s")
    try:
        case = str(server.rows("SELECT id FROM store_case")[0][0])
        ann, ben, cyn = (entered(browser, server, name) for name in ("ann", "ben", "cyn"))
        submitted(ann, server, case, AGENCIES)
        submitted(ben, server, case, ("commercial",))
        cyn.goto(f"{server.address}/settle/{case}/")
        split = cyn.locator("section.split.open").first
        shown = split.locator("form kbd").all_inner_texts()
        assert shown[:14] == [*"1234567890abcd"]
        expect(cyn.locator("p.keys")).to_contain_text("letters")
        cyn.keyboard.press("j")
        cyn.keyboard.press("1")
        cyn.keyboard.press("0")
        cyn.keyboard.press("a")
        chosen = split.locator("input[type=radio]:checked")
        expect(chosen).to_have_count(3)
        radios = split.locator("form input[type=radio]")
        assert [radios.nth(n).is_checked() for n in (0, 9, 10)] == [True, True, True]
        cyn.keyboard.press("r")
        cyn.keyboard.type("j k and 0 are only letters here.")
        cyn.keyboard.press("Control+Enter")
        expect(split.locator("form kbd").first).to_have_text("1")
        settled = server.rows("SELECT holds FROM store_adjudication ORDER BY id")
        assert sorted(holds for (holds,) in settled) == [0, 1, 1]
    finally:
        server.stop()
