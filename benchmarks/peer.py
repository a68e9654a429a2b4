"""Decisions saved over HTTP in a study of 50,000 passages and 25,000 codings, beside Taguette on the same text.

    python -m venv /tmp/peer && /tmp/peer/bin/pip install taguette
    python benchmarks/peer.py --taguette /tmp/peer/bin/taguette [--decisions 600] [--only sqlite|postgresql|taguette]

One coder sends one request after another over one connection and waits for each answer. Ours is the whole request:
the decision with its evidence, its event in the chain, and the changed parts of the page drawn. Theirs is their
interface's own call that saves a highlight with a tag, in a project of the same 500 documents with 25,000 highlights.
Both write through to the disk. Their program is a peer to measure against and no dependency.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import store as made_up
from workbench_serving import CoderAtWork, Ledger, Server, Visitor, crewed, database, free_port, tenths

ON_A_CASE = 25
HIGHLIGHTS = made_up.DOCUMENTS * made_up.CODINGS
START_S = 60


def ours(place: Path, *, decisions: int, kind: str) -> dict[str, Any]:
    """Decisions at our own server."""
    study = crewed(place, ["coder"])
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.store.models import Case

    made_up.fill(opening.owner())
    cases = list(Case.objects.values_list("pk", flat=True))
    disconnect()
    server, ledger = Server(study.path, kind=kind), Ledger()
    server.start()
    try:
        coder = CoderAtWork(server.port, "coder", cases, ledger, seed=5)
        coder.sign_in()
        while len(ledger.decision_s) < decisions and not ledger.faults:
            coder.open()
            for _ in range(ON_A_CASE):
                coder.send(*coder.next_decision())
    finally:
        server.kill()
    return told("caselore", ledger.decision_s) | {"refused": ledger.stale, "faults": ledger.faults}


class Taguette(Visitor):
    """The peer on one project, as its page speaks to it."""

    def join(self, address: str) -> None:
        """Sign in by the link that it prints."""
        parts = urlsplit(address)
        self.get(f"{parts.path or '/'}?{parts.query}")
        self.get("/project/new")

    def form(self, path: str, fields: dict[str, str]) -> Any:
        """A form of its pages."""
        return self.post(path, fields | {"_xsrf": self.cookies["_xsrf"]})

    def json(self, path: str, told: Any) -> Any:
        """A call of its interface. Raises AssertionError where it is refused."""
        headers = {"Content-Type": "application/json", "X-XSRFToken": self.cookies["_xsrf"]}
        answer = self._ask("POST", f"/api{path}", json.dumps(told), headers)
        assert answer.status == 200, f"{path}: {answer.status} {answer.body[:200]}"
        return answer


def theirs(place: Path, program: str, *, decisions: int) -> dict[str, Any]:
    """Highlights with a tag at the peer."""
    place.mkdir()
    port, data = free_port(), place / "project.sqlite3"
    command = [program, "--no-browser", "--port", str(port), "--database", str(data)]
    log = place / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(place)}
        )
    try:
        peer = Taguette(port)
        peer.join(_link(log))
        peer.form("/project/new", {"name": "Made-up reviews", "description": ""})
        tag = json.loads(peer.json("/project/1/tag/new", {"path": "police", "description": ""}).body)["id"]
        lengths = _their_texts(data, tag)
        chance, seconds = random.Random(5), []
        for n in range(decisions):
            document = 1 + (n // ON_A_CASE) % len(lengths)
            start = chance.randrange(0, lengths[document - 1] - 100)
            span = {"start_offset": start, "end_offset": start + 40, "tags": [tag]}
            seconds.append(peer.json(f"/project/1/document/{document}/highlight/new", span).seconds)
    finally:
        process.kill()
        process.wait()
    return told("taguette", seconds) | {"version": _version(program)}


def _link(log: Path) -> str:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        found = re.search(r"http://\S+", log.read_text())
        if found:
            return found.group()
        time.sleep(0.05)
    raise SystemExit("Taguette did not start within a minute.")


def _their_texts(data: Path, tag: int) -> list[int]:
    """The same documents, and as many highlights as we have codings, written into its database; bytes of each text."""
    chance, lengths = random.Random(7), []
    line = sqlite3.connect(data, timeout=30)
    with line:
        for number in range(made_up.DOCUMENTS):
            document, passages = made_up.invented(number, chance)
            html = "".join(f"<p>{document.text[each.start : each.end]}</p>" for each in passages)
            lengths.append(len(document.text) - len(passages))
            key = line.execute(
                "INSERT INTO documents (name, description, filename, created, project_id, text_direction, contents)"
                " VALUES (?, '', ?, '2020-01-01 00:00:00', 1, 'LEFT_TO_RIGHT', ?)",
                (document.name, document.name, html),
            ).lastrowid
            for _ in range(made_up.CODINGS):
                each = chance.choice(passages)
                highlight = line.execute(
                    "INSERT INTO highlights (document_id, start_offset, end_offset, snippet) VALUES (?, ?, ?, ?)",
                    (key, each.start, each.end, document.text[each.start : each.end]),
                ).lastrowid
                line.execute("INSERT INTO highlight_tags (highlight_id, tag_id) VALUES (?, ?)", (highlight, tag))
    line.close()
    return lengths


def _version(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=True)
    return said.stdout.split()[-1]


def told(name: str, seconds: list[float]) -> dict[str, Any]:
    """The figures of one program."""
    return {
        "program": name,
        "saved": len(seconds),
        "saves_per_s": round(len(seconds) / sum(seconds), 1),
        **tenths(seconds),
    }


def main() -> None:
    """Measure, print JSON with the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--taguette", default=shutil.which("taguette") or "")
    parser.add_argument("--decisions", type=int, default=600)
    parser.add_argument("--only", choices=["sqlite", "postgresql", "taguette"])
    parser.add_argument("--server", choices=["waitress", "gunicorn"], default="waitress")
    options = parser.parse_args()
    place, found = Path(tempfile.mkdtemp(prefix="caselore-peer-")), {}
    try:
        if options.only in (None, "taguette") and options.taguette:
            found["taguette"] = theirs(place / "peer", options.taguette, decisions=options.decisions)
        for kind in ("sqlite", "postgresql"):
            if options.only in (None, kind):
                with database(kind):
                    found[kind] = ours(place / kind, decisions=options.decisions, kind=options.server)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if "taguette" in found:
        for kind in found.keys() - {"taguette"}:
            found[kind]["times the peer"] = round(found[kind]["saves_per_s"] / found["taguette"]["saves_per_s"], 2)
    elif options.only is None:
        found["taguette"] = "not measured: give its program with --taguette"
    print(json.dumps(found, indent=1))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
