"""In: a codebook with cues and one case. Out: the codes that its cues speak for, with quotations and confidence.

Each code gathers its matches: the doubt that each leaves is multiplied (noisy-or, Pearl 1988), repeated words and
long texts count less, sections and stances weigh. All figures are data (`rules.yaml`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from caselore.codebook.codebook import Codebook
from caselore.codebook.cues import regex
from caselore.proposers.casetext import CaseText, folded
from caselore.proposers.decisions import DECISIONS, sequence
from caselore.proposers.matcher import Match, matches_in, of_cases
from caselore.proposers.phrases import phrase
from caselore.proposers.quoting import distinct, household, tells_of_family
from caselore.records import Code, Evidence, Proposal, Step

VERSION = "1.0"


@cache
def settings() -> dict[str, Any]:
    """The file of figures as it stands."""
    return dict(yaml.safe_load(files("caselore.proposers").joinpath("rules.yaml").read_text(encoding="utf-8")))


class Rules:
    """The proposer ``rules``: every field of several codes that has cues, and the sequence of decisions."""

    id = f"rules@{VERSION}"

    def __init__(self, codebook: Codebook) -> None:
        self._fields = own_fields(codebook)
        known = [*self._fields, *(name for name in (DECISIONS,) if name in codebook.fields)]
        self._codebook, self._asked = codebook, frozenset(known)
        of_cases(codebook)  # made now, so that the first case takes no longer than others
        self._order = {(name, code): n for name in known for n, code in enumerate(codebook.fields[name].codes)}

    def propose(self, text: CaseText) -> Proposal:
        """The codes of one case, in the order of the codebook, and its decisions in the order they were taken."""
        matches = matches_in(text, self._codebook, self._asked)
        gathered: dict[tuple[str, str], list[Match]] = defaultdict(list)
        told = title_end(text)
        for match in matches:
            if match.field in self._fields and (match.start >= told or speaks_in_title(match)):
                gathered[match.field, match.code].append(match)
        weight = mention_weight(text.folded.count(" ", text.case.start, text.case.end))
        about_nobody = barred(text)
        sure = [
            (found, confidence(found, weight, text))
            for place, found in sorted(gathered.items(), key=self._place)
            if place not in about_nobody
        ]
        codes = [self._code(text, *each) for each in sure if each[1] >= settings()["propose_at"]]
        steps = sequence(text, matches, coder=self.id)
        codes += [code for code in implied(codes, steps, coder=self.id) if (code.field, code.code) in self._order]
        codes.sort(key=lambda code: (self._fields.index(code.field), self._order[code.field, code.code]))
        return Proposal(case=text.case, codes=tuple(codes), sequence=steps)

    def _place(self, item: tuple[tuple[str, str], list[Match]]) -> tuple[int, int]:
        field, code = item[0]
        return self._fields.index(field), self._order[field, code]

    def _code(self, text: CaseText, found: list[Match], confidence: float) -> Code:
        return Code(
            field=found[0].field,
            code=found[0].code,
            confidence=confidence,
            coder=self.id,
            evidence=quotations(text, found),
        )


def barred(text: CaseText) -> frozenset[tuple[str, str]]:
    """Fields and codes that are about somebody whom the case does not name (`only_about` of the settings)."""
    first, last = text.case.start, text.case.end
    return frozenset(code for code, named in _about() if not named.search(text.folded, first, last))


@cache
def _about() -> tuple[tuple[tuple[str, str], re.Pattern[str]], ...]:
    asked = settings()["only_about"].items()
    return tuple(((name.split("/")[0], name.split("/")[1]), re.compile(regex(words, {}))) for name, words in asked)


def title_end(text: CaseText) -> int:
    """Where the title ends that the case begins with; the case's own start if it begins otherwise."""
    title = text.case.title
    return text.case.start + (len(title) if text.text.startswith(title, text.case.start) else 0)


def speaks_in_title(match: Match) -> bool:
    """Whether a title is evidence for that code; who publishes is named in many (`not_in_title` of the settings)."""
    return f"{match.field}/{match.code}" not in settings()["not_in_title"]


def implied(codes: Iterable[Code], steps: Iterable[Step], *, coder: str) -> list[Code]:
    """Codes that others of the case imply (`implied` of the settings), with the words of those that imply them."""
    known = {f"{code.field}/{code.code}": code.evidence for code in codes}
    said = {**known, **{f"{DECISIONS}/{step.decision_type}": step.evidence for step in steps}}
    found: list[Code] = []
    for rule in settings()["implied"]:
        first = next((name for name in rule["when"][0] if name in said), None)
        if rule["code"] in known or first is None or not all(said.keys() & set(group) for group in rule["when"]):
            continue
        known[rule["code"]] = said[first]
        field, _, code = rule["code"].partition("/")
        found.append(Code(field=field, code=code, confidence=float(rule["worth"]), coder=coder, evidence=said[first]))
    return found


