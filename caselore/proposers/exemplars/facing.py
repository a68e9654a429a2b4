"""In: a case as the rules for facts found it. Out: the facts that openings teach, where the rules are silent or unsure.

Outcome and nature are decided together, so that they agree. What the rules say is one of the features, and stands
unless another answer is much likelier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from caselore.codebook.codebook import Codebook
from caselore.proposers.casetext import CaseText
from caselore.proposers.exemplars.deciding import (
    CONTEXT,
    FIELDS,
    SILENT,
    SOURCE,
    WHAT,
    Decider,
    heard,
    shared_features,
    shipped,
)
from caselore.proposers.exemplars.openings import NATURE_OF
from caselore.proposers.exemplars.reading import settings
from caselore.proposers.exemplars.telling import Rules, Told, mark, told
from caselore.proposers.facts import Facts
from caselore.proposers.facts.context import TELLS_OUTSIDE
from caselore.proposers.facts.nature import ADULT
from caselore.proposers.facts.reading import ADULT_REVIEWS, Reading
from caselore.proposers.facts.subjects import index_ages
from caselore.proposers.phrases import phrase
from caselore.proposers.quoting import household
from caselore.records import Code, Evidence

Numbers = NDArray[np.float64]
OF_CARERS = frozenset({"neglect", "extreme_neglect"})
RUN = 8
"""Words of the run that speaks most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A code that likeness gives, with its probability; `question` and `of` say which weights decided."""

    field: str
    code: str
    chance: float
    question: str
    of: str


class Openings:
    """What openings say of the facts of a case, beside the rules of the same codebook."""

    def __init__(self, codebook: Codebook, coder: str) -> None:
        self._coder = coder
        self._rules = Facts(codebook) if all(field in codebook.fields for field in FIELDS) else None
        self._taught = shipped()

    def codes(self, text: CaseText) -> tuple[Code, ...]:
        """The facts on which likeness differs from the rules, or speaks where they are silent, with their words."""
        if self._rules is None or text.case.end - text.case.start >= settings()["facts"]["longest"]:
            return ()
        reading, found = self._rules.found(text)
        if reading.text.case.source_type in ADULT_REVIEWS or _grown(reading):
            return ()
        rules = heard(found)
        read = told(reading, rules)
        if not read.sentences:
            return ()
        said = [self._code(text, reading, read, one, rules) for one in self._answers(read, rules)]
        return tuple(code for code in said if code is not None)

    def chances(self, read: Told, rules: Rules, question: str) -> Numbers:
        """The probability of each code of a question."""
        decider = self._taught.deciders[question]
        return decider.chances(read, shared_features(question, decider.codes, read, rules))

    def _answers(self, read: Told, rules: Rules) -> Iterator[Answer]:
        yield from self._what(read, rules)
        for field in (SOURCE, CONTEXT):
            codes = self._taught.deciders[field].codes
            chances = dict(zip(codes, self.chances(read, rules, field), strict=True))
            if field == SOURCE:
                chances = {code: x for code, x in chances.items() if _may_stand(code, read, rules)}
            if better := _better(field, chances, rules):
                yield Answer(field, better, chances[better], field, better)

    def _what(self, read: Told, rules: Rules) -> Iterator[Answer]:
        every = dict(zip(self._taught.deciders[WHAT].codes, self.chances(read, rules, WHAT), strict=True))
        outcomes: dict[str, float] = {}
        for what, chance in every.items():
            outcome = what.partition(":")[0]
            outcomes[outcome] = outcomes.get(outcome, 0.0) + chance
        ruled = rules["outcome"].code if "outcome" in rules else "other"
        better = _better("outcome", outcomes, rules, silent="other")
        outcome = better or ruled
        own = {what.partition(":")[2]: x for what, x in every.items() if what.startswith(f"{outcome}:")}
        if better:
            yield Answer("outcome", better, outcomes[better], WHAT, f"{better}:{max(own, key=lambda one: own[one])}")
        field = NATURE_OF.get(outcome)
        if field:
            nature = _better(field, own, rules, setting="nature")
            if nature:
                yield Answer(field, nature, own[nature], WHAT, f"{outcome}:{nature}")

    def _code(self, text: CaseText, reading: Reading, read: Told, answer: Answer, rules: Rules) -> Code | None:
        """The answer with the words that weighed most; none where no words did."""
        place = _context(text, read, answer.code) if answer.field == CONTEXT else self._place(read, answer)
        if place is None:
            return None
        evidence = _quoted(text, read, *place)
        before = rules.get(answer.field)
        sure = min(answer.chance, settings()["facts"]["surest"])
        if before is not None and before.code != answer.code:
            sure = max(sure, before.confidence + 0.01)  # the surer of two stands, and this one has heard the other
        return Code(answer.field, answer.code, round(float(min(sure, 0.99)), 3), self._coder, evidence=(evidence,))

    def _place(self, read: Told, answer: Answer) -> tuple[int, int] | None:
        decider = self._taught.deciders[answer.question]
        mentions = read.mentions.get(answer.code, []) if answer.question == SOURCE else []
        if mentions:
            token, _ = max(mentions, key=lambda one: sum(decider.worth.get(name, 0.0) for name in one[1]))
            return token.start, token.end
        return _weightiest(read, decider, decider.codes.index(answer.of))


def _context(text: CaseText, read: Told, code: str) -> tuple[int, int] | None:
    """The words that tell of the family or of somebody and somewhere outside it: the weightiest may tell of neither."""
    if code == "family":
        home = household(text)
        return home[0] if home else None
    found = (TELLS_OUTSIDE.search(text.folded, each.start, each.end) for each in read.sentences)
    return next((match.span() for match in found if match), None)


def _grown(reading: Reading) -> bool:
    ages = [age.months_low for age, _ in index_ages(reading)]
    return bool(ages) and min(ages) >= ADULT


def _may_stand(code: str, read: Told, rules: Rules) -> bool:
    """Nobody did it whom the opening does not name; the rules' own answer may stand on other words."""
    ruled = rules.get(SOURCE)
    if ruled is not None and ruled.code == code:
        return True
    if code == "young_person" and _neglected(rules):
        return False
    if code == SILENT[SOURCE]:
        return ruled is None or any(s.start <= start < s.end for s in read.sentences for start, _ in ruled.spans)
    return code in read.people or (code == "young_person" and mark("age:young") not in read.plain)


