"""A request and how many rows there are come in; which page is shown, and the addresses of the others, go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ROWS = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` of `pages`, from 1; `query` is the rest of the address, to go before ``page=``."""

    number: int
    pages: int
    total: int
    rows: int
    query: str

    @property
    def offset(self) -> int:
        """The first row, from 0."""
        return (self.number - 1) * self.rows

    @property
    def end(self) -> int:
        """The row after the last."""
        return min(self.offset + self.rows, self.total)

    @property
    def first(self) -> int:
        """The first row as people count."""
        return self.offset + 1 if self.total else 0

    @property
    def before(self) -> int:
        """The page before; 0 without one."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The page after; 0 without one."""
        return self.number + 1 if self.number < self.pages else 0


def asked(request: Any) -> int:
    """The page that an address asks for, from 1; 1 where it asks for none."""
    wanted = request.GET.get("page", "")
    return max(int(wanted), 1) if wanted.isdecimal() and len(wanted) < 8 else 1


def page_of(request: Any, total: int, *, rows: int = ROWS) -> Page:
    """The page asked for, or the last where there are fewer."""
    pages = max(1, -(-total // rows))
    words = request.GET.copy()
    words.pop("page", None)
    query = words.urlencode()
    return Page(min(asked(request), pages), pages, total, rows, f"?{query}&" if query else "?")
