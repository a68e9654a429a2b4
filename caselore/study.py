"""A study as a folder: `caselore.toml` comes in as a frozen record, and a new folder is made from one.

Nothing here knows the database; `caselore.store.connect` opens it.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from caselore.errors import StudyError

Mode = Literal["single", "team"]

FILE = "caselore.toml"
STORE = "store.sqlite3"
SMALLEST = 5
"""Counts from 1 to below this are suppressed in what a study releases."""

BLIND_SHARES: dict[str, float] = {"single": 0.0, "team": 0.1}
"""The share of cases that a coder sees without proposals first, where a study does not declare its own."""


@dataclass(frozen=True, slots=True)
class Study:
    """One study: where it lies, how it is worked in, with which codebooks.

    `codebooks` are paths of the study's own books, added to the shipped ones. `blind_share` is from 0 to 1.
    """

    path: Path
    title: str
    mode: Mode = "single"
    codebooks: tuple[str, ...] = ()
    blind_share: float = 0.0
    smallest: int = SMALLEST
    created: str = ""

    @property
    def store(self) -> Path:
        """The SQLite database, used unless DATABASE_URL names another."""
        return self.path / STORE

    @property
    def documents(self) -> Path:
        """Files as they were added, each under its sha256."""
        return self.path / "documents"

    @property
    def releases(self) -> Path:
        """Releases made from the study."""
        return self.path / "releases"

    @property
    def books(self) -> tuple[str, ...]:
        """The study's own codebooks as paths that can be opened from anywhere."""
        return tuple(str(self.path / book) for book in self.codebooks)


def is_study(path: Path | str) -> bool:
    """Whether the folder holds a study."""
    return (Path(path) / FILE).is_file()


def open_study(path: Path | str) -> Study:
    """The study of a folder. Raises StudyError where there is none, or its file cannot be understood."""
    folder = Path(path).resolve()
    file = folder / FILE
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudyError(f"{path}: there is no study here; make one with 'caselore init {path}'.") from None
    except (OSError, ValueError) as error:
        raise StudyError(f"{file}: the study's file cannot be read ({error}); mend it or restore it.") from None
    return _checked(file, folder, told)


def make_study(
    path: Path | str,
    *,
    title: str = "",
    mode: Mode = "single",
    codebooks: tuple[str, ...] = (),
    blind_share: float | None = None,
    smallest: int = SMALLEST,
) -> Study:
    """Make the folder of a new study and write its file; an existing study is refused.

    Raises StudyError where the folder holds a study already or a value is out of range.
    """
    folder = Path(path).resolve()
    if is_study(folder):
        raise _there(path)
    told: dict[str, Any] = {
        "title": title or folder.name,
        "mode": mode,
        "codebooks": [str(Path(book).resolve()) for book in codebooks],
        "blind_share": BLIND_SHARES.get(mode, 0.0) if blind_share is None else blind_share,
        "smallest": smallest,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    study = _checked(folder / FILE, folder, told)
    for part in (folder, study.documents, study.releases):
        part.mkdir(parents=True, exist_ok=True)
    # JSON's strings, numbers and lists of strings are TOML's as well
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items()]
    try:
        with (folder / FILE).open("x", encoding="utf-8") as file:
            file.write("# A study of Caselore; what each line means is in the manual.\n" + "".join(lines))
    except FileExistsError:  # another process made one just now
        raise _there(path) from None
    return study


def _there(path: Path | str) -> StudyError:
    return StudyError(f"{path}: there is a study here already; add documents with 'caselore add {path} FILE'.")


def _checked(file: Path, folder: Path, told: dict[str, Any]) -> Study:
    def wrong(key: str, mend: str) -> StudyError:
        return StudyError(f"{file}: '{key}' is {told.get(key)!r}; {mend}.")

    mode, share, smallest = told.get("mode", "single"), told.get("blind_share", 0.0), told.get("smallest", SMALLEST)
    books = told.get("codebooks", [])
    if mode not in BLIND_SHARES:
        raise wrong("mode", "choose 'single' or 'team'")
    if not isinstance(share, (int, float)) or isinstance(share, bool) or not 0 <= share <= 1:
        raise wrong("blind_share", "give a share from 0 to 1")
    if not isinstance(smallest, int) or smallest < 1:
        raise wrong("smallest", "give a whole number from 1")
    if not isinstance(books, list) or not all(isinstance(book, str) for book in books):
        raise wrong("codebooks", "give a list of paths")
    title, created = str(told.get("title") or folder.name), str(told.get("created", ""))
    return Study(folder, title, mode, tuple(books), float(share), smallest, created)