def own_fields(codebook: Codebook) -> list[str]:
    """The fields that these rules answer: those of several codes, and choices, that have cues."""
    others = settings()["left_to_others"]
    return [
        name
        for name, field in codebook.fields.items()
        if field.kind in {"multi", "choice"}
        and field.book not in others["books"]
        and name not in others["fields"]
        and any(code.cues for code in field.codes.values())
    ]


def mention_weight(words: int) -> float:
    """What one mention counts in a text of so many words: 1 in a summary, less in a long report."""
    over = max(0, words - settings()["free_words"])
    return float(1 / (1 + over / settings()["words_per_mention"]))


def worth(match: Match) -> float:
    """The weight of a match's cue, by its section and stance."""
    return _worth(match.cue.weight, match.field, match.passage.section, match.stances - match.cue.need)


@cache
def _worth(weight: float, field: str, section: str, stances: frozenset[str]) -> float:
    said = settings()
    own: Mapping[str, Any] = said["fields"].get(field, {})
    value = weight * own.get("sections", said["sections"]).get(section, 1.0)
    for stance in stances:
        value *= own.get("stances", said["stances"]).get(stance, 1.0)
    return float(value)


def confidence(found: Iterable[Match], weight: float, text: CaseText) -> float:
    """One minus the doubt that all matches leave; of a passage only the best counts, the same words again less."""
    best: dict[int, Match] = {}
    for match in found:
        before = best.get(match.passage.start)
        if before is None or worth(match) > worth(before):
            best[match.passage.start] = match
    doubt = 1.0
    seen: Counter[str] = Counter()
    for match in best.values():
        words = text.folded[match.start : match.end]
        power = weight * float(settings()["repeated"]) ** min(seen[words], 3)
        doubt *= (1 - min(worth(match), 0.99)) ** power
        seen[words] += 1
    return round(min(1 - doubt, float(settings()["surest"])), 3)


def quotations(text: CaseText, found: list[Match]) -> tuple[Evidence, ...]:
    """The phrases around the best matches, best first, each place once; with the family where the code is of one.

    What would not carry the code alone is quoted only where nothing would; a keyword, and what a field is not asked of
    (`quoted_from` of the settings), only where nothing else speaks. Of matches worth the same the fuller come first.
    """
    sections = quoted_from(found[0].field)
    plain = [match for match in found if not sections or match.passage.section in sections]
    least = max(settings()["propose_at"], LEAST_SHARE * max(map(worth, plain or found)))
    strong = [match for match in plain or found if worth(match) >= least]
    told = [match for match in strong if match.passage.section != "keywords"]
    best = sorted(told or strong or plain or found, key=lambda m: (-worth(m), -_fullness(text, m), m.start))
    family = takes_family(found[0].field, found[0].code)
    most = MOST_TRIED if family else settings()["quotes"]
    quoted: tuple[Evidence, ...] = ()
    for match in best[:MOST_TRIED]:
        if len(quoted) == most:
            break
        span = phrase(text.text, match.passage, match.start, match.end)
        quoted = distinct((*quoted, text.evidence(*span)))
    return (with_family(text, quoted) if family else quoted)[: settings()["quotes"]]


FULL = 3
"""Words from which a match says what it means without the words around it."""


def _fullness(text: CaseText, match: Match) -> int:
    return min(text.folded.count(" ", match.start, match.end), FULL)


def quoted_from(field: str) -> tuple[str, ...]:
    """The sections whose words a field is best quoted with; none where all are alike."""
    own: Mapping[str, Any] = settings()["fields"].get(field, {})
    return tuple(own.get("quoted_from", ()))


def takes_family(field: str, code: str) -> bool:
    """Whether a code says who of a family did it, so that its quotations must name somebody or the home."""
    return f"{field}/{code}" in settings()["quoted_with_family"]


LEAST_SHARE = 0.85
"""What a match must be worth beside the best to be quoted with it."""

MOST_TRIED = 24
"""Matches, best first, of which the quotations are taken."""


def with_family(text: CaseText, quoted: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Quotations of which the first names somebody of the family or a home; one that does is added if none does."""
    naming = tuple(each for each in quoted if tells_of_family(folded(each.quote)))
    if naming:
        return naming
    told = household(text, (quoted[0].start, quoted[0].end)) if quoted else None
    place = told and text.passage_at(told[0][0])
    if not told or not place:
        return quoted
    return distinct((quoted[0], text.evidence(*phrase(text.text, place, *told[0])), *quoted[1:]))
