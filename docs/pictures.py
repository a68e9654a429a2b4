"""Takes the pictures of the manual from what the program makes of the shipped sample: `python docs/pictures.py OUT`.

OUT is a folder that `caselore run samples/reviews --out OUT` wrote. Needs Chromium and playwright.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"


def main(out: Path) -> None:
    """Take every picture anew."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto((out.resolve() / "report.html").as_uri())
        page.locator("#table-risk-indicators").evaluate("it => it.scrollIntoView()")
        page.screenshot(path=IMAGES / "report.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
