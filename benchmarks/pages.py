"""The coding page of a 300-page document: how long it takes to open, and a key press to the repainted page.

Run `python benchmarks/pages.py [KEYS]`. The document is fictional, made here from the sample's own texts; the server
is a real `caselore serve`, the browser a real Chromium. Printed: medians and 95th percentiles in milliseconds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))

from serving_study import SAMPLE, Server  # noqa: E402

PAGES, WORDS_A_PAGE = 300, 350
OPENINGS = 12
ASK = "fetch(location.pathname + 'find/?q=social+worker').then(told => told.json()).then(told => told.hits.length)"
OPENED = """[
  performance.getEntriesByType("navigation")[0].responseEnd, performance.getEntriesByName("ready")[0].startTime]"""

TIMED = """() => new Promise((done) => {
  const painted = Coding.paint, began = performance.now();
  let shown = 0;
  const frame = (then) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => then(performance.now() - began);
    after.port2.postMessage(0);
  });
  Coding.paint = (...told) => {
    painted(...told);
    Coding.paint = painted;
    frame((written) => done([shown || written, written]));
  };
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "KEY", bubbles: true, cancelable: true}));
  if (document.querySelector(".item.pending")) frame((at) => { shown = at; });
})"""
"""From the key's event to the first frame that shows the decision, and to the frame that shows the server's answer to
it: it is written by then."""


def long_text() -> str:
    """A review of 300 pages: the sample's long sources one after another, again and again, under new headings."""
    folder = SAMPLE.parent / "sources"
    names = (
        "scr-pellmoor-child-m.md",
        "scr-harrowmere-child-k.md",
        "dhr-wexcombe-helena.md",
        "scr-marlstead-child-v.md",
    )
    bodies = [(folder / name).read_text(encoding="utf-8").split("\n---\n")[-1] for name in names]
    words, parts, round_ = 0, ["# Serious Case Review: Child Z\n"], 0
    while words < PAGES * WORDS_A_PAGE:
        body = bodies[round_ % len(bodies)].replace("\n# ", "\n## ").lstrip("# ")
        parts.append(f"\n## Part {round_ + 1}\n\n{body}")
        words += len(body.split())
        round_ += 1
    return "\n".join(parts)


def report(name: str, times: list[float]) -> None:
    """One line: median, 95th percentile, number."""
    slow = sorted(times)[max(0, int(len(times) * 0.95) - 1)]
    print(f"{name:52} median {statistics.median(times):7.1f} ms   p95 {slow:7.1f} ms   n {len(times)}")


def opening(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds until the server's answer is read, and until the page says that it can be worked in."""
    page.goto(address)
    page.wait_for_selector("#coding[data-ready]", state="attached")
    told = page.evaluate(OPENED)
    return float(told[0]), float(told[1])


def press(page: Page, key: str, name: str, times: int) -> None:
    """Press a key so often, each time on the next proposal that has no decision."""
    shown, written = [], []
    for _ in range(times):
        if key != "u":
            page.evaluate("Coding.to(document.querySelector('#rows .item.proposal:not(.said, .step)'))")
        page.wait_for_timeout(150)
        first, last = page.evaluate(TIMED.replace("KEY", key))
        shown.append(float(first))
        written.append(float(last))
    if key != "u":
        report(f"key press to repainted page: {name}", shown)
    report(f"key press to repainted page, written: {name}", written)


def measure(study: Path, keys: int) -> None:
    """Open the page and press keys."""
    server = Server(study)
    try:
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(server.key_address)
            case = server.case("long.md")
            passages = server.rows("SELECT count(*) FROM store_passage")[0][0]
            print(f"{passages} passages, {server.rows('SELECT count(*) FROM store_coding')[0][0]} proposed codings")
            address = f"{server.address}/case/{case}/"
            openings = [opening(page, address) for _ in range(OPENINGS)][1:]
            report("open: the server's answer read", [one for one, _ in openings])
            report("open: page can be worked in", [two for _, two in openings])
            for key, name in (("a", "accept"), ("x", "reject"), ("u", "undo")):
                press(page, key, name, keys)
            began = time.perf_counter()
            found = page.evaluate(ASK)
            print(f"find over the whole document: {(time.perf_counter() - began) * 1000:.0f} ms, {found} places")
            browser.close()
    finally:
        server.stop()


def main(keys: int = 15) -> None:
    """Make the study in a temporary folder and measure."""
    with tempfile.TemporaryDirectory() as folder:
        source, study = Path(folder) / "long.md", Path(folder) / "study"
        source.write_text(long_text(), encoding="utf-8")
        for command in (["init", str(study)], ["add", str(study), str(source)]):
            subprocess.run([sys.executable, "-m", "caselore", *command], check=True, stdout=subprocess.DEVNULL)
        measure(study, keys)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
