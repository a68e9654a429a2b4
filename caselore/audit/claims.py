"""In: paragraphs. Out: claims that can be recomputed: a percentage with its count and base, if words give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caselore.audit.mentions import Mention
from caselore.audit.prose import Sentence

_ABOUT = (
    r"(?:or |i\.e\.,? |that is,? |about |around |approximately |approx\.? |some |just (?:over|under) "
    r"|nearly |almost |over )*"
)
_THE = r"(?:the |these |those |all |our |a total of |all of |both )*"
_WORD = r"[^\s<>();:.]+"
_BEFORE_BRACKET = re.compile(rf"[(\[]\s*{_ABOUT}$")
_COUNT_OF_BASE = re.compile(
    rf"<(C\d+)>(?: {_WORD}){{0,4}} (?:of|out of|among|amongst|from) {_THE}(?:{_WORD} ){{0,2}}<(C\d+)>(?: "
    rf"{_WORD}){{0,8}}[ ,–-]*$"
)
_TWO_SHARES = re.compile(
    rf"<(?P<a>C\d+)> (?:of|out of) {_THE}(?:{_WORD} ){{0,2}}<(?P<b>C\d+)>[^<>()]*? <(?P<c>C\d+)> (?:of|out of) {_THE}"
    rf"(?:{_WORD} ){{0,2}}<(?P<d>C\d+)>[^<>()]*\(<(?P<p>P\d+)>(?:,? (?:and|against|versus|compared with)) <(?P<q>P\d+)>"
)
_CHANGED = re.compile(
    r"\b(?:increase|decrease|rise|fall|growth|reduction|drop|rose|fell|grew|risen|fallen|grown|dropped"
    r"|(?<!made )up|down)"
    r"(?:d|s|ed)? (?:of |by |from |to )?(?:about |around |just |some |nearly |almost |over )*$"
)
_COMMA_ALONE = re.compile(rf"<(C\d+)>(?: (?!of\b|per\b){_WORD}){{1,4}}(?:,|,? or|, or|, that is) $")
_OF_ALL = re.compile(r"^ of (?:the (?:total|whole)|all)\b|^ ?(?:,|\.|;|$| of all| had| were| of the (?:total|whole))")
_COUNT = re.compile(r"<(C\d+)>(?: [^\s<>();:.,]+){0,7}[ ]?$")
_COUNT_INSIDE = re.compile(rf"[(\[]\s*(?:n ?= ?)?<(C\d+)>(?: (?!of\b){_WORD}){{0,2}}(?:,| or|;|/|:| –)? {_ABOUT}$")
_OF_INSIDE = re.compile(
    rf"[(\[]\s*(?:n ?= ?)?<(C\d+)>(?: of| out of|/| / )(?: {_THE}|)\s?<(C\d+)>(?: {_WORD}){{0,2}}(?:,| or|"
    rf";|:| –) {_ABOUT}$"
)
_BASE_AFTER = re.compile(
    rf"^(?:\s?[)\]])?(?: {_WORD}){{0,1}} (?:of|out of) {_THE}(?:{_WORD} ){{0,2}}<(C\d+)>(?! (?:of|per)\b)"
)
_BRACKET_AFTER = re.compile(
    rf"^(?: [^\s<>();:.,]+){{0,6}} [(\[](?:n ?= ?|N ?= ?)?<(C\d+)>(?:(?: of| out of|/| / )(?: {_THE}|"
    rf")\s?(?:{_WORD} )?<(C\d+)>)?(?: {_WORD}){{0,3}}[)\]]"
)
_COUNT_SECOND = re.compile(r"^[,;:/]? ?(?:n ?= ?|N ?= ?)?<(C\d+)>(?:(?: of| out of|/)(?: the)? ?<(C\d+)>)?[)\]]")
_COMMA = re.compile(
    rf"<(C\d+)> (?:of|out of) {_THE}(?:{_WORD} ){{0,2}}<(C\d+)>(?: {_WORD}){{0,5}},? (?:or|i\.e\.|that is|"
    rf"representing|equivalent to|equal to|amounting to) {_ABOUT}$"
)
_SLASH = re.compile(r"<(C\d+)>\s?/\s?<(C\d+)>[^<>()]{0,30}[(\[]\s*$")
_SUBJECT = re.compile(
    rf"(?:^|[.;:,] |At <Y\d+>,? (?=there )|\b(?:[Ii]n|[Oo]f|[Ff]or|[Aa]mong|[Aa]mongst|[Aa]cross|[Ww]ithin) )"
    rf"(?:[Tt]here were|There "
    rf"are|There was|The|the|These|these|All|all|Those|those|sub-?set of|sub-?sample of|sample of|group of|"
    rf"Altogether|In total|A total of|a total of)"
    rf"(?: (?:a|an|total|of|remaining|other|sub-?set|sub-?sample|sample|group|the|these|those|final|"
    rf"available|{_WORD})){{0,2}} <(C\d+)>(?! (?:of|per|were|was|had|who|did|cited)\b)(?! ?[(\[]<P)"
)
_NO_COUNT = re.compile(r"one \(|\S+ times\b")
"""A pronoun ("attended one (40%)"), a multiple."""

_OF_THEM = re.compile(r"^ of them\b(?! (?:who|whose|with|for|in))")
_OF_THESE = re.compile(r"(?:Of|Among|Amongst|In) (?:these|those|them)\b")
_OPENING = re.compile(r"^(?:(?:For|Of|In|Among|Amongst|From) )?<(C\d+)> (?!of\b|per\b)[^\s<>();:.,]+")
_OWN_PERCENT = re.compile(r"[^<>;:.,]*[(\[]<P")
SMALLEST_BASE = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """A percentage in prose with its count and base; `stated` says where the base stands (claim, sentence...)."""

    sentence: Sentence
    percent: Mention
    count: Mention | None = None
    base: Mention | None = None
    stated: str = ""
    base_sentence: Sentence | None = None


def claims(paragraph: Sequence[Sentence]) -> Iterator[Claim]:
    """The claims of a paragraph, each with the base that governs it."""
    subject: Mention | None = None
    subject_sentence: Sentence | None = None
    for i, sentence in enumerate(paragraph):
        here = list(subjects(sentence))
        if i and _OF_THESE.match(sentence.text) and (alone := _only_count(paragraph[i - 1])):
            subject, subject_sentence = alone, paragraph[i - 1]
        for claim in _in_sentence(sentence):
            before = [mention for mention in here if mention.end <= claim.percent.start]
            if claim.base:
                yield claim
            elif before:
                yield Claim(sentence, claim.percent, claim.count, before[-1], "sentence", sentence)
            else:
                yield Claim(
                    sentence, claim.percent, claim.count, subject, "paragraph" if subject else "", subject_sentence
                )
        if here:
            subject, subject_sentence = here[-1], sentence


def _only_count(sentence: Sentence) -> Mention | None:
    """The one count of a sentence, to which "of these" in the next refers."""
    counts = [m for m in sentence.tagged.mentions if m.kind == "C" and m.value >= SMALLEST_BASE]
    return counts[0] if len(counts) == 1 else None


def subjects(sentence: Sentence) -> Iterator[Mention]:
    """Group sizes that what follows may refer to: "There were 40 visits", "these twenty plans"."""
    text = sentence.tagged.text
    for pattern in (_OPENING, _SUBJECT):
        for match in pattern.finditer(text):
            mention = sentence.tagged.get(match[1])
            if mention.value >= SMALLEST_BASE and not _OWN_PERCENT.match(text[match.end() :]):
                yield mention


def _in_sentence(sentence: Sentence) -> Iterator[Claim]:
    text = sentence.tagged.text
    for match in re.finditer(r"<(P\d+)>", text):
        percent = sentence.tagged.get(match[1])
        left, right = text[: match.start()], text[match.end() :]
        count, base = _respectively(left, match[1], right) or _sides(left, right)
        get = sentence.tagged.get
        found_base = get(base) if base else None
        if count and _NO_COUNT.match(f"{get(count).text.lower()}{sentence.text[get(count).end :]}"):
            count = ""
        if not found_base and _OF_THEM.match(right):
            found_base = _last_count(sentence, percent)
            base = "of them" if found_base else ""
        yield Claim(
            sentence,
            percent,
            get(count) if count else None,
            found_base,
            "claim" if base else "",
            sentence if base else None,
        )


def _last_count(sentence: Sentence, percent: Mention) -> Mention | None:
    """The count before a percentage "of them"."""
    before = [m for m in sentence.tagged.mentions if m.kind == "C" and m.end <= percent.start]
    return before[-1] if before and before[-1].value >= SMALLEST_BASE else None


def _respectively(left: str, tag: str, right: str) -> tuple[str, str] | None:
    """ "12 of the 20 girls and 9 of the 30 boys (60% and 30%)": the second figure is of the second group."""
    found = _TWO_SHARES.search(f"{left}<{tag}>{right}")
    if not found or tag not in (found["p"], found["q"]):
        return None
    return (found["a"], found["b"]) if tag == found["p"] else (found["c"], found["d"])


def _sides(left: str, right: str) -> tuple[str, str]:
    """The tags of count and base of one percentage, from the words at its two sides; empty where there is none."""
    if _CHANGED.search(left):
        return "", ""
    of_inside = _OF_INSIDE.search(left)
    if of_inside:
        return of_inside[1], of_inside[2]
    inside = _COUNT_INSIDE.search(left)
    if inside:
        return inside[1], _tag(_BASE_AFTER.match(right))
    comma = _COMMA.search(left)
    if comma:
        return comma[1], comma[2]
    bracket = _BEFORE_BRACKET.search(left)
    second = _COUNT_SECOND.match(right) if bracket else None
    if second:
        return second[1], second[2] or _tag(_BASE_AFTER.match(right[second.end() - 1 :]))
    if bracket:
        return _before(left[: bracket.start()].rstrip(), right, left)
    alone = _COMMA_ALONE.search(left)
    if alone and _OF_ALL.match(right):
        return alone[1], ""
    after = _BRACKET_AFTER.match(right)
    if after:
        return after[1], after[2] or ""
    return "", _tag(_BASE_AFTER.match(right))


def _before(before: str, right: str, left: str) -> tuple[str, str]:
    slash = _SLASH.search(left)
    if slash:
        return slash[1], slash[2]
    both = _COUNT_OF_BASE.search(before)
    if both:
        return both[1], both[2]
    alone = _COUNT.search(before)
    after = _BASE_AFTER.match(right)
    return (alone[1] if alone else ""), _tag(after)


def _tag(match: re.Match[str] | None) -> str:
    return match[1] if match else ""
