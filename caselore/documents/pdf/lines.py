"""From runs to lines: in, runs that stand in one column or cell; out, lines from top to bottom with their text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from caselore.documents.pdf.glyphs import HYPHENS
from caselore.documents.pdf.page import Run

SPACE = 0.14  # of its size: a gap that reads as a space
TAB = 1.3  # of its size: a gap that reads as a tabulator, as between the cells of a row
RAISED, SMALL = 0.12, 0.84  # of the line's size: how a footnote mark stands above its line
_MARK = re.compile(r"\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[*†‡§¶]{1,3}|[ivx]{1,5})\s*")
_LABEL = re.compile(
    r"(?:[•●○◦▪■□▫–—➢➤►▶✓✗❖·*»o-]|\[[x ]\]|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Za-z]|[ivxIVX]{1,5})[.):]?)"
)
_BROKEN = re.compile(rf"[{HYPHENS}\xad]\s*$|(?<=[^\W\d_])[-\u2010]\s*$")
_LEADERS = re.compile(r"\s*(?:[.·…_]\s?){4,}\s*(?=\d{1,4}$|[ivxlc]{1,6}$)|\s*(?:\.\s?){5,}")


@dataclass(slots=True)
class Line:
    """A line as read; `label` is how many characters of it are a bullet or number set apart from its words.

    `hyphen` says that the line's end breaks a word; its hyphen is not in the text. A table's row has `cells` and
    no text of its own.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    label: int = 0
    body: float = 0.0  # where the words after the label begin
    first: float = 0.0  # how wide the first word is
    tabs: bool = False
    hyphen: bool = False
    cells: list[list[Line]] = field(default_factory=list)


def is_label(text: str) -> bool:
    """Whether the text is nothing but a bullet, a number or a letter of a list."""
    return _LABEL.fullmatch(text.strip()) is not None


def lines(runs: Iterable[Run]) -> list[Line]:
    """The lines of one column, from the top."""
    return [line for group in groups(runs) if (line := _line(group)) is not None]


def groups(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs that share a line: at least half of the lower one's height in common."""
    found: list[list[Run]] = []
    boxes: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda run: (run.y, run.x0)):
        top, bottom = run.top, run.bottom
        for place in range(len(found) - 1, max(len(found) - 4, -1), -1):
            low, high = boxes[place]
            if min(bottom, high) - max(top, low) >= 0.5 * min(bottom - top, high - low):
                found[place].append(run)
                if bottom - top > high - low:
                    boxes[place] = (top, bottom)
                break
        else:
            found.append([run])
            boxes.append((top, bottom))
    order = sorted(range(len(found)), key=lambda place: boxes[place][1])
    return [found[place] for place in order]


def _line(group: list[Run]) -> Line | None:
    main = max(group, key=lambda run: (len(run.text), run.size))
    ordered = _without_doubles(sorted(group, key=lambda run: run.x0))
    text, label, body = "", 0, ordered[0].x0
    before: Run | None = None
    for run in ordered:
        piece = _piece(run, main)
        if before is not None:
            link = _link(before, run, text)
            if link and not label and before is ordered[0] and is_label(text):
                link, label, body = " ", len(text.strip()) + 1, run.x0
            text = text.rstrip(" ") + link + piece.lstrip(" ") if link else text + piece
        else:
            text = piece
        before = run
    hyphen = _BROKEN.search(text) is not None
    text = _tidy(text)
    if not text:
        return None
    bold = all(run.bold for run in ordered if run.kind == "text" and any(map(str.isalnum, run.text)))
    width = max(run.x1 for run in ordered) - ordered[0].x0
    first = width * len(text.split(None, 1)[0]) / len(text)
    return Line(text, ordered[0].x0, max(run.x1 for run in ordered), main.y, main.size, bold, label, body, first,
                "\t" in text, hyphen)  # fmt: skip


def _without_doubles(runs: list[Run]) -> list[Run]:
    """Text that was printed twice at one place to look bold, or for its shadow, counts once."""
    kept: list[Run] = []
    for run in runs:
        twin = any(other.text == run.text and abs(other.x0 - run.x0) < 0.15 * run.size for other in kept[-2:])
        if not (twin and run.kind == "text"):
            kept.append(run)
    return kept


def _link(before: Run, run: Run, text: str) -> str:
    """What stands between two runs of a line: nothing, a space or a tabulator."""
    size = max(before.size, run.size)
    gap = run.x0 - before.x1
    if gap > TAB * size and not text.rstrip().endswith(":") and before.kind == run.kind == "text":
        return "\t"
    if before.kind != "text" or run.kind != "text":
        return "\t" if gap > 2.5 * TAB * size and not text.rstrip().endswith(":") else " "
    if before.spaced[1] or run.spaced[0] or gap > SPACE * size:
        return " "
    return ""


def _piece(run: Run, main: Run) -> str:
    """The run's text; a raised number is a footnote's mark and stands in brackets, so that no figure grows."""
    raised = run is not main and run.size <= SMALL * main.size and main.y - run.y >= RAISED * main.size
    match = _MARK.fullmatch(run.text) if raised else None
    if match is None:
        return run.text
    return f"[{match[1]}] " if run.x0 < main.x0 else f"[{match[1]}]"


def _tidy(text: str) -> str:
    text = _BROKEN.sub("", text).replace(HYPHENS[0], "-").replace("\xad", "")
    text = _LEADERS.sub("\t", text) if "..." in text or ". . ." in text or "…" in text or "___" in text else text
    return re.sub(r" {2,}| ?\t[ \t]*", lambda match: "\t" if "\t" in match[0] else " ", text).strip()
