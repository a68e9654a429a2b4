"""In: a list of cases and the prose about it. Out: tallies and means in the words that the list does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.case_lists import CaseList, case_list
from caselore.audit.finding import Finding, Kind
from caselore.audit.mentions import Mention
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import shown, within
from caselore.audit.tables import Table
from caselore.audit.wording import stems

_OF_ALL = re.compile(r"\bOf (?:the|these|all) <(C\d+)>(?: [a-z]+){0,3},? <(?P<part>C\d+)>(?P<what>[^<>;.]{3,80})")
_MEAN = re.compile(
    r"\b(?:mean|average) (?P<what>[a-z]+(?: [a-z]+)?)(?: of (?:the|these|all)(?: <(?P<n>C\d+)>)?[^<>]{0,30})?"
    r"(?: was| is|,|:)? ?<(?P<x>[CD]\d+)>"
)
REACH = 3000
CONFIDENCE = 0.65


def check_list_claims(paragraph: Sequence[Sentence], tables: Sequence[Table], locator: Locator) -> Iterator[Finding]:
    """Findings on the sentences of one paragraph that speak of all cases of a list near it."""
    for cases in (found for table in tables if (found := case_list(table))):
        near = paragraph and abs(paragraph[0].start - cases.table.end) < REACH
        for sentence in paragraph if near else ():
            if not sentence.quoted:
                yield from _tallies(cases, sentence, locator)
                yield from _means(cases, sentence, locator)


def _tallies(cases: CaseList, sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """ "Of the 12 cases, seven led to death": the cases whose value in one column is named."""
    size = len(cases.values[0])
    for match in _OF_ALL.finditer(sentence.tagged.text):
        if sentence.tagged.get(match[1]).value != size:
            continue
        said = sentence.tagged.get(match["part"])
        for values in cases.values:
            told = [v for v in set(values) if stems(v) and stems(v) <= stems(match["what"])]
            if len(told) == 1 and 2 <= len(set(values)) <= size * 0.7:
                count = float(values.count(told[0]))
                if count != said.value:
                    yield _finding(cases, sentence, said, count, (f"{told[0]!r}", "contradiction"), locator)


def _means(cases: CaseList, sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    size = len(cases.values[0])
    for match in _MEAN.finditer(sentence.tagged.text):
        if match["n"] and sentence.tagged.get(match["n"]).value != size:
            continue
        said = sentence.tagged.get(match["x"])
        for heading, figures in zip(cases.table.columns, cases.figures, strict=True):
            known = [figure for figure in figures if figure is not None]
            if match["what"].split()[0] in heading.lower() and len(known) == size and match["n"]:
                mean = sum(known) / size
                if not within(mean, said.value, said.decimals):
                    yield _finding(cases, sentence, said, mean, (f"mean of {heading!r}", "average"), locator)


def _finding(
    cases: CaseList, sentence: Sentence, said: Mention, right: float, what: tuple[str, Kind], locator: Locator
) -> Finding:
    return Finding(
        kind=what[1],
        printed=said.text,
        recomputed=shown(right, 2),
        sum=f"{cases.table.name}, {what[0]}: {shown(right, 2)}, printed {said.text}",
        sentence="The list of cases does not give this figure.",
        confidence=CONFIDENCE,
        where=locator.words(sentence.start, sentence.end),
        tolerance="rounding of means; none for counts",
        also=locator.words(cases.table.start, cases.table.end, table=cases.table.name),
    )
