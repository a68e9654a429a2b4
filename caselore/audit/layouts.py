"""In: the text of a report. Out: grids of pieces with offsets, however the tables were set.

Layouts: cells apart by tabs or bars; by two spaces or more; by single spaces with figures at the end of the line;
one cell a line. The last two only count next to a caption, because prose looks like them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from caselore.audit.cells import NUMBER, is_period, read_cell

CAPTION = re.compile(
    r"[*_#\s]{0,6}((?:Table|TABLE|Tab\.|Figure|FIGURE|Fig\.|Box|Chart)\s+(?:[A-Z]?\.?\d+(?:\.\d+)*[a-z]?|[A-Z](?=\s*[:.|–—])))"
    r"(?:\s*(?:[:.|–—]|-\s)|\s*\**\s*$|\s+[A-Z(‘“*\d])"
)
"""A caption opens a line; "Table 1 shows" is a sentence."""

REACH = 6
"""Lines that hold something, between a caption and the first row or the last row and its caption."""

LONGEST_CELL = 90
"""Characters of a cell where each stands on its own line."""

FEWEST_ROWS = 2
_FIGURES = rf"(?:{NUMBER}\s?%?(?:\s?[\(\[]\s?{NUMBER}\s?%?\s?[\)\]])?|[-–—])"
_RUN_OF_FIGURES = re.compile(rf"(?P<label>\S.*?)\s+(?P<cells>{_FIGURES}(?:\s+{_FIGURES})*)\s*$")
_ONE_FIGURE = re.compile(_FIGURES)
_GAP = re.compile(r"\s{2,}")
_RULE = re.compile(r"[\s|:+=_–—-]+$")

Piece = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text that holds something."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the line ends in the text."""
        return self.start + len(self.text)


@dataclass(slots=True)
class Grid:
    """Rows of pieces (words, start, end) as they stand; `head` are lines above that may hold headings."""

    rows: list[list[Piece]]
    start: int
    end: int
    first: int
    last: int
    head: tuple[Line, ...] = ()


def lines_of(text: str) -> list[Line]:
    """The lines that hold something, with their offsets."""
    out, at = [], 0
    for line in text.split("\n"):
        if line.strip(" \t\f\r|") or ("\t" in line and line.strip()):
            out.append(Line(line, at))
        at += len(line) + 1
    return out


def grids(lines: list[Line]) -> list[Grid]:
    """Every grid of a text, in order; none overlaps another."""
    found = list(_marked(lines))
    taken = {i for grid in found for i in range(grid.first, grid.last + 1)}
    for at, line in enumerate(lines):
        if CAPTION.match(line.text) and at not in taken and not _served(at, found):
            grid = _near(lines, at, taken)
            if grid:
                found.append(grid)
                taken |= set(range(grid.first, grid.last + 1))
    return sorted(found, key=lambda grid: grid.start)


