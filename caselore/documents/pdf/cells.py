"""Tables without rules: in, runs in the order in which the file holds them; out, tables as rows of cells.

Whoever writes a table writes cell after cell. Lines that follow each other downwards are a block; blocks that begin
at one height, the next to the right of the last, are a row; rows whose cells begin at the same places are a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from caselore.documents.pdf.lines import is_label
from caselore.documents.pdf.page import Box, Run
from caselore.documents.pdf.tables import Table

LEVEL = 0.5  # of the size: cells of a row begin at heights that differ by less
APART = 0.5  # of the size: what parts a cell from the one to its left
LABEL_GAP = 3.0  # of the size: from a bullet, number or tick box to its words
NEXT_LINE = 2.0  # of the size: a line further down is no longer of the same cell
EDGE = 3.0  # points: cells of a column begin at places that differ by less
MOST_WORDS = 120  # of a cell; longer blocks side by side are columns
MOST_LINES = 14


@dataclass(slots=True)
class _Block:
    runs: list[Run]
    x0: float
    x1: float
    top: float
    last: float
    lines: int = 1

    @property
    def words(self) -> int:
        return sum(len(run.text.split()) for run in self.runs)


def unruled_tables(runs: Sequence[Run]) -> list[Table]:
    """Tables of two or more rows with three columns or a cell of several lines; answers to tick are none."""
    rows = _rows(_blocks(runs))
    found: list[Table] = []
    table: list[list[_Block]] = []
    for row in [*rows, []]:
        if table and not (row and _aligned(table[-1], row)):
            if _is_table(table):
                found.append(_made(table))
            table = []
        if len(row) >= 2:
            table.append(row)
    return found


def _blocks(runs: Sequence[Run]) -> list[_Block]:
    blocks: list[_Block] = []
    for run in sorted(runs, key=lambda run: (run.order, run.x0)):
        if blocks and _goes_on(blocks[-1], run):
            block = blocks[-1]
            block.lines += run.y - block.last > LEVEL * run.size
            block.runs.append(run)
            block.x0, block.x1 = min(block.x0, run.x0), max(block.x1, run.x1)
            block.last = max(block.last, run.y)
        else:
            blocks.append(_Block([run], run.x0, run.x1, run.y, run.y))
    return blocks


def _goes_on(block: _Block, run: Run) -> bool:
    """Whether a run goes on in the block: on its last line without a gap, or on the line below."""
    down = run.y - block.last
    if abs(down) <= LEVEL * run.size:
        before = block.runs[-1]
        set_apart = before.kind == "tick" or is_label(before.text)
        return -0.5 * run.size <= run.x0 - before.x1 <= (LABEL_GAP if set_apart else APART) * run.size
    below = 0 < down <= NEXT_LINE * run.size
    return below and run.x0 < block.x1 and run.x1 > block.x0 and run.x0 > block.x0 - 2 * EDGE


def _rows(blocks: list[_Block]) -> list[list[_Block]]:
    rows: list[list[_Block]] = []
    for block in blocks:
        last = rows[-1][-1] if rows else None
        size = block.runs[0].size
        if last and abs(block.top - last.top) <= LEVEL * size and block.x0 >= last.x1 + APART * size:
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _aligned(row: list[_Block], after: list[_Block]) -> bool:
    """Whether the next row is below and two of its cells begin where cells of this one do."""
    shared = sum(any(abs(cell.x0 - other.x0) <= EDGE for other in row) for cell in after)
    below = min(cell.top for cell in after) > max(cell.last for cell in row)
    return below and shared >= 2


def _is_table(rows: list[list[_Block]]) -> bool:
    cells = [cell for row in rows for cell in row]
    wrapped = sum(cell.lines > 1 for cell in cells)
    short = all(cell.words <= MOST_WORDS and cell.lines <= MOST_LINES for cell in cells)
    columns = max(len(row) for row in rows)
    labels = columns == 2 and sum(is_label(row[0].runs[0].text) for row in rows) >= 0.5 * len(rows)
    ticked = sum(cell.runs[0].kind == "tick" for cell in cells) >= len(cells) / 3
    return len(rows) >= 2 and short and not labels and not ticked and (wrapped > 0 or columns >= 3)


def _made(rows: list[list[_Block]]) -> Table:
    cells = [cell for row in rows for cell in row]
    runs = [run for cell in cells for run in cell.runs]
    frame = Box(min(cell.x0 for cell in cells), min(run.top for run in runs), max(cell.x1 for cell in cells),
                max(run.bottom for run in runs))  # fmt: skip
    return Table(frame, tuple(tuple(tuple(cell.runs) for cell in row) for row in rows))
