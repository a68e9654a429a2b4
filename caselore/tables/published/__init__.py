"""The published tables, one declaration a file; a new file with a `TABLE` is a new table."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from caselore.errors import TableError
from caselore.tables.table import Table, check, fields

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

CHAPTERS = (
    "Patterns",
    "Nature of the harm",
    "Child, family and environment",
    "Agencies and decisions",
    "Record integrity",
    "Learning and recommendations",
    "Quality of the reports",
    "The reviews",
)
"""The chapters of a national analysis, in the order in which tables are printed."""


@cache
def every_table() -> tuple[Table, ...]:
    """Every table declared in this package, by chapter and place; raises TableError on a broken one."""
    found: dict[str, Table] = {}
    for module in sorted(module.name for module in iter_modules(__path__)):
        table = getattr(import_module(f"{__name__}.{module}"), "TABLE", None)
        if not isinstance(table, Table):
            raise TableError(f"{module}.py declares no table; give it a TABLE = Table(...).")
        if table.id in found:
            raise TableError(f"{module}.py declares a table {table.id!r} that another file has; choose another id.")
        found[table.id] = table
    return tuple(sorted(found.values(), key=place_of))


def place_of(table: Table) -> tuple[int, int]:
    """Where a table is printed: its chapter, then its place within."""
    chapter = CHAPTERS.index(table.chapter) if table.chapter in CHAPTERS else len(CHAPTERS)
    return chapter, table.place


def published(book: Codebook) -> tuple[Table, ...]:
    """The tables whose fields the codebook has; raises TableError where a field is there and does not fit."""
    kept = tuple(table for table in every_table() if all(name in book.fields for name in fields(table)))
    for table in kept:
        check(table, book)
    return kept
