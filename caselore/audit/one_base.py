"""In: counts with percentages that stand together. Out: whether they are of one base, and which of them is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.claims import Claim
from caselore.audit.finding import Finding
from caselore.audit.places import Locator
from caselore.audit.prose import Sentence
from caselore.audit.rounding import ALL_RULES, shown

FEWEST = 3
WHOLE = 1.5
"""Percentages that are meant to be all of one base add to 100 within this many points."""

NEAR = 15.0
"""Percentages further from 100 than this are not of both halves of one group."""

CONFIDENCE = 0.65
HALVES = 0.55
_MALE = frozenset(("boys", "male", "men"))
_SEX = r"(?:were |was |are )?(?P<{}>boys|girls|male|female|men|women)\b"
_SEXES = re.compile(
    r"<(?P<a>P\d+)> (?:of (?:them|these|victims|children|cases|reviews) )?"
    + _SEX.format("one")
    + r"[^<>.;]{0,25}<(?P<b>P\d+)> (?:of (?:them|these) )?"
    + _SEX.format("other")
    + r"(?:[^<>.;]{0,12}<(?P<c>P\d+)>[^<>.;]{0,40}\b(?:unborn|unknown|not known|not stated|other|missing))?"
)


def base_between(claim: Claim) -> tuple[float, float]:
    """The least and the greatest base that a count and its percentage allow, however rounded."""
    count, percent = (claim.count.value if claim.count else 0.0), claim.percent
    unit = 10.0**-percent.decimals
    low, high = max(percent.value - unit / 2, 1e-9), percent.value + unit
    return 100 * count / high, 100 * count / low


def share_a_base(claims: Sequence[Claim]) -> bool:
    """Whether one base gives all of the percentages."""
    spans = [base_between(claim) for claim in claims]
    return max(low for low, _ in spans) <= min(high for _, high in spans)


def together(found: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Claims of one sentence that have a count and do not say their base, three or more."""
    by_sentence: dict[int, list[Claim]] = {}
    for claim in found:
        if claim.count and claim.stated != "claim" and 0 < claim.percent.value < 100:
            by_sentence.setdefault(claim.sentence.start, []).append(claim)
    yield from (claims for claims in by_sentence.values() if len(claims) >= FEWEST)


def check_one_base(found: Sequence[Claim], locator: Locator) -> Iterator[Finding]:
    """Findings on lists of parts whose percentages add to 100, and of which one count is of another base."""
    for claims in together(found):
        total = sum(claim.percent.value for claim in claims)
        if abs(total - 100) > WHOLE or share_a_base(claims) or claims[0].sentence.quoted:
            continue
        odd = [i for i in range(len(claims)) if share_a_base([c for k, c in enumerate(claims) if k != i])]
        if len(odd) == 1:
            yield _finding(claims, odd[0], locator)


def check_halves(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """ "54% were boys, 44% girls and 2% unborn": the percentages of both sexes, and of those not known, make 100."""
    for match in () if sentence.quoted or sentence.elsewhere else _SEXES.finditer(sentence.tagged.text):
        if (match["one"] in _MALE) == (match["other"] in _MALE):
            continue
        figures = [sentence.tagged.get(match[name]) for name in ("a", "b", "c") if match[name]]
        total = sum(figure.value for figure in figures)
        if WHOLE < abs(total - 100) <= NEAR:
            said = " + ".join(figure.text for figure in figures)
            yield Finding(
                kind="sum",
                printed=said,
                recomputed=f"{shown(total)}%",
                sum=f"{said} = {shown(total)}%",
                sentence="The percentages of the two sexes do not make a whole.",
                confidence=HALVES,
                where=locator.words(sentence.start, sentence.end),
                tolerance=f"{WHOLE:g} points",
            )


def _finding(claims: Sequence[Claim], odd: int, locator: Locator) -> Finding:
    claim, others = claims[odd], [c for k, c in enumerate(claims) if k != odd]
    low, high = max(base_between(c)[0] for c in others), min(base_between(c)[1] for c in others)
    said = f"{claim.count.text if claim.count else ''} ({claim.percent.text})"
    share = claim.percent.value / 100
    return Finding(
        kind="sum",
        printed=said,
        recomputed=f"about {shown(round((low + high) / 2 * share))}",
        sum=f"the other parts are of {shown(round(low))} to {shown(round(high))}; {claim.percent.text} of that is "
        f"about {shown(round((low + high) / 2 * share))}, printed {claim.count.text if claim.count else ''}",
        sentence=f"The percentages add to 100, but {said} is of another base than the other parts.",
        confidence=CONFIDENCE,
        where=locator.words(claim.sentence.start, claim.sentence.end),
        tolerance=ALL_RULES,
    )
