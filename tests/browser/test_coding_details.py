"""Numbers and the width of the screen on the coding page, in real Chromium against a real server."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import Server, made

REVIEW = "lcspr-severby-child-d.md"
OWN = (
    "SELECT field, code FROM store_coding c JOIN store_pass p ON p.id = c.pass_id"
    " WHERE p.machine = 0 AND NOT c.retracted"
)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("details") / "study", REVIEW)


@pytest.fixture
def server(pattern: Path, tmp_path: Path) -> Iterator[Server]:
    running = Server(Path(shutil.copytree(pattern, tmp_path / "study")))
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(server.key_address)
    page.goto(f"{server.address}/case/{server.case(REVIEW)}/")
    page.wait_for_selector("#coding[data-ready]")
    yield page
    assert [words for words in said if "Failed to load resource" not in words] == []
    context.close()


def at_field(page: Page, field: str) -> None:
    page.evaluate(f"Coding.to(document.getElementById('h-{field}'))")


def select(page: Page, words: str) -> None:
    """Select words of the text that stand in one piece of a passage."""
    page.evaluate(
        """(words) => {
          const walk = document.createTreeWalker(document.getElementById('text'), NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0 || !node.parentNode.closest('.p')) continue;
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return Coding.taken();
          }
          throw new Error('no such words');
        }""",
        words,
    )


def written(page: Page, server: Server) -> list[tuple[object, ...]]:
    for _ in range(200):
        if page.evaluate("Coding.idle()"):
            break
        page.wait_for_timeout(25)
    return server.rows(OWN)


def test_a_typed_number_goes_to_the_field_one_is_on_or_nowhere(page: Page, server: Server) -> None:
    at_field(page, "incident_year")
    page.keyboard.press("c")
    page.keyboard.type("12")
    expect(page.locator("#options [aria-selected=true]")).to_contain_text("Year of the incident: 12")
    page.locator("#choose-reason").fill("The table of dates says so.")
    page.keyboard.press("Enter")
    expect(page.locator("#choose-refusal")).to_have_text(
        "Year of the incident takes a number from 1900 to 2100; 12 is outside of that."
    )
    assert written(page, server) == []
    page.locator("#choose [role=combobox]").fill("2015")
    expect(page.locator("#choose-refusal")).to_be_hidden()
    page.keyboard.press("Enter")
    assert written(page, server) == [("incident_year", "2015")]


def test_a_number_that_several_fields_take_asks_for_which(page: Page, server: Server) -> None:
    at_field(page, "outcome")
    page.keyboard.press("c")
    page.keyboard.type("2015")
    expect(page.locator("#options [role=option]", has_text="Year of the incident: 2015")).to_have_count(1)
    expect(page.locator("#options [aria-selected=true]")).to_have_count(0)
    page.locator("#choose-reason").fill("It stands in the table.")
    page.keyboard.press("Enter")
    expect(page.locator("#choose-refusal")).to_contain_text("choose one")
    assert written(page, server) == []
    page.locator("#options [role=option]", has_text="Year of the incident").click()
    assert written(page, server) == [("incident_year", "2015")]


def test_a_selected_number_is_offered_to_each_field_by_name(page: Page, server: Server) -> None:
    number = page.evaluate("document.getElementById('text').textContent.match(/\\b(19|20)\\d\\d\\b/)[0]")
    at_field(page, "incident_year")
    select(page, number)
    page.keyboard.press("c")
    expect(page.locator("#options [aria-selected=true]")).to_contain_text(f"Year of the incident: {number}")
    expect(page.locator("#options [role=option]", has_text=f"Children of the authority: {number}")).to_have_count(1)
    expect(page.locator("#options [role=option]", has_text=f"Siblings: {number}")).to_have_count(0)
    page.keyboard.press("Enter")
    assert written(page, server) == [("incident_year", number)]
    at_field(page, "ethnicity")
    select(page, number)
    page.keyboard.press("c")
    page.locator("#choose [role=combobox]").fill(number)
    expect(page.locator("#options [aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    assert written(page, server) == [("incident_year", number)]


def test_amending_a_number_refuses_what_is_out_of_range(page: Page, server: Server) -> None:
    at_field(page, "siblings")
    page.keyboard.press("c")
    page.keyboard.type("3")
    page.locator("#choose-reason").fill("Told in the family tree.")
    page.keyboard.press("Enter")
    assert written(page, server) == [("siblings", "3")]
    page.evaluate("Coding.to(document.querySelector('#f-siblings .item.own'))")
    page.keyboard.press("e")
    page.keyboard.type("300")
    page.keyboard.press("Enter")
    expect(page.locator("#choose-refusal")).to_contain_text("from 0 to 20 siblings; 300 is outside")
    page.locator("#choose [role=combobox]").fill("several")
    page.keyboard.press("Enter")
    expect(page.locator("#choose-refusal")).to_contain_text("Siblings cannot hold “several”")
    page.locator("#choose [role=combobox]").fill("4")
    page.keyboard.press("Enter")
    assert written(page, server) == [("siblings", "4")]


def test_the_pages_stand_on_one_line_of_a_laptop_and_under_a_button_of_a_tablet(page: Page) -> None:
    line = "new Set([...document.querySelectorAll('.top nav a')].map((a) => a.getBoundingClientRect().top)).size"
    assert page.locator(".top nav a").count() == 13
    assert page.evaluate(line) == 1
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    for width, height in ((820, 1180), (640, 400)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.querySelector('.top').offsetHeight") < 70
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        menu = page.get_by_role("button", name="Menu")
        menu.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Register")).to_be_visible()
        expect(menu).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(page.get_by_role("link", name="Register")).to_be_hidden()
        expect(menu).to_be_focused()


def test_find_and_contents_have_buttons_on_a_tablet(page: Page) -> None:
    expect(page.locator(".tools [data-act=find]")).to_be_hidden()
    for width, height in ((820, 1180), (640, 400)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".tools [data-act=find]").click()
        expect(page.locator("#find-words")).to_be_focused()
        page.locator("#outline .close").click()
        expect(page.locator("#outline")).to_be_hidden()
        page.locator(".tools [data-act=outline]").click()
        expect(page.locator("#outline ol a").first).to_be_visible()
        page.locator("#outline ol a").nth(2).click()
        expect(page.locator("#outline")).to_be_hidden()


def test_submit_says_what_is_missing(page: Page, server: Server) -> None:
    submit = page.get_by_role("button", name="Submit pass")
    expect(submit).to_have_attribute("aria-disabled", "true")
    expect(submit).to_have_accessible_description("Decide something first.")
    expect(page.get_by_text("Decide something first.")).to_be_visible()
    submit.click(force=True)
    expect(page.locator("#said")).to_contain_text("Nothing is decided yet: accept or reject a proposal")
    expect(page.locator("#submitting")).to_be_hidden()
    at_field(page, "ethnicity")
    page.keyboard.press("2")
    assert len(written(page, server)) == 1
    expect(submit).not_to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Decide something first.")).to_be_hidden()
    submit.click()
    expect(page.locator("#submitting")).to_be_visible()


def test_case_page_list_of_cases_and_start_count_alike(page: Page, server: Server) -> None:
    def told() -> tuple[str, str]:
        page.wait_for_selector("#coding[data-ready]")
        return tuple(str(page.locator("#count").inner_text()).replace(" decided,", "").split(" to")[0].split(" "))  # type: ignore[return-value]

    whole = page.locator("#count").inner_text().split(", ")[1].split(" ")[0]
    for act in ("accept", "reject"):
        page.evaluate("Coding.to(document.querySelector('#rows .item.proposal:not(.said, .step)'))")
        page.keyboard.press({"accept": "a", "reject": "x"}[act])
        written(page, server)
    page.evaluate("Coding.to(document.querySelector('#f-child_age .item.proposal:not(.said)'))")
    page.keyboard.press("e")
    page.keyboard.type("18")
    page.keyboard.press("Enter")
    written(page, server)
    page.evaluate("Coding.to(document.querySelector('.item.step.proposal'))")
    page.keyboard.press("a")
    at_field(page, "ethnicity")
    page.keyboard.press("2")
    written(page, server)
    page.keyboard.press("3")
    page.keyboard.type("Two passages differ.")
    page.keyboard.press("Enter")
    written(page, server)
    page.keyboard.press("u")
    written(page, server)
    before = told()
    page.reload()
    assert told() == before == ("5", str(int(whole) - 4))
    page.goto(f"{server.address}/cases/")
    row = page.get_by_role("row").nth(1)
    expect(row.get_by_role("cell").nth(4)).to_have_text("5")
    expect(row.get_by_role("cell").nth(5)).to_have_text(f"{before[1]} of {whole}")
    page.goto(server.address)
    expect(page.get_by_text("5 decisions of people that stand")).to_be_visible()
    expect(page.get_by_text("5 of your decisions that stand were made")).to_be_visible()


def test_a_page_loaded_again_counts_no_passage_twice(page: Page, server: Server) -> None:
    def today() -> list[tuple[object, ...]]:
        page.wait_for_timeout(1600)
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.wait_for_timeout(900)
        return server.rows("SELECT passages, graphic FROM store_exposure")

    before = today()
    assert int(str(before[0][0])) > 3
    expect(page.locator("#today-passages")).to_have_text(str(before[0][0]))
    page.reload()
    page.wait_for_selector("#coding[data-ready]")
    assert today() == before
    expect(page.locator("#today-passages")).to_have_text(str(before[0][0]))


def test_the_line_one_is_on_is_never_behind_its_definition(page: Page) -> None:
    """The definition of the line takes room from the lines: a long one must not push its own line out of sight."""
    hidden = page.evaluate(
        """async () => {
          await Coding.book();
          const rows = document.getElementById('rows'), hidden = [];
          for (const item of Coding.items()) {
            Coding.to(item);
            await new Promise((go) => setTimeout(go, 5));
            const box = rows.getBoundingClientRect(), at = item.getBoundingClientRect();
            if (at.bottom > box.bottom + 1 && at.top > box.top + 61) hidden.push(item.id);
          }
          return hidden;
        }"""
    )
    assert hidden == []


def test_a_tablet_is_worked_by_finger(browser: Browser, server: Server) -> None:
    """Accept, undo and code selected words; the handles of the selection are the browser's own."""
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server.key_address)
    page.goto(f"{server.address}/case/{server.case(REVIEW)}/")
    page.wait_for_selector("#coding[data-ready]")
    page.locator(".item.proposal [data-act=accept]").first.tap()
    expect(page.locator(".item.proposal.accepted")).to_have_count(1)
    page.locator("[data-act=undo]").tap()
    expect(page.locator(".item.proposal.accepted")).to_have_count(0)
    select(page, "attacked by a dog")
    page.locator("#basket [data-act=add]").tap()
    page.locator("#choose [role=combobox]").fill("injur")
    page.locator("#options [role=option]").first.tap()
    assert len(written(page, server)) == 1
    context.close()
