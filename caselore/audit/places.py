"""In: a document. Out: places in it: which page, which section, which cell."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from caselore.audit.cells import Cell
from caselore.audit.finding import Place
from caselore.audit.tables import Row, Table
from caselore.documents.sections import sections
from caselore.records import Document, Section

LONGEST = 300


class Locator:
    """Finds page and section of offsets in one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._pages = [page.start for page in document.pages]

    @cached_property
    def _sections(self) -> tuple[Section, ...]:
        return self.document.sections or tuple(sections(self.document.text, self.document.pages))

    @cached_property
    def _starts(self) -> list[int]:
        return [section.start for section in self._sections]

    def section(self, at: int) -> str:
        """The heading over an offset."""
        i = bisect_right(self._starts, at) - 1
        return self._sections[i].heading[:100] if i >= 0 else ""

    def page(self, at: int) -> int | None:
        """The page of an offset, if the document has pages."""
        i = bisect_right(self._pages, at) - 1
        return self.document.pages[max(i, 0)].number if self._pages else None

    def words(self, start: int, end: int, *, table: str = "", cell: str = "") -> Place:
        """The place of a stretch of text."""
        said = " ".join(self.document.text[start:end].split())
        return Place(start, end, said[:LONGEST], self.page(start), self.section(start), table, cell)

    def cell(self, table: Table, row: Row, column: int, cell: Cell | None = None) -> Place:
        """The place of a cell, named by its row and column."""
        found = cell or row.cells[column]
        heading = table.columns[column]
        name = f"row {row.label!r}" + (f", column {heading!r}" if heading else f", column {column + 1}")
        return self.words(found.start, found.end, table=table.name, cell=name)
