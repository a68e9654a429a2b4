"""Which review holds which code comes in; how many different codes were seen after so many reviews read goes out.

Points are some reviews apart, so that none shows what one review added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from caselore.tables.measures.measure import Cells, Derivation, Ground, made
from caselore.tables.result import Cell, Line, Result, half_up
from caselore.tables.table import STATES, Answers, Measure

FIELDS = ("risk_indicators", "integrity_flags", "agencies", "decision_type", "learning_themes", "recommendation_type")
"""Fields with many codes, in which a review that is read can show something new."""

ORDERS = 200
SEED = 20_160_503
POINTS = 20
FEWEST = 3
"""Reviews between two points, at least."""

SURE = 40
"""A code of which so many holders are expected among the first reviews is missed once in e to the 40 orders."""

Firsts = npt.NDArray[np.int64]
"""For each code, the place in the order of the first review that holds it."""

Floats = npt.NDArray[np.float64]


def saturation(ground: Ground) -> Iterator[Result]:
    """New codes per review read, by date and in the mean of random orders."""
    held, names = _held(ground)
    reading = np.zeros(ground.frame.size, dtype=bool)
    for there in held:
        reading[there] = True
    read = int(reading.sum())
    points = _points(read, ground)
    if len(points) < 2:
        return
    rank = _ranks(ground, reading)
    by_date = seen(np.array([rank[there].min() for there in held]), points)
    holders = np.array([len(there) for there in held])
    mean = expected(holders, read, points)
    rare = [there for there in held if len(there) * points[0] / read <= SURE]
    low, high = between(*_joined(rare), read, points) + (len(held) - len(rare))
    curves: tuple[tuple[Measure, Floats], ...] = (("at_random", mean), ("random_low", low), ("random_high", high))
    cells: Cells = {}
    for place, point in enumerate(points):
        key = str(point)
        cells[key, "all", "by_date"] = Cell(int(by_date[place]), f"{by_date[place]:,}")
        for measure, curve in curves:
            cells[key, "all", measure] = _whole(float(curve[place]))
    like = ground.get("completeness") or ground.get("risk-indicators")
    yield made(
        "saturation",
        "Saturation: different codes seen, by reviews read",
        rows=[Line(str(point), f"{point:,}") for point in points],
        cells=cells,
        measures=("by_date", "at_random", "random_low", "random_high"),
        like=like,
        heading="Reviews read",
        chapter="The reviews",
        place=90,
        source="Triennial analysis of serious case reviews 2011 to 2014, section 10.1",
        notes=(
            f"Codes of {names}; {len(held)} different ones in {read:,} reviews that hold any.",
            "By date: year of publication, then id. In random order: the mean over all orders (S. Hurlbert 1971), and "
            f"between which values 95% of {ORDERS} orders lie that were drawn with a fixed seed, in whole codes.",
            "A curve that has gone flat says that more reviews of this kind add few codes of this codebook; what the "
            "codebook has no code for, no curve shows.",
        ),
        chart="line",
    )


def _whole(value: float) -> Cell:
    """A value of a curve as a whole number: the exact ones tell how many codes one review alone holds, or two."""
    shown = half_up(Decimal(repr(value)), 0)
    return Cell(int(shown), f"{int(shown):,}")


def _held(ground: Ground) -> tuple[list[Firsts], str]:
    """For each code that occurs the reviews of the cohort that hold it, and which fields were read."""
    frame, held, names = ground.frame, [], []
    mask = frame.mask()
    for name in (one for one in FIELDS if one in ground.book.fields and one in frame.fields):
        found = frame.incidence(Answers(name))
        codes = (np.flatnonzero(found.held(key) & mask) for key in found.keys if key not in STATES)
        held += [there for there in codes if len(there)]
        names.append(ground.book.fields[name].label.lower())
    return held, ", ".join(names)


def _joined(held: Sequence[Firsts]) -> tuple[Firsts, Firsts]:
    """Reviews and their codes, a pair each."""
    none = np.zeros(0, dtype=np.int64)
    codes = [np.full(len(there), number) for number, there in enumerate(held)]
    return np.concatenate([none, *held]), np.concatenate([none, *codes])


def _points(read: int, ground: Ground) -> list[int]:
    """Numbers of reviews at which the curve is shown, the last of them all."""
    apart = max(FEWEST, ground.smallest or 1, -(-read // POINTS))
    found = list(range(apart, read - apart + 1, apart))
    return [*found, read] if found else []


def _ranks(ground: Ground, reading: npt.NDArray[np.bool_]) -> Firsts:
    """The place of each review that is read, by year of publication; those without a year come last."""
    (order,) = ground.frame.columns("SELECT ix FROM ids ORDER BY year NULLS LAST, case_id")
    inside = order.to_numpy()
    inside = inside[reading[inside]]
    rank = np.zeros(len(reading), dtype=np.int64)
    rank[inside] = np.arange(len(inside))
    return rank


def seen(firsts: Firsts, points: Sequence[int]) -> Firsts:
    """How many codes were seen after each number of reviews."""
    found: Firsts = np.searchsorted(np.sort(firsts), np.asarray(points), side="left")
    return found


def expected(holders: Firsts, read: int, points: Sequence[int]) -> npt.NDArray[np.float64]:
    """The exact mean over all orders: a code of `n` reviews is missed by `k` of `read` with C(read-n, k) / C(read, k).

    S. Hurlbert, "The nonconcept of species diversity" (Ecology 52, 1971): the rarefaction curve.
    """
    n, k = holders[:, None].astype(float), np.asarray(points, dtype=float)[None, :]
    possible = n + k <= read
    free = np.where(possible, read - n - k, 0)
    missed = gammaln(read - n + 1) - gammaln(free + 1) - gammaln(read + 1) + gammaln(read - k + 1)
    found: npt.NDArray[np.float64] = (1 - np.where(possible, np.exp(missed), 0)).sum(axis=0)
    return found


def between(reviews: Firsts, codes: Firsts, read: int, points: Sequence[int]) -> npt.NDArray[np.float64]:
    """The values between which the curves of 95% of random orders lie, drawn with a fixed seed.

    Codes so common that the first point cannot miss them are counted without drawing.
    """
    chance = np.random.default_rng(SEED)
    _, code, holders = np.unique(codes, return_inverse=True, return_counts=True)
    rare = (holders * points[0] / read <= SURE)[code]
    sure = len(holders) - len(np.unique(code[rare]))
    curves = np.full((ORDERS, len(points)), sure, dtype=np.int64)
    if rare.any():
        names, place = np.unique(reviews[rare], return_inverse=True)
        order = np.argsort(code[rare], kind="stable")
        starts = np.flatnonzero(np.append(True, np.diff(code[rare][order]) != 0))
        for one in range(ORDERS):
            rank = chance.choice(read, size=len(names), replace=False)
            curves[one] += seen(np.minimum.reduceat(rank[place[order]], starts), points)
    found: npt.NDArray[np.float64] = np.quantile(curves, [0.025, 0.975], axis=0)
    return found


DERIVATIONS = (Derivation((), saturation),)
