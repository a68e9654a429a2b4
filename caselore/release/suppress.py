"""A table of counts goes in; which of its cells and totals must not be shown comes out.

Small counts are hidden (primary), and as many others as it takes that nobody who knows every shown cell and
total can work a hidden one out (complementary). A shown zero stays: it says that no case is like this.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from caselore.errors import TableError

SMALLEST_COUNT = 3
"""The smallest count that is shown; 1 and 2 are hidden. The rule of the Office for National Statistics for
tables of deaths (ONS, "Policy on protecting confidentiality in tables of birth and death statistics")."""

Margins = Literal["none", "rows", "columns", "both"]
"""Along which lines the cells add up to a total that a reader knows: ``rows``: the cells of each row do."""

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

Cell = tuple[int, int]
Node = tuple[str, int]
FREE: Node = ("free", 0)

_HIDE_CELL, _HIDE_TOTAL, _NEVER = 10**6, 10**12, 10**18
"""Costs of hiding one more cell, or a total: hide few cells, of those the smallest, and totals last."""


@dataclass(frozen=True)
class Hidden:
    """What must not be shown: `cells` in the shape of the counts, a flag for each total and each base."""

    cells: Bools
    row_totals: Bools
    column_totals: Bools
    total: bool
    bases: Bools
    base_total: bool = False

    @property
    def count(self) -> int:
        """How many cells, totals and bases are hidden."""
        flags = (self.cells, self.row_totals, self.column_totals, self.bases)
        return sum(int(each.sum()) for each in flags) + int(self.total) + int(self.base_total)


def suppress(
    counts: npt.ArrayLike,
    *,
    smallest: int = SMALLEST_COUNT,
    margins: Margins = "both",
    base: npt.ArrayLike | None = None,
) -> Hidden:
    """Say which cells, totals and bases of a table to hide.

    `counts` is one column (n,) or a matrix (n, m) of whole numbers without its totals. `margins` names the
    lines whose totals a reader knows; totals that are not known are not considered. `base` (one number, or one
    a column) is given for tables of several answers a case, whose columns do not add up: there, ``base - count``
    is the count of cases without the answer, so a count just below its base is hidden like a small one.
    `smallest` = 1 hides nothing. The complementary cells of a two-way table are found as cheapest cycles in the
    network of its cells (D. Gusfield, "A graph theoretic approach to statistical data security", 1988).
    Raises TableError for counts that are negative, or of more than two dimensions.

    >>> suppress([12, 7, 1], margins="columns").cells.tolist()
    [False, True, True]
    """
    inner = _matrix(counts)
    bases = None if base is None else np.broadcast_to(np.asarray(base, dtype=np.int64), inner.shape[1:])
    hidden_bases = _hidden_bases(bases, smallest=smallest, margins=margins)
    table, whole = _extended(inner), None if bases is None else np.append(bases, bases.sum())
    flags = _Network(table, smallest=smallest, margins=margins, base=whole, hidden_bases=hidden_bases).hide()
    if bases is not None and hidden_bases.any() and _total_tells(table, flags, int(bases.sum())):
        hidden_bases[-1] = True
        flags = _Network(table, smallest=smallest, margins=margins, base=whole, hidden_bases=hidden_bases).hide()
    shape = np.asarray(counts).shape
    return Hidden(
        cells=flags[:-1, :-1].reshape(shape),
        row_totals=flags[:-1, -1],
        column_totals=flags[-1, :-1],
        total=bool(flags[-1, -1]),
        bases=hidden_bases[:-1],
        base_total=bool(hidden_bases[-1]),
    )


def _matrix(counts: npt.ArrayLike) -> Counts:
    given = np.asarray(counts, dtype=np.int64)
    if given.ndim not in (1, 2) or (given < 0).any():
        raise TableError("Counts to suppress must be one column or one matrix of whole numbers from 0.")
    return given.reshape(-1, 1) if given.ndim == 1 else given


def _extended(inner: Counts) -> Counts:
    """The matrix with its row totals as last column, column totals as last row, grand total in the corner."""
    wide = np.hstack([inner, inner.sum(axis=1, keepdims=True)])
    return np.vstack([wide, wide.sum(axis=0, keepdims=True)])


def _hidden_bases(bases: Counts | None, *, smallest: int, margins: Margins) -> Bools:
    """Small bases and what protects them, their total last; of a base of 2 a hidden count could only be 1."""
    if bases is None:
        return np.zeros(1, dtype=bool)
    along: Margins = "rows" if margins in ("rows", "both") else "none"
    least = smallest if smallest == 1 else max(smallest, SMALLEST_COUNT)
    found = suppress(bases.reshape(1, -1), smallest=least, margins=along)
    return np.append(found.cells[0], found.row_totals[0])


def _total_tells(table: Counts, flags: Bools, base: int) -> bool:
    """Whether a hidden row total has but one value left: at least its cells, each 1 or more, and less than its base."""
    shown = np.where(flags[:, :-1], 1, table[:, :-1]).sum(axis=1)
    return bool((flags[:, -1] & (base - 1 - shown < 1)).any())


class _Network:
    """The cells of an extended table as arcs between its lines.

    Every known total is a conservation law at a node. Raising a cell by one moves one unit along its arc,
    lowering it moves one back; a hidden cell can have another value exactly if its arc lies on a cycle of
    hidden cells that can move. A line without a known total sets no law: all such lines share one node.
    """

    def __init__(
        self, cells: Counts, *, smallest: int, margins: Margins, base: Counts | None, hidden_bases: Bools
    ) -> None:
        self.cells = cells
        self.by_row, self.by_column = margins in ("rows", "both"), margins in ("columns", "both")
        small = (cells > 0) & (cells < smallest)
        # A zero is always shown and the reader knows that, so a hidden cell is at least 1; likewise a count
        # that equals its base is shown, so where the base is known a hidden cell is at most base - 1.
        self.most = np.full(cells.shape, np.iinfo(np.int64).max)
        if base is not None:
            known = ~hidden_bases
            self.most[:] = np.where(known, base - 1, self.most)
            small |= known & (cells > 0) & (cells < base) & (cells > base - smallest)
        self.in_view = self._in_view()
        self.hidden: Bools = small & self.in_view
        self.prices = self._prices()
        self.leaving = self._arcs()

    def hide(self) -> Bools:
        """Hide, for each small cell that is still pinned, the cheapest cells that free it."""
        for row, column in np.argwhere(self.hidden).tolist():
            for cell in self._cheapest_cycle((row, column)):
                self.hidden[cell] = True
        return self.hidden

    def _in_view(self) -> Bools:
        rows, columns = self.cells.shape[0] - 1, self.cells.shape[1] - 1
        view: Bools = np.ones(self.cells.shape, dtype=bool)
        view[:rows, columns] = self.by_row
        view[rows, :columns] = self.by_column
        view[rows, columns] = self.by_row and self.by_column
        return view

    def _prices(self) -> dict[Cell, int]:
        rows, columns = self.cells.shape[0] - 1, self.cells.shape[1] - 1
        return {
            (row, column): int(self.cells[row, column])
            + (_HIDE_TOTAL if row == rows or column == columns else _HIDE_CELL)
            for row, column in np.argwhere(self.cells > 0).tolist()
        }

    def _ends(self, cell: Cell) -> tuple[Node, Node]:
        """The nodes that raising a cell moves a unit from and to; a total moves against its cells."""
        row, column = cell
        rows, columns = self.cells.shape[0] - 1, self.cells.shape[1] - 1
        ends: tuple[Node, Node] = (
            ("row", row) if self.by_row else FREE,
            ("column", column) if self.by_column else FREE,
        )
        return ends if (row == rows) == (column == columns) else (ends[1], ends[0])

    def _arcs(self) -> dict[Node, list[tuple[Node, Cell]]]:
        """From each node, where a unit can go and through which cell."""
        leaving: dict[Node, list[tuple[Node, Cell]]] = {}
        for row, column in np.argwhere(self.in_view & (self.cells > 0)).tolist():
            value, (tail, head) = self.cells[row, column], self._ends((row, column))
            if value < self.most[row, column]:
                leaving.setdefault(tail, []).append((head, (row, column)))
            if 1 < value <= self.most[row, column]:
                leaving.setdefault(head, []).append((tail, (row, column)))
        return leaving

    def _cost(self, cell: Cell) -> int:
        return 0 if self.hidden[cell] else self.prices[cell]

    def _cheapest_cycle(self, cell: Cell) -> list[Cell]:
        """The cells of the cheapest cycle through a cell, in whichever direction it can move."""
        tail, head = self._ends(cell)
        ways = []
        if self.cells[cell] < self.most[cell]:
            ways.append(self._path(head, tail, cell))
        if self.cells[cell] > 1:
            ways.append(self._path(tail, head, cell))
        return min((way for way in ways if way), default=(0, []))[1]

    def _path(self, start: Node, goal: Node, without: Cell) -> tuple[int, list[Cell]] | None:
        """The cheapest way from node to node that does not go back through the cell itself (Dijkstra)."""
        costs, came = {start: 0}, dict[Node, tuple[Node, Cell]]()
        queue = [(0, start)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == goal:
                return cost, _back(came, start, goal)
            if cost > costs[node]:
                continue
            for after, cell in self.leaving.get(node, ()):
                if cell == without:
                    continue
                reached = cost + self._cost(cell)
                if reached < costs.get(after, _NEVER):
                    costs[after], came[after] = reached, (node, cell)
                    heapq.heappush(queue, (reached, after))
        return None


def _back(came: dict[Node, tuple[Node, Cell]], start: Node, node: Node) -> list[Cell]:
    cells = []
    while node != start:
        node, cell = came[node]
        cells.append(cell)
    return cells
