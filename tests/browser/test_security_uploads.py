"""Files made to bring a server down, sent to a real one: refused in a sentence, and it answers all the while."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from workbench_serving import PASSWORD, Server

TESTS = Path(__file__).resolve().parents[1]
MAKE = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2]]
import workbench_serving
workbench_serving.crewed(Path(sys.argv[1]), ["coder"])
from caselore.store.actions.people import set_roles
from caselore.store import opening
from caselore.store.models import Coder
set_roles(opening.owner(), Coder.objects.get(name="coder"), ["administrator", "coder"])
"""


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def entities() -> bytes:
    """A billion laughs: XML that grows when it is read."""
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(lines) + "]><x>&a9;</x>").encode()


def deep_pdf(pages: int) -> bytes:
    """A PDF whose tree of pages names itself, with as many pages as it likes to say."""
    tree = f"2 0 obj<</Type/Pages/Count {pages}/Kids[2 0 R]>>endobj\n"
    return (
        f"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n{tree}trailer<</Root 1 0 R/Size 3>>\n%%EOF\n".encode()
    )


MONSTERS = {
    "bomb.docx": lambda: packed(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": bytes(400_000_000)}),
    "laughs.docx": lambda: packed(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": entities()}),
    "nested.zip": lambda: packed(**{"one.zip": packed(**{"two.docx": bytes(50_000_000)})}),
    "pages.pdf": lambda: deep_pdf(100_000_000),
    "noise.pdf": lambda: b"%PDF-1.7\n" + random.Random(1).randbytes(20_000_000),
    "line.txt": lambda: b"The health visitor was not told. " * 1_500_000,
    "word.txt": lambda: b"a" * 50_000_000,
    "deep.html": lambda: b"<div>" * 400_000 + b"x",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    place = tmp_path_factory.mktemp("uploads") / "study"
    command = [sys.executable, "-c", MAKE, str(place), str(TESTS.parent / "benchmarks")]
    subprocess.run(command, check=True, timeout=120)
    server = Server(place)
    server.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=400) as client:
        client.get("/sign-in/")
        token = {"csrfmiddlewaretoken": client.cookies["caselore_csrf"]}
        assert client.post("/sign-in/", data={"name": "coder", "password": PASSWORD} | token).status_code == 302
        yield client, server
    server.kill()


@pytest.mark.slow
@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_is_refused_or_read_and_the_server_answers_meanwhile(name: str, served: Any) -> None:
    client, server = served
    said: list[int] = []
    stop = threading.Event()

    def somebody_else() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as other:
            while not stop.is_set():
                said.append(other.get("/sign-in/").status_code)
                time.sleep(0.2)

    other = threading.Thread(target=somebody_else)
    other.start()
    try:
        token = client.cookies["caselore_csrf"]
        answer = client.post(
            "/documents/",
            files={"files": (name, MONSTERS[name]())},
            headers={"X-CSRFToken": token, "Origin": str(client.base_url).rstrip("/")},
        )
    finally:
        stop.set()
        other.join()
    assert answer.status_code == 200, json.dumps(answer.text[:300])
    assert "Traceback" not in answer.text
    assert name in answer.text
    assert set(said) == {200}
    assert server.process is not None
    assert server.process.poll() is None


def test_more_than_the_limit_is_refused_by_its_length(served: Any) -> None:
    client, _ = served
    token = client.cookies["caselore_csrf"]
    answer = client.post(
        "/documents/", files={"files": ("large.txt", b"a" * 105_000_000)},
        headers={"X-CSRFToken": token, "Origin": str(client.base_url).rstrip("/")},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "too large" in answer.text
