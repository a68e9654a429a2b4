"""A real `caselore serve` process on a study of fictional reviews, started and stopped as a person would."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reviews"


def made(study: Path, *names: str, title: str = "Fictional reviews") -> Path:
    """A new study with these reviews of the sample in it, proposals made."""
    files = [str(SAMPLE / name) for name in names]
    for command in (["init", str(study), "--title", title], ["add", str(study), *files]):
        done = subprocess.run(
            [sys.executable, "-m", "caselore", *command], capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode in (0, 1), done.stderr
    return study


class Server:
    """The workbench of a study at an address of its own."""

    def __init__(self, study: Path) -> None:
        self.study = study
        self.process = subprocess.Popen(
            [sys.executable, "-m", "caselore", "serve", str(study), "--port", "0", "--no-browser"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said + self.process.stdout.read()
        self.key_address = found.group()
        self.address = self.key_address.split("/open/")[0].rstrip("/")

    def stop(self) -> None:
        """End it, as a loss of power would."""
        self.process.kill()
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def case(self, name: str) -> str:
        """The id of the first case of a document."""
        database = sqlite3.connect(self.study / "store.sqlite3")
        try:
            row = database.execute(
                "SELECT c.id FROM store_case c JOIN store_document d ON d.id = c.document_id"
                " WHERE d.name = ? ORDER BY c.start",
                (name,),
            ).fetchone()
        finally:
            database.close()
        return str(row[0])

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database holds now."""
        database = sqlite3.connect(self.study / "store.sqlite3")
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()
