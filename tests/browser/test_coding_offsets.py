"""Words selected in Chromium, which counts UTF-16 units, are in the store the characters that they are in the text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))

from serving_study import SAMPLE, Server

TEXT = """Practice review: Child Zoe\N{COMBINING DIAERESIS} \N{GIRL}\N{EMOJI MODIFIER FITZPATRICK TYPE-4} (fictional)

\N{GRINNING FACE} begins this passage. Her mother said so \N{CRYING FACE}\N{CRYING FACE} to the health visitor \
in 2015. \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{BOY} were known. כתב על הקיר שלום. The police \
came twice.

1. What was learned

The\N{NO-BREAK SPACE}baby died at 3 months of age \N{BROKEN HEART}. Nobody asked \N{MATHEMATICAL SCRIPT SMALL W}hy.
Its last character is \N{CHEQUERED FLAG}
"""
PAGES = "scr-pellmoor-child-m.pdf"
SELECT = """([first, from, last, to]) => {
  const place = (n, left) => {
    const walk = document.createTreeWalker(document.getElementById(`p-${n}`), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (left <= node.data.length) return [node, left];
      left -= node.data.length;
    }
    throw new Error("beyond");
  };
  getSelection().setBaseAndExtent(...place(first, from), ...place(last, to));
  Coding.taken();
  return [Coding.spans(), Coding.selectedWords().join(" "),
          [...(CSS.highlights.get("chosen") || [])].map((range) => range.toString()).join(" ")];
}"""
PASSAGES = "[...document.querySelectorAll('#text .p')].map((p) => [Number(p.id.slice(2)), Number(p.dataset.start)])"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("offsets")
    (folder / "zoe.txt").write_text(TEXT, encoding="utf-8")
    for command in (
        ["init", str(folder / "study")],
        ["add", str(folder / "study"), str(folder / "zoe.txt"), str(SAMPLE / PAGES)],
    ):
        subprocess.run([sys.executable, "-m", "caselore", *command], check=True, capture_output=True, timeout=240)
    running = Server(folder / "study")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(server.key_address)
    yield page
    context.close()


class Reading:
    """A case opened on the page, and its text in the store."""

    def __init__(self, page: Page, server: Server, name: str) -> None:
        self.page, self.server, self.case = page, server, server.case(name)
        self.text = str(server.rows("SELECT text FROM store_document WHERE name = ?", name)[0][0])
        page.goto(f"{server.address}/case/{self.case}/")
        page.wait_for_selector("#coding[data-ready]")
        page.evaluate("Coding.liftAll()")
        self.starts = {int(n): int(start) for n, start in page.evaluate(PASSAGES)}

    def place(self, at: int) -> tuple[int, int]:
        """The passage that holds a character, and the browser's units before it there."""
        number = max(n for n, start in self.starts.items() if start <= at)
        return number, len(self.text[self.starts[number] : at].encode("utf-16-le")) // 2

    def select(self, base: int, extent: int) -> tuple[list[tuple[int, int]], str, str]:
        """What the page says is selected between two characters: spans, their words, and the words that look so."""
        first, last = self.place(base), self.place(extent)
        self.page.evaluate("Coding.clear()")
        spans, words, drawn = self.page.evaluate(SELECT, [*first, *last])
        return [(each["start"], each["end"]) for each in spans], words, " ".join(drawn.split())

    def coded(self) -> tuple[int, int, str]:
        """The selected words added as evidence by keys; what the store then holds."""
        self.page.keyboard.press("c")
        self.page.wait_for_selector("dialog#choose[open]")
        self.page.keyboard.type("agencies police")
        self.page.keyboard.press("Enter")
        for _ in range(200):
            if self.page.evaluate("Coding.idle()"):
                break
            self.page.wait_for_timeout(25)
        rows = self.server.rows(
            "SELECT e.start, e.end, e.quote FROM store_codingevidence e JOIN store_coding c ON c.id = e.coding_id"
            " JOIN store_pass p ON p.id = c.pass_id WHERE p.machine = 0 AND NOT c.retracted AND p.case_id = ?"
            " ORDER BY c.changed DESC",
            self.case,
        )
        start, end, quote = rows[0]
        return int(str(start)), int(str(end)), str(quote)


def test_evidence_is_the_characters_that_were_selected(page: Page, server: Server) -> None:
    reading = Reading(page, server, "zoe.txt")
    text = reading.text
    last = len(text.rstrip())
    for start, end in (
        (0, 1), (last - 1, last), (0, last), (text.index("\N{GRINNING FACE}"), text.index("begins")),
        (text.index("\N{CRYING FACE}") + 1, text.index("to the health")),
        (text.index("שלום"), text.index("The police")),
        (text.index("said so"), text.index("What was")), (text.index("baby"), text.index("died") + 4),
    ):  # fmt: skip
        want = text[start:end].strip()
        place = text.index(want, start)
        for base, extent in ((start, end), (end, start)):
            spans, words, drawn = reading.select(base, extent)
            assert spans == [(place, place + len(want))], want
            assert "".join(words.split()) == "".join(drawn.split()) == "".join(want.split())
        assert reading.coded() == (place, place + len(want), want)


def test_what_stands_between_passages_on_the_page_is_no_evidence(page: Page, server: Server) -> None:
    reading = Reading(page, server, PAGES)
    breaks = page.evaluate(
        "[...document.querySelectorAll('#text .page')].slice(1, 3).map((each) =>"
        " Number(each.nextElementSibling.querySelector('.p, .note + .para .p')?.id.slice(2) || 0))"
    )
    number = next(n for n in breaks if n)
    start, end = reading.starts[number - 1], reading.starts[number] + 12
    want = reading.text[start:end].strip()
    spans, words, drawn = reading.select(start, end)
    assert spans == [(start, start + len(want))]
    assert "Page" not in words + drawn
    assert "".join(words.split()) == "".join(want.split())
    assert reading.coded() == (start, start + len(want), want)
