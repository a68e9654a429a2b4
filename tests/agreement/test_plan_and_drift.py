"""How many units to code twice and which, and whether agreement moves with time. All cases are made up."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.agreement.drift import by_calendar, by_window, trend
from caselore.agreement.intervals import Method
from caselore.agreement.kappa import scott_pi
from caselore.agreement.plan import choose, imagined, units_needed
from caselore.agreement.reliability import Reliability, reliability
from caselore.errors import EvaluationError


@pytest.mark.parametrize(("alike", "share"), [(0.7, 0.5), (0.7, 0.1), (0.4, 0.3)])
def test_units_of_two_coders_and_two_values_are_those_of_bloch_and_kraemer(alike: float, share: float) -> None:
    """Their variance of the intraclass kappa (1989, Biometrics 45), times the units."""
    evenness = 2 * share * (1 - share)
    variance = (1 - alike) * ((1 - alike) * (1 - 2 * alike) + alike * (2 - alike) / evenness)
    found = units_needed("scott", width=0.2, alike=alike, shares=(share, 1 - share))
    assert found.per_unit**2 == pytest.approx(variance, rel=0.06)
    assert found.units == pytest.approx((2 * 1.959964 / 0.2) ** 2 * variance, rel=0.06)
    assert found.value == pytest.approx(alike, abs=0.03)


def test_the_units_of_a_plan_give_the_width_that_was_wanted() -> None:
    need = units_needed("scott", width=0.3, alike=0.6, shares=(0.5, 0.5))
    widths = []
    for seed in range(20):
        found = scott_pi(imagined(need.units, alike=0.6, shares=(0.5, 0.5), coders=2, seed=seed + 100))
        assert found.upper is not None
        assert found.lower is not None
        widths.append(found.upper - found.lower)
    assert np.mean(widths) == pytest.approx(0.3, rel=0.1)


def test_more_coders_need_fewer_units_and_rare_codes_more() -> None:
    two, four = (units_needed("alpha", width=0.2, coders=coders).units for coders in (2, 4))
    rare = units_needed("alpha", width=0.2, shares=(0.05, 0.95)).units
    assert four < two < rare


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("no coefficient", {"coefficient": "delta"}),
        ("width", {"width": 0}),
        ("shares", {"shares": (0.5, 0.6)}),
        ("two coders; take", {"coefficient": "cohen", "coders": 3}),
    ],
)
def test_a_plan_that_cannot_be(words: str, more: dict[str, object]) -> None:
    asked = {"coefficient": "alpha", "width": 0.2, **more}
    with pytest.raises(EvaluationError, match=words):
        units_needed(asked.pop("coefficient"), **asked)  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(["SCR, 2016", "SCR, 2017", "PFD, 2017"]), min_size=1, max_size=60), st.floats(0.01, 1))
def test_a_choice_takes_its_share_of_every_stratum(kinds: list[str], share: float) -> None:
    strata = {f"case-{n:02}": kind for n, kind in enumerate(kinds)}
    chosen = choose(strata, share=share, seed=4)
    whole = int(np.ceil(share * len(strata) - 1e-9))
    assert len(chosen) == whole == len({each.case for each in chosen})
    assert all(strata[each.case] == each.stratum and each.stratum in each.reason for each in chosen)
    sizes, taken = Counter(kinds), Counter(each.stratum for each in chosen)
    if whole >= len(sizes):
        assert set(taken) == set(sizes)
        fair = all(size * share >= 1 for size in sizes.values())
        assert not fair or all(abs(taken[name] - size * whole / len(kinds)) < 1.01 for name, size in sizes.items())


def test_the_same_seed_chooses_the_same_cases() -> None:
    strata = {f"case-{n}": "all" for n in range(40)}
    one, again, other = (choose(strata, share=0.25, seed=seed) for seed in (1, 1, 2))
    assert one == again != other
    with pytest.raises(EvaluationError, match="not between 0 and 1"):
        choose(strata, share=1.5)


def _worsening() -> tuple[Reliability, list[date]]:
    rows = [["a", "a"], ["b", "b"]] * 30 + [["a", "b"], ["b", "b"], ["b", "a"]] * 20
    days = [date(2020, 1, 15) + timedelta(days=n // 4) for n in range(len(rows))]
    return reliability(rows), days


def test_agreement_that_falls_is_told_by_blocks_windows_and_trend() -> None:
    data, days = _worsening()
    drift = by_calendar(data, days, method=Method(resamples=200))
    assert [each.name for each in drift.stretches] == ["2020-01", "2020-02"]
    assert [each.agreement.units for each in drift.stretches] == [68, 52]
    first, last = (each.agreement.value or 0 for each in drift.stretches)
    assert first > 0.6 > last
    assert drift.trend.says.startswith("Agreement falls with time")
    windows = by_window(data, days, size=40, method=Method("none")).stretches
    assert [each.name for each in windows] == [f"units {n}-{n + 39}" for n in (1, 21, 41, 61, 81)]
    assert all(each.first <= each.last for each in windows)


def test_a_trend_is_told_of_chance_about_as_often_as_it_says() -> None:
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(100)]
    told = [trend(imagined(100, alike=0.5, shares=(0.5, 0.5), coders=2, seed=n), days) for n in range(200)]
    assert 2 <= sum((each.p or 0) < 0.05 for each in told) <= 20
    assert {each.says.split(" (")[0] for each in told if (each.p or 0) >= 0.05} == {"No trend is told from chance"}


def test_questions_on_one_case_count_once() -> None:
    data, days = _worsening()
    rows = [list(row) for row in data.cells for _ in range(5)]
    many = reliability(rows, clusters=[n // 5 for n in range(len(rows))])
    once, again = trend(data, days), trend(many, [day for day in days for _ in range(5)])
    assert (once.units, again.units) == (120, 120)
    assert again.p == pytest.approx(once.p)


def test_nothing_to_tell_a_trend_from() -> None:
    data = imagined(100, alike=0.5, shares=(0.5, 0.5), coders=2, seed=5)
    day = date(2020, 1, 1)
    assert "too few" in trend(data.rows(np.arange(5)), [day] * 5).says
    assert "units have one day" in trend(data, [day] * 100).says
