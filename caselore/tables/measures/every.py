"""Declared tables and a release come in; they and all measures go out, protected together, in the order of printing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from caselore.release.suppress import SMALLEST_COUNT
from caselore.tables.compute import framed, laid_out, protected_results
from caselore.tables.measures import decisions, integrity, quality, recommendations, risk, saturation
from caselore.tables.measures.lists import LISTED
from caselore.tables.measures.measure import Derivation, Ground
from caselore.tables.protect import Place, Sheet, by_citation, protected
from caselore.tables.published import place_of
from caselore.tables.result import Result
from caselore.tables.table import Condition, Fields, Table, fields

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook
    from caselore.release.folder import Release

EVERY: tuple[Derivation, ...] = (
    *integrity.DERIVATIONS,
    *decisions.DERIVATIONS,
    *recommendations.DERIVATIONS,
    *quality.DERIVATIONS,
    *risk.DERIVATIONS,
    *saturation.DERIVATIONS,
)
"""Every measure; a module that brings more adds its own here."""


def measured(
    declared: Sequence[Table],
    release: Release,
    *,
    book: Codebook,
    smallest: int | None = SMALLEST_COUNT,
    cohort: tuple[Condition, ...] = (),
) -> list[Result]:
    """The declared tables of a release and every measure that it holds something for, by chapter and place.

    The tables that measures rest on are counted and protected with the declared ones, and not shown. A measure whose
    fields the codebook lacks is left out, and so is one whose tables would take a count from a declared one. Raises
    TableError where a declared table does not fit the codebook.
    """
    able = [one for one in EVERY if all(name in book.fields for table in one.tables for name in fields(table))]
    asked = (*declared, *chain.from_iterable(one.tables for one in able))
    frame = framed(asked, release, book=book, cohort=cohort)
    sheets = laid_out(asked, frame, book=book, smallest=smallest)
    listed = LISTED if by_citation(cohort) else ()
    kept = _free(sheets, len(declared), able, smallest=smallest, listed=listed)
    found = protected_results(kept, frame, book=book, smallest=smallest, listed=listed)
    ground = Ground({result.table.id: result for result in found}, frame, book, smallest)
    results = [*found[: len(declared)], *chain.from_iterable(one.work(ground) for one in able)]
    return sorted(results, key=lambda result: place_of(result.table))


def _free(
    sheets: Sequence[Sheet],
    declared: int,
    able: Sequence[Derivation],
    *,
    smallest: int | None,
    listed: Collection[tuple[str, str]] = (),
) -> list[Sheet]:
    """The declared tables, and those of the measures that can be protected with them at no cost to them.

    Tables published together protect each other. A count that the report leads with must not be hidden for the sake
    of a table that nobody sees; the measure goes without. How complete a field is leads nobody.
    """
    kept, rest = list(sheets[:declared]), iter(sheets[declared:])
    led_by = [place for place, sheet in enumerate(kept) if not isinstance(sheet.table.rows, Fields)]

    def hidden(some: Sequence[Sheet]) -> list[frozenset[Place]]:
        found = protected(some, smallest=smallest, listed=listed)
        return [found[place] for place in led_by]

    before = hidden(kept)
    waiting = [[more for one in able if (more := list(islice(rest, len(one.tables))))]]
    while waiting:
        some = waiting.pop()
        together = [*kept, *chain.from_iterable(some)]
        if hidden(together) == before:
            kept = together
        elif len(some) > 1:  # the measure that costs something is in one of the halves
            waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
    return kept
