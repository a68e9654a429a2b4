"""In: a document. Out: its tables: caption, headings by column, rows of cells, and which rows are totals or parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from caselore.audit.cells import NUMBER, Cell, is_period, plain, read_cell
from caselore.audit.layouts import CAPTION, REACH, Grid, Line, Piece, grids, lines_of
from caselore.records import Document

SEVERAL_FIGURES = re.compile(rf"{NUMBER}\s?%?(?:\s?\(\s?{NUMBER}\s?%?\s?\))?(?:\s|$)")
_CAPTION_AT_END = re.compile(r"[.!?)]\s+((?:Table|TABLE)\s+[A-Z]?\.?\d+(?:\.\d+)*)\s*[:.–—-]\s*([A-Z][^.]{2,150})$")
_SIGN_AND_WORDS = re.compile(r"(?:(%|No\.?|[nN])\s+(\w.*)|(.*\w)\s+(%|No\.?|[nN]))$")
_LABEL_AND_FIGURE = re.compile(rf"(\D+?[^\d\s–-])\s+({NUMBER}(?:\s?%|\s?\(\s?{NUMBER}\s?%?\s?\)))$")
N_EQUALS = re.compile(r"\b[nN]\s?=\s?(\d{1,3}(?:,\d{3})+|\d+)")
_ALL_N = re.compile(
    r"\b(?:of|all|base:?|out of)(?: (?:all|the|these))* (\d{1,3}(?:,\d{3})+|\d{2,})(?=\b(?!\s?(?:%|years|-)))",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\((\d{1,3}(?:,\d{3})+|\d{2,})(?: [a-z]+){1,2}[;,)]")
_TOTAL = re.compile(
    r"(?:grand |overall )?totals?\b|all\b|overall\b(?!:)|sum\b|both(?: sexes| genders)?$", re.IGNORECASE
)
_BASE = re.compile(
    r"(?:(?:un)?weighted )?base\b|(?:total )?n$|number of (?:respondents|cases|responses)$", re.IGNORECASE
)
_PART = re.compile(r"(?:of (?:which|whom|these)|including|[-–—•o▪]\s)", re.IGNORECASE)
MISSING = re.compile(
    r"\b(?:missing|not (?:known|stated|mentioned|recorded|available)|unknown|no (?:data|information))", re.IGNORECASE
)
"""A row or a column of what is not known; a heading may run into its n."""
_SEVERAL = re.compile(
    r"more than one|more than (?:the )?(?:total|100)|multiple|mutually exclusive|not (?:add|sum)|several "
    r"(?:categor|reason|answer)"
    r"|each (?:case|child|review) (?:could|can|may)|could (?:have|be|choose)|overlap|sum to more|any "
    r"(?:that|which) appl",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*(?:[*†‡]|notes?\b|source|base\b|percentages?|\(?[a-d]\)|figures?\b (?:do|may)|columns?\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, and a cell for each column after the label."""

    label: str
    cells: tuple[Cell, ...]
    start: int
    end: int
    indented: bool = False

    @property
    def is_total(self) -> bool:
        """Whether the label says that the row sums up, or is the base of the others."""
        return self.is_base or (bool(_TOTAL.match(self.label)) and len(self.label.split()) <= 5)

    @property
    def is_base(self) -> bool:
        """Whether the row holds the n of each column."""
        return bool(_BASE.match(self.label))

    @property
    def is_part(self) -> bool:
        """Whether the label or its setting says that the row is a part of the one above."""
        return self.indented or bool(_PART.match(self.label))

    @property
    def is_missing(self) -> bool:
        """Whether the row counts what is not known."""
        return bool(MISSING.search(self.label))


@dataclass(frozen=True)
class Table:
    """One table. `columns` are full headings, upper lines first; `bases` the n of each column where it is stated."""

    label: str
    caption: str
    columns: tuple[str, ...]
    bases: tuple[int | None, ...]
    rows: tuple[Row, ...]
    start: int
    end: int
    notes: str = ""
    around: str = ""
    groups: tuple[tuple[str, int | None], ...] = field(default=())
    """For each column the heading that it shares with others, and the n there."""

    @property
    def name(self) -> str:
        """What to call the table."""
        return self.label or f"table at {self.start}"

    @cached_property
    def several(self) -> bool:
        """Whether words in or around the table say that a case can stand in several rows."""
        return bool(_SEVERAL.search(f"{self.caption} {self.notes} {self.around} {' '.join(self.columns)}"))

    @property
    def base(self) -> int | None:
        """The n of the whole table, if the caption or the heading of the labels names one."""
        found = N_EQUALS.search(self.caption) or _IN_BRACKETS.search(self.caption)
        return int(found[1].replace(",", "")) if found else None


def tables(document: Document) -> tuple[Table, ...]:
    """Every table of a document that holds at least two rows with a figure, in order."""
    lines = lines_of(document.text)
    found = _continued(grids(lines), lines)
    used: set[int] = set()
    made = (_table(document.text, lines, grid, used) for grid in found if not _is_contents(grid))
    return tuple(table for table in made if table)


