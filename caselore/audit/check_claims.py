"""In: claims of a paragraph. Out: percentages that do not fit count and base, that no count gives, or that the words
beside them contradict ("over half (48%)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from caselore.audit.claims import Claim
from caselore.audit.finding import Finding, Place
from caselore.audit.nouns import noun_after
from caselore.audit.one_base import share_a_base, together
from caselore.audit.places import Locator
from caselore.audit.populations import Populations
from caselore.audit.prose import Sentence
from caselore.audit.rounding import ALL_RULES, ROUNDING, fits, neighbours, percentage, possible_counts

CONFIDENCE = {"claim": 0.92, "sentence": 0.8, "paragraph": 0.65}
"""Of a percentage with its count, by where the base stands."""

IMPOSSIBLE = {"claim": 0.85, "sentence": 0.7, "paragraph": 0.6}
"""Of a percentage without a count."""

IMPOSSIBLE_ROUNDED = 0.5
"""Of a percentage without a count that is possible only if it was cut off instead of rounded."""

ONLY_CUT = 0.55
USUAL = 0.5
USUAL_NOUN = 0.55
TELLING_BASE = 100
"""From this base on every whole percentage is possible (at one decimal: ten times as many)."""

_OTHER_BASE = re.compile(
    r"^[^<>.;,]{0,25}?\bof (?:all|the (?:total|overall|whole|entire|full)|total|(?:non-)?fatal|every)\b|^ "
    r"(?:confidence|CI\b|increase|decrease|"
    r"rise|fall|reduction|higher|lower|more|fewer|less|chance|fell within|response|points?)",
)
_OTHER_BASE_BEFORE = re.compile(
    r"(?:\baccount(?:s|ed|ing) for|\brepresent(?:s|ed|ing)?|\bmade up|\bproportion of)\b[^<>;]*$|"
    r"(?:(?:increase|decrease|rise|rose|fall|fell|reduction|risen|fallen|grew|grown|drop)"
    r"(?:d|s|ped)? (?:of|by|from|to)|compared (?:with|to)|against|confidence|than|at least|at most|up to|"
    r"approximately|around|about|over|nearly|almost|some|roughly|in excess of|region of|order of|under) "
    r"(?:the |largest |just )*$"
)
_OF_ALL = re.compile(r" of (?:the|all)(?: the)? (?:total|whole)\b")
KNOWN_ONLY = re.compile(
    r"\bwhere\b[^.]{0,60}\b(?:known|available|recorded|stated|clear|reported|determined|given|noted|"
    r"specified|applicable)\b"
    r"|\b(?:of|among|amongst) those (?:who|where|which|whose|with|for)\b|\bfor whom\b|\bof whom\b|\bin which\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"(?P<how>(?:just |slightly |well |only |rather )?(?:under|over|less than|fewer than|more than|nearly|"
    r"almost|about|approximately|around|roughly)? ?)"
    r"(?:an? )?<(?P<f>F\d+)>(?: (?!and\b|or\b)[^\s<>();:.,]+){0,7} ?\((?:or )?"
    r"(?:<C\d+>(?: [a-z]+){0,2}(?: or|,|;) )?<(?P<p>P\d+)>",
    re.IGNORECASE,
)
_FRACTION_OF = re.compile(
    r"(?P<how>(?:just |slightly |well |only |rather )?(?:under|over|less than|fewer than|more than|nearly|"
    r"almost|about|approximately|around|roughly)? ?)"
    r"(?:an? )?<(?P<f>F\d+)>(?: (?!and\b|or\b)[^\s<>();:.,]+){0,10} ?\((?:n ?= ?)?<(?P<a>C\d+)>(?: of| out "
    r"of|/)(?: the)? ?<(?P<b>C\d+)>",
    re.IGNORECASE,
)
_OR_FRACTION = re.compile(
    r"<(?P<a>C\d+)>(?: [a-z]+){0,2} (?:of|out of) (?:the |these |all )*<(?P<b>C\d+)>(?: [^\s<>();:.,]+){0,3}"
    r"(?:,? or|,? that is,?|,|:) (?P<how>(?:just |slightly |well |only )?(?:under|over|less than|fewer than|more than|"
    r"nearly|almost|about|approximately|around|roughly)? ?)(?:an? )?<(?P<f>F\d+)>"
)
_MAJORITY = re.compile(
    r"\b(?P<word>majority|(?<!the )(?<!second )most(?! \(| (?:frequent|common|likely|often|recent|serious|part))"
    r"|minority)\b(?: (?!not\b)[^\s<>();:.,]+){0,6} "
    r"\((?:<C\d+>(?: [a-z]+){0,2}(?: or|,|;) )?<(?P<p>P\d+)>"
)
NEAR = 6.0
"""Percentage points that a fraction in words may be away from its figure when nothing is said of the direction."""

NEAR_TIED = 10.0
"""The same for a percentage and the group that its noun names."""

FAR = 11.0
"""Percentage points that "nearly" and "over" may cover."""


def check_claims(
    paragraph: Sequence[Sentence], found: Sequence[Claim], known: Populations, locator: Locator
) -> Iterator[Finding]:
    """Findings on the claims of one paragraph; `known` are the group sizes that need not be said again."""
    of_one = {id(claim) for claims in together(found) if share_a_base(claims) for claim in claims}
    counts = {m.value for sentence in paragraph for m in sentence.tagged.mentions if m.kind == "C"}
    for claim in found:
        if claim.sentence.quoted:
            continue
        if claim.count and (not claim.base or _of_another(claim)) and id(claim) not in of_one:
            yield from _on_usual(claim, counts, known, locator)
        if claim.count and claim.base:
            usual = claim.stated != "claim" and _on_one_of(claim, known.bases)
            yield from () if usual else _with_base(claim, counts, locator)
        elif claim.base and not claim.count:
            yield from _impossible(claim, found, locator)


def _of_another(claim: Claim) -> bool:
    """Whether the group that a paragraph named before is too small, or gives quite another share."""
    if claim.stated != "paragraph" or not claim.count or not claim.base:
        return False
    return abs(100 * claim.count.value / claim.base.value - claim.percent.value) > FAR


def _on_one_of(claim: Claim, bases: Sequence[float]) -> bool:
    count, percent = claim.count, claim.percent
    return bool(count) and any(
        fits(count.value, base, percent.value, percent.decimals) & ROUNDING
        for base in bases
        if count and base > count.value
    )


def _on_usual(claim: Claim, counts: set[float], known: Populations, locator: Locator) -> Iterator[Finding]:
    """A count with a percentage, no base near: one of the usual group sizes should give it."""
    count, percent = claim.count, claim.percent
    usual = known.bases
    if not count or not usual or claim.sentence.elsewhere or KNOWN_ONLY.search(claim.sentence.text):
        return
    if (
        percent.value >= 100
        or not percent.value
        or _fits_another(claim, counts)
        or claim.sentence.tagged.text.count("<Y")
    ):
        return
    tag = f"<P{claim.sentence.tagged.mentions.index(percent)}>"
    if _OTHER_BASE.match(claim.sentence.tagged.text.partition(tag)[2]) and not _OF_ALL.match(
        claim.sentence.tagged.text.partition(tag)[2]
    ):
        return
    if _on_one_of(claim, usual):
        return
    nouns = noun_after(claim.sentence.text, count)
    tied = [b for b in usual if b > count.value and nouns & known.nouns[b]]
    base = min(
        tied or [b for b in usual if b > count.value],
        key=lambda b: abs(100 * count.value / b - percent.value),
        default=None,
    )
    if base is None or abs(100 * count.value / base - percent.value) > (NEAR_TIED if tied else NEAR):
        return
    exact = 100 * count.value / base
    yield Finding(
        kind="percentage",
        printed=f"{count.text} ({percent.text})",
        recomputed=f"{exact:.1f}%",
        sum=f"{count.value:g} / {base:g} = {exact:.1f}%, printed {percent.text}",
        sentence=f"None of the group sizes that the report keeps using gives this; the nearest is {base:g}.",
        confidence=USUAL_NOUN if tied else USUAL,
        where=_place(claim, locator),
        tolerance=ALL_RULES,
    )


def _with_base(claim: Claim, counts: set[float], locator: Locator) -> Iterator[Finding]:
    count, base, percent = claim.count, claim.base, claim.percent
    if not count or not base or not base.value or count.value > base.value or percent.value > 100:
        return
    rules = fits(count.value, base.value, percent.value, percent.decimals)
    if rules - {"truncation"} or (claim.stated != "claim" and _fits_another(claim, counts)):
        return
    if claim.stated != "claim" and claim.sentence.elsewhere:
        return
    if claim.stated == "paragraph" and KNOWN_ONLY.search(claim.sentence.text):
        return
    exact = float(percentage(count.value, base.value))
    confidence = ONLY_CUT if rules else CONFIDENCE[claim.stated]
    if claim.stated == "paragraph" and claim.base_sentence and not rules and abs(exact - percent.value) > 10:
        confidence = 0.45  # the share is so far away that the words probably speak of another base
    yield _finding(claim, locator, exact, confidence, cut=bool(rules))


def _fits_another(claim: Claim, counts: set[float]) -> bool:
    """Whether another number of the paragraph is the base."""
    count, percent = claim.count, claim.percent
    held = claim.base.value if claim.base else None
    others = [value for value in counts if count and value > count.value and value != held]
    return bool(count) and any(fits(count.value, value, percent.value, percent.decimals) for value in others if count)


def _finding(claim: Claim, locator: Locator, exact: float, confidence: float, *, cut: bool) -> Finding:
    count, base, percent = claim.count, claim.base, claim.percent
    assert count
    assert base
    digits = max(percent.decimals + 1, 1)
    rest = "is cut off, not rounded" if cut else f"is not {percent.text}"
    return Finding(
        kind="percentage",
        printed=f"{count.text} ({percent.text})",
        recomputed=f"{exact:.{digits}f}%",
        sum=f"{count.value:g} / {base.value:g} = {exact:.{digits}f}%, printed {percent.text}",
        sentence=f"{count.text} of {base.text} {rest} (the base stands in the {_where(claim)}).",
        confidence=confidence,
        where=_place(claim, locator),
        tolerance="half up, half even" if cut else ALL_RULES,
    )


def _where(claim: Claim) -> str:
    return "same words" if claim.stated == "claim" else f"same {claim.stated}"


def _place(claim: Claim, locator: Locator) -> Place:
    return locator.words(claim.sentence.start, claim.sentence.end)


def _impossible(claim: Claim, found: Sequence[Claim], locator: Locator) -> Iterator[Finding]:
    base, percent = claim.base, claim.percent
    assert base
    size = round(base.value)
    telling = TELLING_BASE * 10**percent.decimals
    if (
        not 4 <= size < telling
        or percent.value > 100
        or possible_counts(size, percent.value, percent.decimals, ROUNDING)
    ):
        return
    cut = possible_counts(size, percent.value, percent.decimals)
    text = claim.sentence.tagged.text
    tag = f"<P{claim.sentence.tagged.mentions.index(percent)}>"
    before, _, after = text.partition(tag)
    if claim.stated != "claim" and not _speaks_of(claim, before, after):
        return
    ours = [other for other in found if other.base is base]
    yield Finding(
        kind="impossible_percentage",
        printed=percent.text,
        recomputed=neighbours(size, percent.value),
        sum=f"no count of {size} {'rounds to' if cut else 'gives'} {percent.text}: {neighbours(size, percent.value)}",
        sentence=(
            f"{percent.text} cannot be a share of the {base.text}"
            f"{', unless it was cut off' if cut else ''}{_other_base(ours, size)}."
        ),
        confidence=IMPOSSIBLE_ROUNDED if cut else IMPOSSIBLE[claim.stated],
        where=_place(claim, locator),
        tolerance="half up, half even" if cut else ALL_RULES,
        also=_also(claim, locator),
    )


def _also(claim: Claim, locator: Locator) -> Place | None:
    other = claim.base_sentence
    return locator.words(other.start, other.end) if other and other is not claim.sentence else None


def _speaks_of(claim: Claim, before: str, after: str) -> bool:
    """Whether a percentage can be a share of the group that its sentence or paragraph names."""
    sentence: Sentence = claim.sentence
    if sentence.elsewhere or KNOWN_ONLY.search(sentence.text) or any(m.kind == "Y" for m in sentence.tagged.mentions):
        return False
    return not (_OTHER_BASE.match(after) or _OTHER_BASE_BEFORE.search(before))


def _other_base(ours: Sequence[Claim], size: int) -> str:
    """A base not far below on which all percentages of the group would be possible: perhaps that of those known."""
    figures = [claim.percent for claim in ours]
    for base in range(size - 1, max(3, size // 2), -1):
        if len(figures) > 1 and all(possible_counts(base, each.value, each.decimals) for each in figures):
            return f"; all {len(figures)} percentages given for them would be possible on {base}"
    return ""


def check_wording(sentence: Sentence, locator: Locator) -> Iterator[Finding]:
    """Fractions and majorities in words that their figure in brackets contradicts."""
    if sentence.quoted:
        return
    text, get = sentence.tagged.text, sentence.tagged.get
    for match in _FRACTION.finditer(text):
        words, figure = get(match["f"]), get(match["p"])
        wrong = _against(match["how"].strip().lower(), words.value, figure.value)
        if wrong:
            said = f"{match['how'].strip()} {words.text}".strip()
            yield _wording(sentence, locator, (said, f"{words.value:.0f}%"), figure.text, wrong)
    for match in (*_FRACTION_OF.finditer(text), *_OR_FRACTION.finditer(text)):
        words, part, whole = (get(match[name]) for name in ("f", "a", "b"))
        share = 100 * part.value / whole.value if whole.value else 0
        if part.value <= whole.value and (wrong := _against(match["how"].strip().lower(), words.value, share)):
            said = f"{match['how'].strip()} {words.text}".strip()
            figure_of = f"{part.text} of {whole.text}, {share:.0f}%"
            yield _wording(sentence, locator, (said, f"{words.value:.0f}%"), figure_of, min(wrong, 0.6))
    for match in _MAJORITY.finditer(text):
        figure = get(match["p"])
        if (figure.value < 50) == (match["word"] != "minority") and figure.value != 50:
            yield _wording(
                sentence, locator, (match["word"], "half"), figure.text, 0.55 if match["word"] == "most" else 0.65
            )


def _against(how: str, said: float, figure: float) -> float:
    """How sure it is that the figure contradicts the words; 0 if it does not."""
    away = figure - said
    if re.search(r"under|less|fewer|nearly|almost", how):
        return 0.7 if away > 0.5 else 0.55 if away < -FAR else 0.0
    if re.search(r"over|more", how):
        return 0.7 if away < -0.5 else 0.55 if away > FAR and said < 60 else 0.0
    return 0.6 if abs(away) > NEAR else 0.0


def _wording(sentence: Sentence, locator: Locator, said: tuple[str, str], figure: str, confidence: float) -> Finding:
    return Finding(
        kind="wording",
        printed=f"{said[0]} ({figure})",
        recomputed=f"{said[0]} is {said[1]}",
        sum=f"“{said[0]}” is {said[1]}, printed {figure}",
        sentence=f"The words “{said[0]}” and the figure {figure} beside them do not agree.",
        confidence=confidence,
        where=locator.words(sentence.start, sentence.end),
        tolerance=f"{NEAR:g} points, {FAR:g} for “nearly” and “over”",
    )
