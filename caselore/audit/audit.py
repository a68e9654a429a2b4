"""In: a document. Out: its findings, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.across_tables import check_across_tables, check_group_heads, check_overall_rates
from caselore.audit.case_lists import check_case_lists
from caselore.audit.check_averages import check_averages
from caselore.audit.check_claims import check_claims, check_wording
from caselore.audit.check_parts import check_bullets, check_partition, check_parts
from caselore.audit.check_statistics import check_statistics
from caselore.audit.claims import claims
from caselore.audit.crosscheck import check_against_tables
from caselore.audit.finding import Finding
from caselore.audit.labels import check_labels
from caselore.audit.list_claims import check_list_claims
from caselore.audit.one_base import check_halves, check_one_base
from caselore.audit.per_group import check_per_group, yearly_totals
from caselore.audit.periods import check_periods
from caselore.audit.places import Locator
from caselore.audit.populations import check_group_sizes, populations
from caselore.audit.prose import Sentence, paragraphs, sentences
from caselore.audit.ratios import check_ratios
from caselore.audit.repeats import check_repeats
from caselore.audit.row_claims import check_row_claims
from caselore.audit.spread import check_spread
from caselore.audit.table_changes import check_changes
from caselore.audit.table_means import check_means
from caselore.audit.table_percentages import check_percentages
from caselore.audit.table_rates import check_rates
from caselore.audit.table_shares import check_shares
from caselore.audit.table_sums import check_sums
from caselore.audit.tables import Table, tables
from caselore.audit.tests_in_words import check_tests_in_words
from caselore.audit.year_on_year import check_year_on_year
from caselore.records import Document

_FIGURE = re.compile(r"\d[\d,.]*")


def audit(document: Document) -> tuple[Finding, ...]:
    """Every figure of a document that does not agree with others, by falling confidence, then in order of the text."""
    locator = Locator(document)
    found = tables(document)
    prose = paragraphs(document, found)
    every = [
        *_on_tables(found, locator),
        *_on_prose(prose, found, locator),
        *check_statistics(document, found, locator),
    ]
    return tuple(_once(sorted(every, key=lambda finding: (-finding.confidence, finding.where.start))))


def _once(found: Sequence[Finding]) -> Iterator[Finding]:
    """Findings without those that say again, of one place, what a surer one says: two checks can see one error."""
    told: set[tuple[str, int, str]] = set()
    for finding in found:
        first = _FIGURE.search(finding.recomputed)
        said = (finding.kind, finding.where.start, first[0] if first else finding.recomputed)
        if said not in told:
            told.add(said)
            yield finding


def _on_tables(found: tuple[Table, ...], locator: Locator) -> Iterator[Finding]:
    for table in found:
        yield from check_percentages(table, locator)
        yield from check_shares(table, locator)
        yield from check_sums(table, locator)
        yield from check_rates(table, locator)
        yield from check_means(table, locator)
        yield from check_changes(table, locator)
    yield from check_case_lists(found, locator)
    yield from check_across_tables(found, locator)
    yield from check_group_heads(found, locator)


def _on_prose(prose: Sequence[Sequence[Sentence]], found: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    every = [list(claims(paragraph)) for paragraph in prose]
    known = populations(prose, found)
    totals = yearly_totals(prose)
    for paragraph, ours in zip(prose, every, strict=True):
        yield from check_claims(paragraph, ours, known, locator)
        yield from check_one_base(ours, locator)
        yield from check_against_tables(paragraph, ours, found, locator)
        yield from check_labels(paragraph, found, locator)
        yield from check_parts(paragraph, locator)
        yield from check_partition(paragraph, locator)
        yield from check_averages(paragraph, found, locator)
        yield from check_row_claims(paragraph, ours, found, locator)
        yield from check_per_group(paragraph, totals, known, locator)
        yield from check_tests_in_words(paragraph, locator)
        yield from check_year_on_year(paragraph, locator)
        yield from check_list_claims(paragraph, found, locator)
    yield from check_bullets(prose, locator)
    yield from check_repeats(prose, locator)
    yield from check_group_sizes(prose, known, locator)
    yield from check_overall_rates(list(sentences(prose)), found, locator)
    for sentence in sentences(prose):
        yield from check_wording(sentence, locator)
        yield from check_spread(sentence, locator)
        yield from check_halves(sentence, locator)
        yield from check_periods(sentence, locator)
        yield from check_ratios(sentence, locator)
