"""In: one case. Out: the facts of its front sheet, each with the words that justify it: the proposer ``facts``.

Outcome, ages, gender and number of the index children, year, nature and source of the harm, context, plan, model.
"""

from __future__ import annotations

from collections.abc import Iterator

from caselore.codebook.codebook import Codebook
from caselore.proposers.casetext import CaseText
from caselore.proposers.facts import inquest, subjects
from caselore.proposers.facts.context import incident_context, source_of_harm
from caselore.proposers.facts.culprit import Culprit, culprit
from caselore.proposers.facts.finding import Finding, Signs
from caselore.proposers.facts.model import ModelCue, model_cues, review_model
from caselore.proposers.facts.nature import (
    OF_ADULTS,
    YOUNG_PERSON,
    circumstances,
    nature_of_death,
    nature_of_harm,
    own_violence,
)
from caselore.proposers.facts.outcome import outcome
from caselore.proposers.facts.plan import child_protection_plan
from caselore.proposers.facts.reading import Reading, read
from caselore.proposers.facts.year import incident_year
from caselore.proposers.matcher import matches_in, of_cases
from caselore.proposers.phrases import phrase
from caselore.proposers.quoting import distinct
from caselore.records import Code, Evidence, Proposal

VERSION = "1.0"
BOOK = "case_facts"

Found = tuple[str, Finding]


class Facts:
    """The proposer ``facts``: every field of the book `case_facts`."""

    id = f"facts@{VERSION}"

    def __init__(self, codebook: Codebook) -> None:
        self._fields = [field.id for field in codebook.of_book(BOOK)]
        self._codebook = codebook
        self._models = model_cues(codebook)
        of_cases(codebook)  # made now, so that the first case takes no longer than others

    def propose(self, text: CaseText) -> Proposal:
        """The facts of one case; a field of which the text says nothing has no code."""
        codes = (self._code(text, field, finding) for field, finding in self.found(text)[1])
        return Proposal(case=text.case, codes=tuple(code for code in codes if code.evidence))

    def found(self, text: CaseText) -> tuple[Reading, tuple[Found, ...]]:
        """The case as read and what was found, which is kept with the text for those who build upon it."""
        key = (BOOK, self._codebook.sha256)
        if key not in text.held:
            reading = read(text)
            signs = Signs(reading, matches_in(text, self._codebook, self._fields))
            told = facts(reading, signs, self._models)
            text.held[key] = (reading, tuple((field, finding) for field, finding in told if field in self._fields))
        held: tuple[Reading, tuple[Found, ...]] = text.held[key]
        return held

    def _code(self, text: CaseText, field: str, finding: Finding) -> Code:
        """The finding as a code; it has no evidence where the reading inferred it from no words in particular."""
        spans = (_evidence(text, start, end) for start, end in dict.fromkeys(finding.spans))
        return Code(
            field=field,
            code=finding.code,
            confidence=round(finding.confidence, 3),
            coder=self.id,
            evidence=distinct(each for each in spans if each.quote),
        )


def _evidence(text: CaseText, start: int, end: int) -> Evidence:
    """The words of a finding, widened to a readable phrase where they are very short."""
    passage = text.passage_at(start)
    if passage is None:
        return text.evidence(start, end)
    return text.evidence(*phrase(text.text, passage, start, min(end, passage.end)))


def facts(reading: Reading, signs: Signs, models: tuple[ModelCue, ...] = ()) -> Iterator[Found]:
    """Field and finding, in the order of the front sheet."""
    happened = outcome(reading, signs)
    result = happened.code if happened else ""
    if happened:
        yield "outcome", happened
    year = incident_year(reading, signs, result)
    yield from _subjects(reading)
    if year:
        yield "incident_year", year
    yield from _harm(reading, signs, result)
    plan = child_protection_plan(reading, signs, int(year.code) if year else None)
    if plan:
        yield "child_protection_plan", plan
    model = review_model(reading, signs.matches, models)
    if model:
        yield "review_model", model


def _subjects(reading: Reading) -> Iterator[Found]:
    for age in subjects.ages_in_months(reading):
        yield "child_age", age
    for band in subjects.age_bands(reading):
        yield "child_age_band", band
    for gender in subjects.gender(reading):
        yield "child_gender", gender
    number = subjects.children(reading)
    if number:
        yield "children", number


def _by_coroner(reading: Reading, signs: Signs, who: Culprit | None, result: str) -> Iterator[Found]:
    """What a coroner's report says: of adults and of illness, silence and no category of maltreatment."""
    given = circumstances(reading, signs, who, "nature_of_death")
    nature = None if given.younger_than(YOUNG_PERSON) and not given.adult else inquest.suicide(reading)
    if nature is None and result == "death" and (inquest.killed(reading) or inquest.maltreated(reading)):
        nature = nature_of_death(given)
        if nature and (nature.code == "suicide" or (nature.code in OF_ADULTS and not inquest.killed(reading))):
            nature = None
    if nature:
        yield "nature_of_death", nature
    if nature is None or given.adult:
        return
    source = source_of_harm(reading, signs, who, nature)
    if source:
        yield "source_of_harm", source
    context = incident_context(reading, signs, source, nature)
    if context:
        yield "incident_context", context


def _harm(reading: Reading, signs: Signs, result: str) -> Iterator[Found]:
    who = culprit(reading, signs)
    nature: Finding | None = None
    if reading.coroner:
        yield from _by_coroner(reading, signs, who, result)
        return
    if result == "death":
        nature = nature_of_death(circumstances(reading, signs, who, "nature_of_death"))
    elif result == "serious_harm":
        told = (sign for sign in signs.of("incident_context") if sign.code == "community")
        outside = tuple(sign.span for sign in told if sign.sentence.weight > 0.7)
        given = circumstances(reading, signs, who, "nature_of_harm")
        nature = own_violence(reading) or nature_of_harm(given, community=outside)
    if nature:
        yield f"nature_of_{'death' if result == 'death' else 'harm'}", nature
    source = source_of_harm(reading, signs, who, nature)
    if source:
        yield "source_of_harm", source
    context = incident_context(reading, signs, source, nature)
    if context:
        yield "incident_context", context
