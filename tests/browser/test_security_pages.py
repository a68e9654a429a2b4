"""Documents and words made to harm, on every page, in real Chromium: no script runs, no page breaks its policy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from workbench_serving import PASSWORD, Server

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_no_words_of_a_document_or_a_person_act_on_any_page(browser: Any, tmp_path: Path) -> None:
    command = [sys.executable, str(TESTS / "hostile_study.py"), str(tmp_path / "study")]
    made = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert made.returncode == 0, made.stderr
    addresses: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    server = Server(tmp_path / "study")
    wrong: list[str] = []
    try:
        server.start()
        here = f"http://127.0.0.1:{server.port}"
        page = browser.new_page()
        at = [""]
        page.on("dialog", lambda box: (wrong.append(f"{at[0]}: a dialog says {box.message}"), box.dismiss()))
        page.on("pageerror", lambda error: wrong.append(f"{at[0]}: {error}"))
        page.on("console", lambda said: wrong.append(f"{at[0]}: {said.text}") if complains(said) else None)
        page.on("request", lambda sent: wrong.append(f"{at[0]}: asks {sent.url}") if not own(sent.url, here) else None)
        page.goto(f"{here}/sign-in/")
        page.fill("input[name=name]", "owner")
        page.fill("input[name=password]", PASSWORD)
        page.click("button.main")
        assert page.locator("details.me summary").inner_text() == "owner"
        addresses |= {"coding whole": addresses["coding"] + "?whole=1", "search words": "/search/?q=harmed+police"}
        seen = 0
        for name, address in addresses.items():
            if name in ("open", "log-export") or address.endswith((".csv", ".zip", ".jsonl")) or name == "attachment":
                continue  # these are saved and not shown: test_security_requests.py looks at their headers
            at[0] = name
            shown = page.context.request.get(here + address, max_redirects=0)
            assert shown.status < 500, name
            if shown.status != 200 or "html" not in shown.headers["content-type"]:
                continue
            page.goto(here + address)
            page.wait_for_timeout(150)
            seen += 1
            assert page.evaluate("window.harmed") is None, name
            inside = "document.querySelectorAll('main script:not(#keys), main iframe')"
            strange = f"[...{inside}].map(e => e.outerHTML.slice(0, 200))"
            assert page.evaluate(strange) == [], name
            handlers = "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/.test(a.name)"
            handlers += " || /^\\s*javascript:/i.test(a.value) && a.name === 'href')).length"
            assert page.evaluate(handlers) == 0, name
        page.context.close()
    finally:
        server.kill()
    assert wrong == []
    assert seen >= 30


def complains(said: Any) -> bool:
    """An error; not that a part of a page, shown as a page, has no icon."""
    return said.type == "error" and not said.location.get("url", "").endswith("/favicon.ico")


def own(url: str, here: str) -> bool:
    return url.startswith((here + "/", "data:", "blob:"))
