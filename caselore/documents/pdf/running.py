"""Which runs of each page are running heads, feet or page numbers: what repeats at one height from page to page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from caselore.documents.pdf.page import PageContent, Run

ZONE = 0.2  # of the page's height: how far from an edge a running head or foot may stand
MAX_ROWS = 6  # of one head or foot
ENOUGH = 3  # pages that must repeat a head; in a document of up to four pages two will do
MOST = 0.4  # of the pages: what so many repeat is running even where no space sets it apart
SAME_HEIGHT = 2.5  # points
APART = 1.6  # of its size: how far a head stands from the first line of text
_NUMBER = re.compile(r"\d+")
_COUNTER = re.compile(r"\b(?:page|p|pg|tudalen)\b[\s.|:]*\d|[|•·–-]\s*\d{1,4}$|^\d{1,4}\s*[|•·–-]", re.IGNORECASE)
_FRONT = re.compile(r"[ivx]{1,5}")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|p\.?|pg\.?|tudalen)\s*)?[\W_]*(?P<number>\d{1,4}|[ivxlc]{1,7})[\W_]*"
    r"(?:(?:of|/|o)\s*\d{1,4})?[\W_]*(?:page)?[\W_]*",
    re.IGNORECASE,
)


def without_running(pages: Sequence[PageContent]) -> list[list[Run]]:
    """The runs of each page, less its running heads, feet and page numbers."""
    gone: set[int] = set()
    for from_top in (True, False):
        edge = [_rows(page, from_top=from_top) for page in pages]
        repeats = _repeats(pages, edge)
        for page, rows in zip(pages, edge, strict=True):
            gone |= _running(page, rows, repeats, share=MOST * len(pages))
    return [[run for run in page.runs if id(run) not in gone] for page in pages]


def _rows(page: PageContent, *, from_top: bool) -> list[list[Run]]:
    """The rows of runs within the zone, the outermost first."""
    limit = ZONE * page.height
    near = [run for run in page.runs if (run.y if from_top else page.height - run.y) <= limit]
    rows: list[list[Run]] = []
    for run in sorted(near, key=lambda run: run.y if from_top else -run.y):
        if rows and abs(rows[-1][0].y - run.y) <= 0.5 * max(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows[:MAX_ROWS]


def _repeats(pages: Sequence[PageContent], edge: list[list[list[Run]]]) -> dict[int, int]:
    """By a run's id, how many pages repeat it at the same height."""
    seen: dict[str, list[tuple[int, Run]]] = defaultdict(list)
    for page, rows in zip(pages, edge, strict=True):
        for run in (run for row in rows for run in row):
            for shape in _shapes(run.text, page.number):
                seen[shape].append((page.number, run))
    enough = 2 if len(pages) <= 4 else ENOUGH
    found: dict[int, int] = {}
    for places in seen.values():
        for group in _level(places):
            count = len({number for number, _ in group})
            if count >= enough:
                found.update((id(run), max(count, found.get(id(run), 0))) for _, run in group)
    return found


def _shapes(text: str, page: int) -> Iterator[str]:
    """The words as they are, and with the numbers that may count pages as their distance from this page.

    Headings such as "Finding 1", "Finding 2" at the head of pages keep no constant distance from page to page.
    """
    number = _page_number(text)
    if number is not None:
        yield f"# {number - page}"
        return
    folded = " ".join(text.lower().split())
    yield folded
    if _COUNTER.search(folded):
        yield _NUMBER.sub(lambda match: f"# {int(match[0]) - page}", folded)


def _page_number(text: str) -> int | None:
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None:
        return None
    digits = match["number"].lower()
    return int(digits) if digits.isdigit() else _roman(digits)


def _roman(numeral: str) -> int | None:
    values = [_ROMAN[letter] for letter in numeral]
    following = [*values[1:], 0]
    total = sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    return total if total < 200 else None


def _level(places: Iterable[tuple[int, Run]]) -> Iterable[list[tuple[int, Run]]]:
    """Groups of places at the same height."""
    group: list[tuple[int, Run]] = []
    for place in sorted(places, key=lambda place: place[1].y):
        if group and place[1].y - group[-1][1].y > SAME_HEIGHT:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _running(page: PageContent, rows: list[list[Run]], repeats: dict[int, int], *, share: float) -> set[int]:
    """From the page's edge inwards the rows that are repeated, if they stand apart or most pages have them."""
    head: list[list[Run]] = []
    for row in rows:
        if not (all(id(run) in repeats for run in row) or _is_page_number(page, row, repeats, enough=share / 2)):
            break
        head.append(row)
    while head and not (_apart(page, head) or min(repeats.get(id(run), 0) for run in head[-1]) >= share):
        head.pop()
    return {id(run) for row in head for run in row}


def _is_page_number(page: PageContent, row: list[Run], repeats: dict[int, int], *, enough: float) -> bool:
    """A row with this page's number in it: alone, or beside a chapter's name that other pages do not repeat."""
    own = [run for run in row if _page_number(run.text) == page.number or _FRONT.fullmatch(run.text)]
    counted = [run for run in row if repeats.get(id(run), 0) >= enough and _page_number(run.text) is not None]
    alone = bool(own) and len(row) == 1
    return (alone or bool(counted and len(row) <= 3)) and _apart(page, [row])


def _apart(page: PageContent, head: list[list[Run]]) -> bool:
    """Whether the rest of the page keeps its distance from these rows."""
    inside = {id(run) for row in head for run in row}
    nearest = min((abs(run.y - other.y) for run in head[-1] for other in page.runs if id(other) not in inside),
                  default=page.height)  # fmt: skip
    return nearest > APART * max(run.size for run in head[-1])