def _continued(found: list[Grid], lines: list[Line]) -> list[Grid]:
    """Grids that a page cut in two are made one: nothing between them but a page number, and as many cells a row."""
    out: list[Grid] = []
    for grid in found:
        last = out[-1] if out else None
        if last and _width(last.rows) == _width(grid.rows) and _only_page(lines[last.last + 1 : grid.first]):
            rows = grid.rows[_first_body(grid.rows) :]  # its headings, if any, repeat those of the page before
            out[-1] = Grid(last.rows + rows, last.start, grid.end, last.first, grid.last, last.head)
        else:
            out.append(grid)
    return out


def _only_page(between: list[Line]) -> bool:
    words = " ".join(line.text.strip() for line in between)
    return len(words) < 40 and bool(
        re.fullmatch(r"(?:(?:page )?\d{0,4}|\(?(?:table )?[\d.]* ?\(?continued\)?)?", words.strip(), re.IGNORECASE)
    )


def _unmerged(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Rows in which a cell that holds several figures is cut, where that gives them the length of the others."""
    cut = [[part for i, piece in enumerate(row) for part in (_cut(piece) if i else _off_label(piece))] for row in rows]
    wanted = max(max((len(row) for row in rows), default=0), 2)
    sizes = {len(b) for a, b in zip(rows, cut, strict=True) if any(_figure(words) for words, _, _ in b[1:])}
    if len(sizes) == 1:
        wanted = max(wanted, *sizes)
    cut = [_cut_heading(row, wanted) for row in cut]
    full = sum(len(row) == wanted for row in rows)
    better = sum(len(row) == wanted for row in cut)
    if better <= full:
        return rows
    return [b if len(b) == wanted else a for a, b in zip(rows, cut, strict=True)]


def _off_label(piece: Piece) -> list[Piece]:
    """A label with the figures that were set too close to it: "Lowmarsh 9 (39%)"."""
    words, start, _ = piece
    found = _LABEL_AND_FIGURE.match(words)
    if not found:
        return [piece]
    return [(found[1], start, start + found.end(1)), (found[2], start + found.start(2), start + found.end(2))]


def _cut_heading(row: list[Piece], wanted: int) -> list[Piece]:
    """Headings that were set too close: "Infants (n=106) School age (n=87)" is cut after each n."""
    if len(row) >= wanted:
        return row
    row = _cut_sign(row) if len(_cut_sign(row)) == wanted else row
    out: list[Piece] = []
    for words, start, end in row:
        stops = [match.end() for match in re.finditer(r"\(?[nN]\s?=\s?[\d,]+\)?", words)]
        if len(stops) < 2:
            out.append((words, start, end))
            continue
        for a, b in pairwise([0, *stops]):
            out.append((words[a:b].strip(), start + a, start + b))
    return out if len(out) == wanted else row


def _cut_sign(row: list[Piece]) -> list[Piece]:
    """A heading such as "%" that was set too close to the words of the next or the last column."""
    out: list[Piece] = []
    for words, start, end in row:
        found = _SIGN_AND_WORDS.match(words)
        if found and start != row[0][1]:
            a, b = (1, 2) if found[1] else (3, 4)
            out += [(found[i], start + found.start(i), start + found.end(i)) for i in (a, b)]
        else:
            out.append((words, start, end))
    return out


def _cut(piece: Piece) -> list[Piece]:
    words, start, _ = piece
    found = list(SEVERAL_FIGURES.finditer(words))
    if len(found) < 2 or "".join(match[0] for match in found).replace(" ", "") != words.replace(" ", ""):
        return [piece]
    return [(match[0].strip(), start + match.start(), start + match.end()) for match in found]


def _is_contents(grid: Grid) -> bool:
    """Whether a grid is a list of headings or captions with page numbers, which only ever rise."""
    if any(len(row) != 2 for row in grid.rows):
        return False
    pages = [read_cell(row[1][0], 0).count for row in grid.rows]
    figures = [page for page in pages if page is not None]
    rising = all(a <= b for a, b in pairwise(figures))
    captions = sum(bool(CAPTION.match(row[0][0])) for row in grid.rows)
    return rising and len(figures) >= 3 and (captions >= 2 or len(figures) >= 6)


def _table(text: str, lines: list[Line], grid: Grid, used: set[int]) -> Table | None:
    grid.rows = _unmerged(grid.rows)
    width = _width(grid.rows)
    if width < 2:
        return None
    split = _first_body(grid.rows)
    heads, body = grid.rows[:split], grid.rows[split:]
    rows = tuple(_row(pieces, width, text) for pieces in body)
    if sum(any(cell.numeric for cell in row.cells) for row in rows) < 1:
        return None
    caption, label = _caption(lines, grid, used)
    columns, bases, groups = _headings([_spread(row, width) for row in heads], width)
    if grid.head:
        columns, bases = _from_lines(grid.head, width, columns, bases)
    notes = _notes(lines, grid)
    around = text[max(0, grid.start - 900) : grid.end + 400]
    return Table(label, caption, columns, bases, rows, grid.start, grid.end, notes, around, groups)


def _width(rows: list[list[Piece]]) -> int:
    """The most frequent number of cells among rows with figures."""
    sizes = [len(row) for row in rows if any(_figure(words) for words, _, _ in row[1:])]
    return max(set(sizes), key=lambda size: (sizes.count(size), size)) if sizes else 0


def _figure(words: str) -> bool:
    return read_cell(words, 0).numeric and not is_period(words)


def _first_body(rows: list[list[Piece]]) -> int:
    """The index of the first row with a figure beside its label."""
    return next((i for i, row in enumerate(rows) if any(_figure(words) for words, _, _ in row[1:])), len(rows))


def _row(pieces: list[Piece], width: int, text: str) -> Row:
    if len(pieces) < width and all(_figure(words) or not words for words, _, _ in pieces):
        end = pieces[0][1]
        pieces = [("", end, end), *pieces]  # the label is merged with that of the row above
    padded = pieces[:width] + [("", pieces[-1][2], pieces[-1][2])] * (width - len(pieces))
    label, start, _ = padded[0]
    line = text.rfind("\n", 0, start) + 1
    cells = tuple(read_cell(words, at) for words, at, _ in padded[1:])
    indented = label.startswith("<i>") or (
        start - line >= 2 and text[line:start].isspace() and "\t" not in text[line:start]
    )
    return Row(plain(label), cells, padded[0][1], padded[-1][2], indented)


def _spread(row: list[Piece], width: int) -> list[str]:
    """A row of headings over all columns: merged ones are repeated, blank ones filled from the left."""
    words = [plain(piece[0]) for piece in row]
    if len(words) < width:
        extra = words[1:] if not words[0] or len(words) > 1 else words
        first = words[0] if len(words) > 1 else ""
        if len(extra) and (width - 1) % len(extra) == 0:
            return [first, *(word for word in extra for _ in range((width - 1) // len(extra)))]
        return words + [""] * (width - len(words))
    return words[:width]


def _headings(
    rows: list[list[str]], width: int
) -> tuple[tuple[str, ...], tuple[int | None, ...], tuple[tuple[str, int | None], ...]]:
    filled = [_filled(row) if i < len(rows) - 1 else row for i, row in enumerate(rows)]
    columns = tuple(" ".join(dict.fromkeys(row[c] for row in filled if row[c])) for c in range(1, width))
    bases = tuple(
        next((n for row in reversed(filled) if (n := stated_n(row[c])) is not None), None) for c in range(1, width)
    )
    groups = tuple((filled[0][c], stated_n(filled[0][c])) if len(filled) > 1 else ("", None) for c in range(1, width))
    return columns, bases, groups


def _filled(row: list[str]) -> list[str]:
    out = row[:1]
    for words in row[1:]:
        out.append(words or (out[-1] if len(out) > 1 else ""))
    return out


def stated_n(words: str) -> int | None:
    """The n that a heading states: "(n=40)", "% of all 60 reports"."""
    found = N_EQUALS.search(words) or _ALL_N.search(words)
    number = int(found[1].replace(",", "")) if found else None
    return None if number is not None and found and found.re is _ALL_N and 1900 <= number <= 2100 else number


def _from_lines(
    head: tuple[Line, ...], width: int, columns: tuple[str, ...], bases: tuple[int | None, ...]
) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
    """Headings out of lines that stand above a table without marks: each n, each period goes to its column."""
    words = " ".join(line.text.strip() for line in head)
    numbers = [int(found.replace(",", "")) for found in N_EQUALS.findall(words)]
    periods = re.findall(r"\b(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?\b", words)
    every = len(numbers) == width - 1
    named = periods if len(periods) == width - 1 else [words] * (width - 1)
    return (
        tuple(f"{old} {new}".strip() for old, new in zip(columns, named, strict=True)),
        tuple(numbers) if every else tuple([numbers[0]] * (width - 1)) if len(numbers) == 1 else bases,
    )


def _caption(lines: list[Line], grid: Grid, used: set[int]) -> tuple[str, str]:
    """The caption above, or else below; no caption serves two tables, and one above comes first."""
    above = list(range(grid.first - 1, max(-1, grid.first - 1 - REACH), -1))
    below = list(range(grid.last + 1, min(len(lines), grid.last + 3)))
    for i in (*above, *below):
        found = CAPTION.match(lines[i].text)
        if found and i not in used and (len(lines[i].text.split()) < 40):
            used.add(i)
            return plain(lines[i].text), re.sub(r"\s+", " ", found[1])
        inside = _CAPTION_AT_END.search(lines[i].text.rstrip()) if i in above[:2] else None
        if inside and i not in used:
            used.add(i)
            return plain(inside[0][1:]), re.sub(r"\s+", " ", inside[1])
    return "", ""


def _notes(lines: list[Line], grid: Grid) -> str:
    below = lines[grid.last + 1 : grid.last + 5]
    return " ".join(line.text.strip() for line in below if _NOTE.match(line.text))