def _neglected(rules: Rules) -> bool:
    """Whether the rules say that the harm was neglect, which nobody does to himself or herself."""
    natures = (rules.get(field) for field in NATURE_OF.values())
    return any(nature is not None and nature.code in OF_CARERS for nature in natures)


def _better(field: str, chances: dict[str, float], rules: Rules, *, silent: str = "", setting: str = "") -> str | None:
    """The likeliest code if it is likelier by enough than what the rules say."""
    said, setting = settings()["facts"], setting or field
    best, finding = max(chances, key=lambda one: chances[one]), rules.get(field)
    ruled = finding.code if finding else silent or SILENT[field]
    if best == ruled or (finding is not None and finding.confidence >= said["rules_kept_from"][setting]):
        return None
    if chances[best] < said["at_least"]:
        return None
    margin = said["over_rules" if finding else "over_silence"][setting]
    return best if log(chances[best] / max(chances.get(ruled, 0.0), 1e-9)) > margin else None


def _weightiest(read: Told, decider: Decider, column: int) -> tuple[int, int] | None:
    """The run of words that speaks most for a code as against the others."""
    spoken = []
    for name, place in read.places.items():
        row = decider.row.get(name)
        if row is not None:
            weights = decider.plain[row]
            spoken.append((place, float(weights[column] - weights.mean())))
    worth: dict[tuple[int, int], float] = {}
    for place, weight in spoken:
        worth[place] = worth.get(place, 0.0) + weight
    places = sorted(worth)
    if not places:
        return None
    runs = [places[n : n + RUN] for n in range(max(1, len(places) - RUN + 1))]
    best = max(runs, key=lambda run: sum(worth[place] for place in run))
    return max(best, key=lambda place: worth[place])


def _quoted(text: CaseText, read: Told, start: int, end: int) -> Evidence:
    passage = text.passage_at(start)
    if passage is None:
        return text.evidence(start, end)
    return text.evidence(*phrase(text.text, passage, start, min(end, passage.end)))
