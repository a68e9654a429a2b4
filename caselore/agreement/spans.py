"""In: the stretches of text that coders marked, on one continuum or many. Out: how far they marked the same.

Krippendorff's alpha for unitising (Krippendorff, Mathet, Bouvry and Widlocher 2016, Quality and Quantity 50;
Krippendorff 2019, Content Analysis, section 12.6) asks of every character what the coders made of it, gaps included,
and corrects for chance. `overlap_f1` is the plain measure beside it: marks that meet, give or take some characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

import numpy as np

from caselore.agreement.intervals import Estimate, Method, Sums, at_an_end, ratio, spread, unanimous
from caselore.agreement.kappa import DEFAULT
from caselore.agreement.reliability import Coefficient, Floats, Whole
from caselore.errors import EvaluationError

Variant = Literal["unitising", "boundaries", "coding"]
"""All that coders did; only what they marked, whatever the value; only the values where marks meet."""

NAMES: Mapping[Variant, str] = {"unitising": "u-alpha", "boundaries": "|u-alpha", "coding": "cu-alpha"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch ``[start, end)`` that a coder marked with a value."""

    start: int
    end: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Continuum:
    """What each coder marked in one text of `length` characters; a coder who marked nothing has an empty tuple.

    Continua of one `case` are drawn together; each is by itself where none names a case.
    """

    length: int
    coders: Mapping[str, tuple[Span, ...]]
    case: str = ""


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of one value that overlap or touch as one, in order.

    Raises:
        EvaluationError: spans of different values overlap; take a continuum for each value.
    """
    kept: list[Span] = []
    for each in sorted(spans, key=lambda span: (span.start, span.end)):
        last = kept[-1] if kept else None
        if last and each.value == last.value and each.start <= last.end:
            kept[-1] = Span(last.start, max(last.end, each.end), last.value)
        elif last and each.start < last.end:
            raise EvaluationError(
                f"One coder marked {each.start}-{each.end} as {last.value!r} and {each.value!r}; compare code by code."
            )
        else:
            kept.append(each)
    return tuple(kept)


def unitised_alpha(
    continua: Sequence[Continuum], *, variant: Variant = "unitising", value: str = "", method: Method = DEFAULT
) -> Coefficient:
    """Krippendorff's alpha for unitising over all continua together; intervals resample cases.

    With a `value`: of what was marked by several coders and by one of them with this value, (k)u-alpha (equation 38).
    A continuum with fewer than two coders is left aside. Spans that touch stay apart; those of one coder and value
    that overlap are joined.

    Raises:
        EvaluationError: a coder marked one place with two values.
    """
    variant, name = ("coding", f"({value})u-alpha") if value else (variant, NAMES[variant])
    used = [each for each in continua if len(each.coders) >= 2 and each.length > 0]
    coders = len({name for each in used for name in each.coders})
    marks = sum(len(spans) for each in used for spans in each.coders.values())
    if not used or not marks:
        why = "Nobody marked anything." if used else "No text was read by two coders."
        return Coefficient(name, None, units=len(used), coders=coders, notes=(why,))
    values = tuple(sorted({span.value for each in used for spans in each.coders.values() for span in spans}))
    estimate = _estimate(used, values, variant, value)
    observed, expected = (float(each[0]) for each in estimate.of(estimate.parts.sum(axis=0)[None, :]))
    if np.isnan(observed) or abs(1 - expected) < 1e-12:
        note = (
            "No marks of two coders meet." if np.isnan(observed) else "Only one value was met; it cannot be confused."
        )
        return Coefficient(name, None, units=len(used), coders=coders, pairable=marks, notes=(note,))
    owners = _owners(used)
    whole = abs(observed - 1) < 1e-12 and method.interval != "none"
    found = unanimous(len(set(owners)), expected) if whole else spread(estimate, method, clusters=owners)
    return Coefficient(
        name,
        (observed - expected) / (1 - expected),
        found.lower,
        found.upper,
        found.error,
        _of_texts(found.how, used),
        units=len(used),
        coders=coders,
        pairable=marks,
        observed=observed,
        expected=expected,
        notes=found.notes,
    )


def _estimate(continua: Sequence[Continuum], values: tuple[str, ...], variant: Variant, value: str) -> Estimate:
    """Parts of a continuum: lengths that coincide (values x values, the gap first), and self-pairs by value."""
    kinds = len(values) + 1
    parts = np.array([_parts(each, values, marked_only=variant == "coding") for each in continua])

    def of(sums: Sums) -> tuple[Sums, Sums]:
        met = sums[:, : kinds * kinds].reshape(len(sums), kinds, kinds)
        alone = sums[:, kinds * kinds :]
        if variant == "coding":
            met, alone = met[:, 1:, 1:], alone[:, 1:]
        if value:
            return _of_value(met, alone, values.index(value))
        return _agreement(met, alone, boundaries=variant == "boundaries")

    return Estimate(parts, of)


def _of_value(met: Sums, alone: Sums, kind: int) -> tuple[Sums, Sums]:
    """Of the length that one coder gave this value, the share that another gave it too, and that by chance."""
    margin = met.sum(axis=2)
    own = margin[:, kind] ** 2 - alone[:, kind]
    by_chance = margin[:, kind] * margin.sum(axis=1) - alone[:, kind]
    return ratio(met[:, kind, kind], margin[:, kind]), ratio(own, by_chance)


def _agreement(met: Sums, alone: Sums, *, boundaries: bool) -> tuple[Sums, Sums]:
    """Shares of length: observed (equations 32 and 34) and expected agreement, which pairs no unit with itself (33)."""
    whole, margin = met.sum(axis=(1, 2)), met.sum(axis=2)
    chance = margin[:, :, None] * margin[:, None, :]
    kinds = met.shape[1]
    chance = chance - alone[:, :, None] * np.eye(kinds)
    pairs = chance.sum(axis=(1, 2))
    if boundaries:  # gap against any mark (equation 35)
        found = 2 * met[:, 0, 1:].sum(axis=1)
        by_chance = 2 * chance[:, 0, 1:].sum(axis=1)
    else:
        found = whole - np.trace(met, axis1=1, axis2=2)
        by_chance = pairs - np.trace(chance, axis1=1, axis2=2)
    return 1 - ratio(found, whole), 1 - ratio(by_chance, pairs)


def _parts(continuum: Continuum, values: tuple[str, ...], *, marked_only: bool) -> Floats:
    kinds, at = len(values) + 1, {value: n + 1 for n, value in enumerate(values)}
    spans = {name: _separate(each, continuum.length) for name, each in continuum.coders.items()}
    cuts = sorted({0, continuum.length, *(edge for each in spans.values() for s in each for edge in (s.start, s.end))})
    place = {cut: n for n, cut in enumerate(cuts)}
    lengths = np.diff(np.array(cuts, dtype=float))
    said = np.zeros((len(spans), len(lengths)), dtype=np.int64)
    for row, each in enumerate(spans.values()):
        for span in each:
            said[row, place[span.start] : place[span.end]] = at[span.value]
    told = np.eye(kinds)[said]  # coders x stretches x values
    whole = told.sum(axis=0)
    met = (whole * lengths[:, None]).T @ whole - np.einsum("csv,s,csw->vw", told, lengths, told)
    alone = np.zeros(kinds)
    alone[0] = told[:, :, 0].sum(axis=0) @ lengths  # every character of a gap is a unit of its own
    marked = (said > 0).astype(float)
    # Of a mark counts what others marked too: the mean length of its meetings (this gives the published .724).
    others = (marked.sum(axis=0)[None, :] - marked) / (len(spans) - 1) if marked_only else np.ones_like(marked)
    for row, each in enumerate(spans.values()):
        for span in each:
            inside = slice(place[span.start], place[span.end])
            alone[at[span.value]] += float(others[row, inside] @ lengths[inside]) ** 2
    return np.concatenate([met.ravel() / (len(spans) - 1), alone])


def _separate(spans: Sequence[Span], length: int) -> tuple[Span, ...]:
    """Overlapping spans joined, touching ones left apart; what lies outside the text is cut off."""
    inside = [Span(max(0, s.start), min(length, s.end), s.value) for s in spans if s.start < length and s.end > 0]
    ordered = sorted((s for s in inside if s.start < s.end), key=lambda span: (span.start, span.end))
    if all(one.end <= other.start for one, other in pairwise(ordered)):
        return tuple(ordered)
    return merged(ordered)


def overlap_f1(continua: Sequence[Continuum], *, tolerance: int = 0, method: Method = DEFAULT) -> Coefficient:
    """How many marks of one coder meet a mark of another with the same value: 2 matched / all, over pairs of coders.

    Two marks meet where they share a character or lie at most `tolerance` characters apart; each is matched once.
    """
    name = "overlap F1" if not tolerance else f"overlap F1, {tolerance} characters"
    pairs = [
        (each.coders[one], each.coders[other])
        for each in continua
        for one, other in combinations(sorted(each.coders), 2)
    ]
    owner = [n for n, each in zip(_owners(continua), continua, strict=True) for _ in combinations(each.coders, 2)]
    parts = np.array([(2 * _matched(a, b, tolerance), len(a) + len(b)) for a, b in pairs], dtype=float).reshape(-1, 2)
    if not parts[:, 1].sum():
        return Coefficient(name, None, notes=("Nobody marked anything.",))
    estimate = Estimate(parts, lambda sums: (ratio(sums[:, 0], sums[:, 1]), np.zeros(len(sums))))
    value = float(parts[:, 0].sum() / parts[:, 1].sum())
    end = at_an_end(value, len(set(owner))) if method.interval != "none" else None
    found = end or spread(estimate, method, clusters=np.array(owner))
    coders = len({coder for each in continua for coder in each.coders})
    return Coefficient(
        name, value, found.lower, found.upper, found.error, _of_texts(found.how, continua),
        units=len(continua), coders=coders, pairable=int(parts[:, 1].sum()), observed=value, notes=found.notes,
    )  # fmt: skip


def _owners(continua: Sequence[Continuum]) -> Whole:
    """Which continua are drawn together."""
    names = [each.case or f"\n{n}" for n, each in enumerate(continua)]
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def _of_texts(how: str, continua: Sequence[Continuum]) -> str:
    return how if any(each.case for each in continua) else how.replace("cases", "texts")


def _matched(one: Sequence[Span], other: Sequence[Span], tolerance: int) -> int:
    """How many marks pair off: for intervals on a line, the mark that ends first takes the first that it meets."""
    count = 0
    free = sorted(other, key=lambda span: span.end)
    for span in sorted(one, key=lambda span: span.end):
        for n, there in enumerate(free):
            apart = max(span.start - there.end, there.start - span.end)  # below zero where they share characters
            if span.value == there.value and apart <= (tolerance or -1):
                del free[n]
                count += 1
                break
    return count
