"""Decisions saved over HTTP in a study of 50,000 passages and 25,000 codings, beside Taguette on the same text.

    python -m venv /tmp/peer && /tmp/peer/bin/pip install taguette
    python benchmarks/peer.py --taguette /tmp/peer/bin/taguette [--decisions 600] [--only sqlite|postgresql|taguette]

One coder sends one request after another over one connection and waits for each answer. Ours is the whole request:
the decision with its evidence, its event in the chain, and the changed parts of the page drawn. Theirs is their
interface's own call that saves a highlight with a tag, in a project of the same 500 documents with 25,000 highlights.
They take turns, twenty-five saves each. Both write through to the disk. Their program is a peer to measure against
and no dependency.
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
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import store as made_up
from workbench_serving import CoderAtWork, Ledger, Server, Visitor, crewed, database, free_port, tenths

ON_A_CASE = 25
START_S = 60


class Ours:
    """Our own server on a study of its own; the decisions of one coder."""

    def __init__(self, place: Path, *, kind: str) -> None:
        study = crewed(place, ["coder"])
        from caselore.store import opening
        from caselore.store.connect import disconnect
        from caselore.store.models import Case

        made_up.fill(opening.owner())
        cases = list(Case.objects.values_list("pk", flat=True))
        disconnect()
        self.server, self.ledger = Server(study.path, kind=kind), Ledger()
        self.server.start()
        self.coder = CoderAtWork(self.server.port, "coder", cases, self.ledger, seed=5)
        self.coder.sign_in()
        self.coder.open()
        for _ in range(20):  # a server that has just been started is not what is measured
            self.coder.send(*self.coder.next_decision())
        self.ledger.decision_s.clear()

    def some(self) -> list[float]:
        """The decisions on one case; seconds of each."""
        before = len(self.ledger.decision_s)
        self.coder.open()
        for _ in range(ON_A_CASE):
            self.coder.send(*self.coder.next_decision())
        if self.ledger.faults:
            raise SystemExit(f"The server answered {self.ledger.faults[0]}.")
        return self.ledger.decision_s[before:]

    def stop(self) -> None:
        """The end."""
        self.server.kill()


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


class Theirs:
    """The peer's server on a project of the same text; highlights with a tag."""

    def __init__(self, place: Path, program: str) -> None:
        place.mkdir()
        port, data, log = free_port(), place / "project.sqlite3", place / "log"
        command = [program, "--no-browser", "--port", str(port), "--database", str(data)]
        with log.open("w") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(place)}
            )
        self.peer, self.chance, self.document = Taguette(port), random.Random(5), 0
        self.peer.join(_link(log))
        self.peer.form("/project/new", {"name": "Made-up reviews", "description": ""})
        self.tag = json.loads(self.peer.json("/project/1/tag/new", {"path": "police", "description": ""}).body)["id"]
        self.lengths = _their_texts(data, self.tag)
        self.some()

    def some(self) -> list[float]:
        """The highlights in one document; seconds of each."""
        self.document = self.document % len(self.lengths) + 1
        found = []
        for _ in range(ON_A_CASE):
            start = self.chance.randrange(0, self.lengths[self.document - 1] - 100)
            span = {"start_offset": start, "end_offset": start + 40, "tags": [self.tag]}
            found.append(self.peer.json(f"/project/1/document/{self.document}/highlight/new", span).seconds)
        return found

    def stop(self) -> None:
        """The end."""
        self.process.kill()
        self.process.wait()


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
    place, running, seconds = Path(tempfile.mkdtemp(prefix="caselore-peer-")), {}, {}
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        if options.only in (None, "taguette") and options.taguette:
            running["taguette"] = Theirs(place / "peer", options.taguette)
        for kind in ("sqlite", "postgresql"):
            if options.only in (None, kind):
                stack.enter_context(database(kind))
                running[kind] = Ours(place / kind, kind=options.server)
        for each in running.values():
            stack.callback(each.stop)
        for _ in range(-(-options.decisions // ON_A_CASE)):  # by turns, so that what else the machine does is shared
            for name, each in running.items():
                seconds.setdefault(name, []).extend(each.some())
    found = {name: told("taguette" if name == "taguette" else "caselore", times) for name, times in seconds.items()}
    for kind in found.keys() - {"taguette"}:
        if "taguette" in found:
            found[kind]["times the peer"] = round(found[kind]["saves_per_s"] / found["taguette"]["saves_per_s"], 2)
    if not options.taguette:
        found["taguette"] = {"not measured": "give its program with --taguette"}
    print(json.dumps(found, indent=1))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
