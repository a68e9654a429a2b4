"""In: a document. Out: its findings, the surest first."""

from __future__ import annotations

from collections.abc import Iterator

from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.table_percentages import check_percentages
from caselore.audit.table_sums import check_sums
from caselore.audit.tables import Table, tables
from caselore.records import Document


def audit(document: Document) -> tuple[Finding, ...]:
    """Every figure of a document that does not agree with others, by falling confidence, then in order of the text."""
    locator = Locator(document)
    found = tables(document)
    every = [*_on_tables(found, locator)]
    return tuple(sorted(every, key=lambda finding: (-finding.confidence, finding.where.start)))


def _on_tables(found: tuple[Table, ...], locator: Locator) -> Iterator[Finding]:
    for table in found:
        yield from check_percentages(table, locator)
        yield from check_sums(table, locator)
