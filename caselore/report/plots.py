"""Charts of numbers as SVG text: curves over a number, and boxes of groups. Plain numbers come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from caselore.report.diagram import FAINT, INK, MARK
from caselore.report.figures import STEP, WIDTH, _data, _labels, _svg


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve; `low` and `high` bound the band around it, where there is one."""

    at: float
    value: float
    curve: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The five numbers of one group, and its size."""

    label: str
    n: int
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float


def line(title: str, description: str, data: Sequence[Point], *, across: str, up: str) -> str:
    """Curves over a number: the first drawn through, the others dashed, each named at its end."""
    names = list(dict.fromkeys(point.curve for point in data))
    rows = [{"at": p.at, "value": p.value, "curve": p.curve, "low": p.low, "high": p.high} for p in data]
    x = alt.X("at:Q", title=across, axis=_numbers())
    y = alt.Y("value:Q", title=up, axis=_numbers(), scale=alt.Scale(domainMin=0))
    dashes = alt.StrokeDash("curve:N", sort=names, legend=None, scale=alt.Scale(domain=names, range=[[1, 0], [5, 4]]))
    base = alt.Chart(_data(rows))
    band = base.transform_filter("isValid(datum.low)").mark_area(color=FAINT, opacity=0.6)
    curves = base.mark_line(color=MARK, strokeWidth=2).encode(x=x, y=y, strokeDash=dashes)
    ends = [max((p for p in data if p.curve == name), key=lambda p: p.at) for name in names]
    told = [{"at": end.at, "value": end.value, "curve": end.curve, "dy": n} for n, end in enumerate(ends)]
    layers = [band.encode(x=x, y=alt.Y("low:Q"), y2="high:Q"), curves]
    for place, one in enumerate(told):
        text = alt.Chart(_data([one])).mark_text(align="right", dx=-2, dy=16 + 16 * place, color=INK)
        layers.append(text.encode(x=x, y=y, text=alt.value(("—— " if place == 0 else "- - ") + str(one["curve"]))))
    return _svg(alt.layer(*layers).properties(width=WIDTH + 150, height=230), title, description, ["0000"])


def box(title: str, description: str, data: Sequence[Box]) -> str:
    """A box for each group: whiskers from lowest to highest, the box between the quartiles, a stroke at the median."""
    order = [one.label for one in data]
    rows = [
        {
            "label": one.label,
            "lowest": one.lowest,
            "lower": one.lower,
            "median": one.median,
            "upper": one.upper,
            "highest": one.highest,
            "n": f"n = {one.n:,}",
        }
        for one in data
    ]
    base = alt.Chart(_data(rows)).encode(y=alt.Y("label:N", sort=order, title=None, axis=_labels()))
    x = alt.X("lowest:Q", title=None, axis=_numbers(), scale=alt.Scale(zero=True))
    drawn = (
        base.mark_rule(color=INK).encode(x=x, x2="highest:Q")
        + base.mark_bar(color=MARK, height=STEP - 10, opacity=0.75).encode(x="lower:Q", x2="upper:Q")
        + base.mark_tick(color=INK, thickness=3, size=STEP - 6).encode(x="median:Q")
        + base.mark_text(align="left", dx=6, color=INK).encode(x="highest:Q", text="n:N")
    )
    return _svg(drawn.properties(width=WIDTH + 60, height=alt.Step(STEP + 4)), title, description, order)


def _numbers() -> alt.Axis:
    settings: dict[str, Any] = {
        "labelColor": INK,
        "titleColor": INK,
        "domainColor": FAINT,
        "tickColor": FAINT,
        "format": ",d",
    }
    return alt.Axis(**settings, tickCount=6, labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