def _served(at: int, found: list[Grid]) -> bool:
    """Whether a caption already has a grid right below it."""
    return any(at < grid.first <= at + REACH // 2 for grid in found)


def _marked(lines: list[Line]) -> Iterator[Grid]:
    """Runs of lines whose cells are apart by tabs or bars."""
    run: list[int] = []
    for at in range(len(lines) + 1):
        if at < len(lines) and _split(lines[at].text) is not None:
            run.append(at)
            continue
        if at < len(lines) and run and _rules_off(lines[at].text):
            continue
        if len(run) >= FEWEST_ROWS:
            yield _made([_pieces(lines[i]) for i in run], lines, run[0], run[-1])
        run = []


def _rules_off(line: str) -> bool:
    return bool(_RULE.match(line))


def _split(line: str) -> list[tuple[int, int]] | None:
    """The spans of the cells of a line with tabs or bars; None for any other line."""
    if "\t" in line:
        return _spans(line, re.compile("\t"))
    if line.lstrip().startswith("|") or " | " in line:
        if _RULE.match(line):
            return None
        framed = line.lstrip().startswith("|") and line.rstrip().endswith("|")  # else a bar at an end is a blank cell
        inner_start, inner_end = (line.index("|") + 1, line.rindex("|")) if framed else (0, len(line))
        return [(a + inner_start, b + inner_start) for a, b in _spans(line[inner_start:inner_end], re.compile(r"\|"))]
    return None


def _spans(line: str, mark: re.Pattern[str]) -> list[tuple[int, int]]:
    out, at = [], 0
    for match in mark.finditer(line):
        out.append((at, match.start()))
        at = match.end()
    return [*out, (at, len(line))]


def _pieces(line: Line) -> list[Piece]:
    return [_piece(line, a, b) for a, b in _split(line.text) or []]


def _piece(line: Line, a: int, b: int) -> Piece:
    words = line.text[a:b]
    left = len(words) - len(words.lstrip())
    return words.strip(), line.start + a + left, line.start + a + left + len(words.strip())


def _made(rows: list[list[Piece]], lines: list[Line], first: int, last: int, head: tuple[Line, ...] = ()) -> Grid:
    return Grid(rows, lines[first].start, lines[last].end, first, last, head)


def _near(lines: list[Line], at: int, taken: set[int]) -> Grid | None:
    """The grid below a caption, else above it, in one of the unmarked layouts."""
    below = _stretch(lines, at, taken, 1)
    for read in (_spaced, _packed, _stacked):
        grid = read(lines, below)
        if grid and grid.first - at <= REACH + 2:
            return grid
    above = _stretch(lines, at, taken, -1)
    for read in (_spaced, _packed):
        grid = read(lines, above)
        if grid and at - grid.last <= 2:
            return grid
    return None


def _stretch(lines: list[Line], at: int, taken: set[int], step: int) -> list[int]:
    """Indexes from a caption up to the next caption or running text, in order of the page."""
    out: list[int] = []
    i = at + step
    while 0 <= i < len(lines) and i not in taken and len(out) < 120:
        if CAPTION.match(lines[i].text) or (
            _runs_on(lines[i].text) and len(out) > 2 and not _ends_in_figures(lines[i])
        ):
            break
        out.append(i)
        i += step
    return out[::step]


def _runs_on(line: str) -> bool:
    words = line.split()
    return len(words) > 14 and sum(word[0].isdigit() for word in words) < len(words) / 3


def _ends_in_figures(line: Line) -> bool:
    found = _RUN_OF_FIGURES.match(line.text)
    return bool(found and len(_ONE_FIGURE.findall(found["cells"])) > 1)


def _spaced(lines: list[Line], within: list[int]) -> Grid | None:
    """Columns held apart by two spaces or more; headings are put over the column they stand above."""
    pieces = {i: [(lines[i].text[a:b], a, b) for a, b in _words_apart(lines[i].text)] for i in within}
    body = [i for i in within if len(pieces[i]) > 1 and _all_figures(piece[0] for piece in pieces[i][1:])]
    if len(body) < FEWEST_ROWS:
        return None
    width = max(len(pieces[i]) for i in body)
    full = [i for i in body if len(pieces[i]) == width]
    spans = [(min(pieces[i][c][1] for i in full), max(pieces[i][c][2] for i in full)) for c in range(width)]
    head = [i for i in within if body[0] - REACH <= i < body[0] and len(pieces[i]) > 1]
    tail = [i for i in within if body[0] < i <= body[-1] and i not in body]
    rows = [
        _laid([_piece(lines[i], a, b) for _, a, b in pieces[i]], spans, lines[i].start)
        for i in sorted({*head, *body, *tail})
    ]
    return _made(rows, lines, (head or body)[0], body[-1])


def _words_apart(line: str) -> list[tuple[int, int]]:
    return [(a, b) for a, b in _spans(line, _GAP) if line[a:b].strip()]


def _all_figures(words: Iterator[str] | list[str]) -> bool:
    """Whether every piece is a figure or a dash, and at least one is a figure that is no year."""
    cells = [(word, read_cell(word, 0)) for word in words]
    good = all(cell.numeric or cell.blank for _, cell in cells)
    return good and any(cell.numeric and not is_period(word) for word, cell in cells)


def _laid(row: list[Piece], spans: list[tuple[int, int]], offset: int) -> list[Piece]:
    """The pieces of a line put into columns by where they stand; a heading over two columns goes to the first."""
    out: list[Piece] = [("", row[0][1], row[0][1])] * len(spans)
    for words, start, end in row:
        near = min(range(len(spans)), key=lambda c: _distance(spans[c], (start - offset, end - offset)))
        held = out[near]
        out[near] = (f"{held[0]} {words}".strip(), held[1] if held[0] else start, end)
    return out


def _distance(one: tuple[int, int], other: tuple[int, int]) -> float:
    apart = max(one[0] - other[1], other[0] - one[1], 0)
    return apart * 100 + abs(sum(one) - sum(other)) / 2


def _packed(lines: list[Line], within: list[int]) -> Grid | None:
    """Rows of a label and figures, all apart by single spaces; the lines above them are the head."""
    found = {i: match for i in within if (match := _RUN_OF_FIGURES.match(lines[i].text)) and _labelled(match)}
    counts = {i: len(_ONE_FIGURE.findall(match["cells"])) for i, match in found.items()}
    if len(found) < FEWEST_ROWS:
        return None
    width = max(set(counts.values()), key=list(counts.values()).count)
    body = [i for i in found if counts[i] == width]
    single = width == 1 and not all("(" in found[i]["cells"] or "%" in found[i]["cells"] for i in body)
    if len(body) < FEWEST_ROWS or single:
        return None
    rows = [_unpacked(lines[i], found[i]) for i in body]
    head = tuple(lines[i] for i in within if i < body[0])[-REACH:]
    return _made(rows, lines, body[0], body[-1], head)


def _labelled(match: re.Match[str]) -> bool:
    first = next(iter(_ONE_FIGURE.findall(match["cells"])), "")
    return (not is_period(first) and any(letter.isalpha() for letter in match["label"])) or match["label"][
        -1:
    ].isdigit()


def _unpacked(line: Line, match: re.Match[str]) -> list[Piece]:
    cells = [
        _piece(line, match.start("cells") + m.start(), match.start("cells") + m.end())
        for m in _ONE_FIGURE.finditer(match["cells"])
    ]
    return [_piece(line, match.start("label"), match.end("label")), *cells]


def _stacked(lines: list[Line], within: list[int]) -> Grid | None:
    """One cell a line: labels each followed by the same number of figures; the lines before the first are the head."""
    kinds = []
    for i in within:
        words = lines[i].text.strip()
        if len(words) > LONGEST_CELL:
            break
        kinds.append(_all_figures([words]) or read_cell(words, 0).blank)
    runs = _runs(kinds)
    if len(runs) < FEWEST_ROWS:
        return None
    width = max({size for _, size in runs}, key=[size for _, size in runs].count)
    good = [start for start, size in runs if size == width]
    if len(good) < max(FEWEST_ROWS, 0.7 * len(runs)):
        return None
    rows = [
        [_piece(lines[within[k]], 0, len(lines[within[k]].text)) for k in range(start - 1, start + width)]
        for start in good
    ]
    heads = [lines[within[k]] for k in range(good[0] - 1)]
    if len(heads) in (width, width + 1):
        row = [_piece(line, 0, len(line.text)) for line in heads]
        rows.insert(0, row if len(row) == width + 1 else [("", row[0][1], row[0][1]), *row])
        heads = []
    return _made(rows, lines, within[good[0] - 1], within[good[-1] + width - 1], tuple(heads[-REACH:]))


def _runs(kinds: list[bool]) -> list[tuple[int, int]]:
    """Where figures follow a label: index of the first, and how many."""
    out, at = [], 0
    while at < len(kinds):
        if kinds[at] and at and not kinds[at - 1]:
            size = next((k for k in range(at, len(kinds)) if not kinds[k]), len(kinds)) - at
            out.append((at, size))
            at += size
        else:
            at += 1
    return out
