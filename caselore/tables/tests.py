"""Counts come in; tests of association and trend go out, each as an `Inference` that names its groups.

Tables are given as rows of counts, groups in rows and categories in columns. Methods: A. Agresti, "Categorical Data
Analysis" (3rd ed. 2013), chapters 3 and 5; the warning of small expected counts is W. Cochran's (Biometrics 10, 1954).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, inf, log, nan, sqrt

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from caselore.errors import TableError
from caselore.tables.inference import Effect, Inference
from caselore.tables.result import Result

Counts = Sequence[Sequence[int]]
Grid = npt.NDArray[np.int64]

SMALL_EXPECTED = 5
SMALL_SHARE = 0.2
"""More than this share of expected counts under `SMALL_EXPECTED`, or any under 1, and chi-square is in doubt."""

SIMULATIONS = 20_000
SEED = 20_160_503
"""The seed of every simulation, so that a p value is the same on each run."""

_TIE = 1e-7
_BATCH = 5_000
_Z95 = 1.959963984540054


def chi_square(counts: Counts, *, yates: bool = False, groups: Sequence[str] = (), about: str = "") -> Inference:
    """Pearson's chi-square test of rows against columns; `yates` corrects a 2 x 2 table for continuity.

    Rows and columns of noughts are left out, and said. Effects: phi, odds ratio and difference of proportions for a
    2 x 2 table, Cramer's V for a larger one. Raises TableError for what is no table of counts.
    """
    grid, names, warnings = _grid(counts, groups)
    sizes = _sizes(grid, names)
    if min(grid.shape) < 2:
        told = "Pearson chi-square"
        warnings.append("Nothing to compare: fewer than two rows or columns hold any count.")
        return Inference(told, "chi-square", None, None, nan, int(grid.sum()), sizes, (), about, tuple(warnings))
    expected = _expected(grid)
    square = grid.shape == (2, 2)
    if yates and not square:
        raise TableError(
            f"Yates' correction is for a table of 2 x 2, and this one is {grid.shape[0]} x {grid.shape[1]}."
        )
    gap = np.abs(grid - expected)
    if yates:
        gap = gap - np.minimum(0.5, gap)
    statistic = float((gap**2 / expected).sum())
    df = (grid.shape[0] - 1) * (grid.shape[1] - 1)
    way = f" {'with' if yates else 'without'} Yates' correction" if square else ""
    return Inference(
        test=f"Pearson chi-square{way}",
        symbol="chi-square",
        statistic=statistic,
        df=df,
        p=float(stats.chi2.sf(statistic, df)),
        n=int(grid.sum()),
        groups=sizes,
        effects=_effects(grid),
        about=about,
        warnings=(*warnings, *_doubts(expected)),
    )


def exact(
    counts: Counts, *, groups: Sequence[str] = (), about: str = "", simulations: int = SIMULATIONS, seed: int = SEED
) -> Inference:
    """Fisher's exact test: by the hypergeometric distribution for 2 x 2, by simulation for a larger table.

    A larger table is set against `simulations` tables of the same margins (Freeman and Halton 1951; W. Patefield 1981
    draws them); p counts those no more likely than it, itself included, as R's fisher.test does. Two-sided.
    """
    grid, names, warnings = _grid(counts, groups)
    sizes, n = _sizes(grid, names), int(grid.sum())
    if min(grid.shape) < 2:
        warnings.append("Nothing to compare: fewer than two rows or columns hold any count.")
        return Inference("Fisher's exact test", "", None, None, nan, n, sizes, (), about, tuple(warnings))
    if grid.shape == (2, 2):
        p = float(stats.fisher_exact(grid).pvalue)
        return Inference("Fisher's exact test", "", None, None, p, n, sizes, _effects(grid), about, tuple(warnings))
    p = _simulated(grid, simulations, seed)
    error = sqrt(p * (1 - p) / simulations)
    warnings.append(f"p by {simulations:,} simulated tables of the same margins (standard error {error:.4f}).")
    test = "Fisher-Freeman-Halton exact test by simulation"
    return Inference(test, "", None, None, p, n, sizes, _effects(grid), about, tuple(warnings))


def trend(
    held: Sequence[int],
    of: Sequence[int],
    *,
    scores: Sequence[float] | None = None,
    groups: Sequence[str] = (),
    about: str = "",
) -> Inference:
    """Cochran and Armitage's test that a proportion rises or falls over ordered groups.

    `held` of each `of` have the property; `scores` place the groups, 1, 2, 3... if not given. The effect is the slope:
    how much the proportion changes with one step of the score. The same as R's prop.trend.test. With populations for
    `of` it tests the trend of a rate. Raises TableError where a count is above its total.
    """
    taken, total = np.asarray(held, dtype=float), np.asarray(of, dtype=float)
    if len(taken) != len(total) or len(taken) < 2 or (taken > total).any() or (taken < 0).any() or (total <= 0).any():
        raise TableError("A trend needs, for each of two groups and more, a count and a total no smaller than it.")
    place = np.arange(1, len(taken) + 1) if scores is None else np.asarray(scores, dtype=float)
    if len(place) != len(taken):
        raise TableError(f"A trend over {len(taken)} groups needs as many scores, not {len(place)}.")
    share, n = taken.sum() / total.sum(), total.sum()
    centred = place - (total * place).sum() / n
    spread = float((total * centred**2).sum())
    slope = float((taken * centred).sum()) / spread if spread else nan
    variance = share * (1 - share)
    statistic = slope**2 * spread / variance if variance and spread else nan
    names = _names(groups, len(taken))
    small = int((np.outer([share, 1 - share], total) < SMALL_EXPECTED).sum())
    warning = (f"{small} of {2 * len(taken)} expected counts are under {SMALL_EXPECTED}.",) if small else ()
    return Inference(
        test="Cochran-Armitage trend test",
        symbol="chi-square",
        statistic=statistic,
        df=1,
        p=float(stats.chi2.sf(statistic, 1)) if statistic == statistic else nan,
        n=int(n),
        groups=tuple(zip(names, map(int, total), strict=True)),
        effects=(Effect("slope per step", slope),),
        about=about,
        warnings=warning,
    )


def association(result: Result, *, yates: bool = False, by_simulation: bool = False) -> tuple[Inference, ...]:
    """Tests of a computed table of two axes: its columns are the groups, its rows the categories.

    One test for a table of one answer a case. In a table of many answers rows overlap, so each row is tested on its
    own, held or not. Raises TableError where counts are hidden (a statistic can give them away) or columns overlap.
    """
    table = result.table
    rows = [line for line in result.rows if line.kind == "category"]
    columns = [line for line in result.columns if line.kind == "category"]
    if len(columns) < 2 or table.number:
        raise TableError(f"Table {table.id!r} has no columns to compare.")
    if table.multi_columns and table.unit != "child":
        raise TableError(f"Table {table.id!r}: one case can stand in several columns, so they are no separate groups.")
    places = [(row.key, column.key) for row in (*rows, *result.rows_of("base")) for column in columns]
    if any(result.cell(*place).suppressed for place in places):
        raise TableError(f"Table {table.id!r} hides small counts, and a test could give them away; test it inside.")
    names = [column.label for column in columns]
    counts = {place: result.cell(*place).numerator or 0 for place in places}
    how = exact if by_simulation else chi_square
    more: Mapping[str, bool] = {} if by_simulation else {"yates": yates}
    if not table.multi_response:
        grid = [[counts[row.key, column.key] for row in rows] for column in columns]
        return (how(grid, groups=names, about=table.title, **more),)
    return tuple(
        how(
            [[counts[row.key, one.key], counts["base", one.key] - counts[row.key, one.key]] for one in columns],
            groups=names,
            about=f"{table.title}: {row.label}",
            **more,
        )
        for row in rows
    )


def _grid(counts: Counts, groups: Sequence[str]) -> tuple[Grid, tuple[str, ...], list[str]]:
    """The counts without empty rows and columns, the names of the rows left, and what was left out."""
    if not len(counts) or len({len(row) for row in counts}) != 1:
        raise TableError("A test needs a table of counts: rows of the same length.")
    grid = np.asarray(counts)
    if not np.issubdtype(grid.dtype, np.integer) or (grid < 0).any():
        raise TableError("A test needs whole counts of nought and more, not percentages or gaps.")
    names = _names(groups, len(grid))
    rows, columns = grid.sum(axis=1) > 0, grid.sum(axis=0) > 0
    left = int((~rows).sum() + (~columns).sum())
    warnings = ["Rows and columns that hold only noughts are left out."] if left else []
    kept = tuple(name for name, there in zip(names, rows, strict=True) if there)
    return grid[rows][:, columns].astype(np.int64), kept, warnings


def _names(groups: Sequence[str], size: int) -> tuple[str, ...]:
    if groups and len(groups) != size:
        raise TableError(f"{size} groups are compared and {len(groups)} are named.")
    return tuple(groups) or tuple(f"group {place}" for place in range(1, size + 1))


def _sizes(grid: Grid, names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(zip(names, map(int, grid.sum(axis=1)), strict=True))


def _expected(grid: Grid) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = np.outer(grid.sum(axis=1), grid.sum(axis=0)) / grid.sum()
    return found


def _doubts(expected: npt.NDArray[np.float64]) -> tuple[str, ...]:
    small = int((expected < SMALL_EXPECTED).sum())
    if small <= SMALL_SHARE * expected.size and expected.min() >= 1:
        return ()
    return (
        f"{small} of {expected.size} expected counts are under {SMALL_EXPECTED} "
        f"(the smallest is {expected.min():.1f}): use the exact test.",
    )


def _effects(grid: Grid) -> tuple[Effect, ...]:
    expected, n = _expected(grid), int(grid.sum())
    size = sqrt(float(((grid - expected) ** 2 / expected).sum()) / n / (min(grid.shape) - 1))
    if grid.shape != (2, 2):
        return (Effect("Cramer's V", size),)
    return (Effect("phi", size), odds_ratio(grid.tolist()), difference(grid.tolist()))


def odds_ratio(counts: Counts) -> Effect:
    """The odds ratio ad/bc of a 2 x 2 table, with B. Woolf's 95% interval on the logarithm (1955).

    Half a case is added to every cell for the interval where one is empty (J. Haldane 1956; F. Anscombe 1956).
    """
    (a, b), (c, d) = counts
    value = a * d / (b * c) if b * c else (inf if a * d else nan)
    more = 0 if a * b * c * d else 0.5
    a, b, c, d = (count + more for count in (a, b, c, d))  # type: ignore[assignment]
    middle, error = log(a * d / (b * c)), sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return Effect("odds ratio", value, exp(middle - _Z95 * error), exp(middle + _Z95 * error))


def difference(counts: Counts) -> Effect:
    """The first row's share of the first column minus the second's, with R. Newcombe's hybrid score interval (1998)."""
    (a, b), (c, d) = counts
    one, other = wilson(a, a + b), wilson(c, c + d)
    gap = a / (a + b) - c / (c + d)
    low = gap - sqrt((a / (a + b) - one[0]) ** 2 + (other[1] - c / (c + d)) ** 2)
    high = gap + sqrt((one[1] - a / (a + b)) ** 2 + (c / (c + d) - other[0]) ** 2)
    return Effect("difference of proportions", gap, low, high)


def wilson(held: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """E. Wilson's score interval (1927) for the proportion `held` of `n`; (0, 1) for none of none."""
    if not 0 <= held <= n:
        raise TableError(f"{held} of {n} is no proportion.")
    if not n:
        return 0.0, 1.0
    z = float(special.ndtri((1 + level) / 2))
    share, more = held / n, z * z / n
    middle = (share + more / 2) / (1 + more)
    half = z * sqrt(share * (1 - share) / n + more / (4 * n)) / (1 + more)
    return (0.0 if held == 0 else middle - half), (1.0 if held == n else middle + half)


def _simulated(grid: Grid, simulations: int, seed: int) -> float:
    """The share of tables with these margins that are no more likely, the observed one counted in."""
    drawn = stats.random_table(grid.sum(axis=1), grid.sum(axis=0), seed=seed)
    seen = float(special.gammaln(grid + 1).sum())
    hits, left = 1, simulations
    while left:
        size = min(left, _BATCH)
        hits += int((special.gammaln(drawn.rvs(size=size) + 1).sum(axis=(1, 2)) >= seen - _TIE).sum())
        left -= size
    return hits / (simulations + 1)
