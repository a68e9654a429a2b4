"""The pages of the workbench in real Chromium against a real server: free of barriers, fitting, and worked through."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server

TESTS = Path(__file__).resolve().parent.parent
LAPTOP, TABLET, ZOOMED = {"width": 1366, "height": 768}, {"width": 820, "height": 1180}, {"width": 683, "height": 384}
PASSWORD = "a calm long password 7"
PAGES = {
    "start-coder": ("ann", "/"), "start-administrator": ("fay", "/"), "start-trainer": ("eve", "/"),
    "cases": ("ann", "/cases/"), "cases-none-fit": ("ann", "/cases/?words=nothing+like+it"),
    "documents": ("fay", "/documents/"), "settle": ("cyn", "/settle/"), "settle-all": ("cyn", "/settle/?all=1"),
    "settle-case": ("cyn", "/settle/{case}/"), "agreement": ("cyn", "/agreement/"),
    "agreement-field": ("cyn", "/agreement/field/agencies/"), "disagreements": ("cyn", "/agreement/differences/"),
    "plan": ("fay", "/plan/"), "plan-double": ("fay", "/plan/double/"), "plan-give": ("fay", "/plan/give/"),
    "plan-layers": ("fay", "/plan/layers/"), "plan-sample": ("fay", "/plan/sample/"),
    "people": ("fay", "/people/"), "person": ("fay", "/people/{person}/"), "log": ("dan", "/log/"),
    "release": ("dan", "/release/"), "released": ("eve", "/released/"), "password": ("ann", "/password/"),
}  # fmt: skip
"""Name -> who opens it, and its address."""


States = dict[str, dict[str, object]]
"""Name -> the cookies of a person's session."""

BEGUN = """SELECT p.case_id FROM store_pass p JOIN store_coder c ON c.id = p.coder_id
WHERE c.name = 'ann' AND p.state = 'submitted' ORDER BY p.id"""
"""Cases that ann has submitted, the first of them still unsettled."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with people at work, made by a process of its own: one process knows one Django."""
    folder = tmp_path_factory.mktemp("pages") / "study"
    subprocess.run([sys.executable, str(TESTS / "worked_study.py"), str(folder)], check=True, timeout=280)
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    running = Server(folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> States:
    """Name -> the cookies of the person's session."""
    states: States = {}
    for name in ("ann", "ben", "cyn", "dan", "eve", "fay"):
        context = browser.new_context()
        enter(context.new_page(), server, name)
        states[name] = context.storage_state()  # type: ignore[assignment]
        context.close()
    return states


def enter(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.address}/sign-in/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.address}/")


def of(browser: Browser, signed_in: States, who: str, size: dict[str, int], scheme: str = "light"):
    return browser.new_context(storage_state=signed_in[who], viewport=size, color_scheme=scheme)  # type: ignore[arg-type]


def address_of(server: Server, path: str) -> str:
    (case,) = server.rows(BEGUN)[0]
    (person,) = server.rows("SELECT id FROM store_coder WHERE name = 'ben'")[0]
    return server.address + path.format(case=case, person=person)


def picture(page: Page, name: str) -> None:
    if place := os.environ.get("CASELORE_PICTURES"):
        Path(place).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(place) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_barrier_that_axe_can_see(
    browser: Browser, server: Server, signed_in: States, name: str, scheme: str
) -> None:
    who, path = PAGES[name]
    with of(browser, signed_in, who, LAPTOP, scheme) as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        answer = page.goto(address_of(server, path))
        assert answer is not None
        assert answer.ok
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert said == []
        picture(page, f"{name}-{scheme}" if scheme == "dark" else name)


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("size", [TABLET, ZOOMED], ids=["tablet", "zoomed"])
def test_the_page_scrolls_one_way_only(
    browser: Browser, server: Server, signed_in: States, name: str, size: dict[str, int]
) -> None:
    who, path = PAGES[name]
    with of(browser, signed_in, who, size) as context:
        page = context.new_page()
        page.goto(address_of(server, path))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        picture(page, f"{name}-{'tablet' if size is TABLET else 'zoomed'}")
