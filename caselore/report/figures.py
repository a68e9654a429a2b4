"""Charts as SVG text: bars, a heat map, an overlap plot and a diagram of decision paths.

Plain labels and numbers come in; an SVG comes out that needs no browser and no network to draw, carries its title
and description for those who do not see it, and takes its colours from the page (light, dark, print).
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from caselore.report.diagram import FAINT, INK, MARK, draw

THEMED = {INK: "var(--ink)", MARK: "var(--mark)", FAINT: "var(--faint)"}
"""Stand-in colours in which charts are drawn, and the variables of the page's style sheet that they become."""

FONT = "system-ui, 'Segoe UI', Arial, sans-serif"
WIDTH = 270
STEP = 24
NARROWEST = 460
"""Pixels below which a chart is not shrunk but scrolls."""

LONGEST_LABEL = 300
"""Pixels; a longer label would squeeze the bars on a narrow page, and is cut with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; a `value` of None is a suppressed count, drawn as its sign and no bar."""

    label: str
    value: float | None
    shown: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One cell of a heat map; None is suppressed or not defined."""

    row: str
    column: str
    value: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many cases have exactly this combination of members."""

    members: tuple[str, ...]
    value: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """How often one decision directly follows another."""

    start: str
    end: str
    value: float | None
    shown: str


def bars(title: str, description: str, data: Sequence[Bar]) -> str:
    """Horizontal bars in the order given, each with its number at the end."""
    order = list(dict.fromkeys(bar.label for bar in data))
    rows = [{"label": bar.label, "value": bar.value or 0, "shown": bar.shown} for bar in data]
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("label:N", sort=order, title=None, axis=_labels()),
        x=alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domainMin=0)),
    )
    drawn = base.mark_bar(color=MARK, height=STEP - 8)
    numbers = base.mark_text(align="left", dx=5, color=INK).encode(text="shown:N")
    return _svg((drawn + numbers).properties(width=WIDTH, height=alt.Step(STEP)), title, description, order)


def heat(title: str, description: str, data: Sequence[Tile]) -> str:
    """A heat map with the number in every tile, so that colour is never the only carrier."""
    rows = [{"row": t.row, "column": t.column, "value": t.value, "shown": t.shown} for t in data]
    order = list(dict.fromkeys(tile.row for tile in data))
    across = list(dict.fromkeys(tile.column for tile in data))
    most = max((tile.value or 0 for tile in data), default=0) or 1
    base = alt.Chart(_data(rows)).encode(
        y=alt.Y("row:N", sort=order, title=None, axis=_labels()),
        x=alt.X("column:N", sort=across, title=None, axis=_labels(labelAngle=-40, orient="top", labelLimit=190)),
    )
    tiles = base.mark_rect(color=MARK, stroke=FAINT).encode(
        opacity=alt.Opacity("value:Q", scale=alt.Scale(domain=[0, most], range=[0.04, 0.85]), legend=None)
    )
    light = alt.value("#ffffff")
    numbers = base.mark_text(fontSize=11).encode(
        text="shown:N",
        color=alt.condition(alt.datum.value > most * 0.6, light, alt.value(INK)),
    )
    size = max(26, min(46, WIDTH // max(1, len(across))))
    return _svg((tiles + numbers).properties(width=alt.Step(size), height=alt.Step(26)), title, description, order)


def overlap(title: str, description: str, data: Sequence[Overlap]) -> str:
    """An overlap plot (UpSet): a bar for each exact combination over a grid of its members.

    After Lex et al. 2014, "UpSet: Visualization of Intersecting Sets". More than three sets stay legible in it.
    """
    sets = list(dict.fromkeys(member for each in data for member in each.members))
    names = [_combination(each.members) for each in data]
    x = alt.X("name:N", sort=names, title=None, axis=None)
    counts = [{"name": n, "value": each.value or 0, "shown": each.shown} for n, each in zip(names, data, strict=True)]
    top = alt.Chart(_data(counts)).encode(x=x, y=alt.Y("value:Q", axis=None))
    columns = top.mark_bar(color=MARK, width=22) + top.mark_text(dy=-8, color=INK).encode(text="shown:N")
    dots = [
        {"name": n, "set": one, "holds": one in each.members}
        for n, each in zip(names, data, strict=True)
        for one in sets
    ]
    grid = alt.Chart(_data(dots)).encode(x=x, y=alt.Y("set:N", sort=sets, title=None, axis=_labels()))
    marks = grid.mark_circle(size=150, opacity=1).encode(
        color=alt.condition(alt.datum.holds, alt.value(MARK), alt.value(FAINT))
    )
    width = alt.Step(44)
    both = alt.vconcat(
        columns.properties(width=width, height=120), marks.properties(width=width, height=alt.Step(26)), spacing=4
    )
    return _svg(both.resolve_scale(x="shared"), title, description, sets)


def _combination(members: tuple[str, ...]) -> str:
    return " + ".join(members) or "none of these"


def paths(title: str, description: str, arrows: Sequence[Arrow]) -> str:
    """Decision paths as a directly-follows diagram: steps in rows by their usual order, arrows as thick as common."""
    return themed(_told(draw(arrows), title, description))


def _data(rows: list[dict[str, Any]]) -> Any:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]  # altair's own


def _labels(**more: Any) -> alt.Axis:
    settings: dict[str, Any] = {
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelLimit": LONGEST_LABEL,
        "labelColor": INK,
    }
    return alt.Axis(**{**settings, **more})


def _svg(chart: Any, title: str, description: str, labels: Sequence[str]) -> str:
    # The reader's font may be wider than the one that labels were measured in: leave room for it.
    room = 6 + 2 * min(60, max(map(len, labels), default=0))
    spec = (
        chart.properties(padding={"left": room, "right": 70, "top": 8, "bottom": 6})
        .configure(font=FONT, background="transparent")
        .configure_view(strokeWidth=0)
        .configure_axis(labelFontSize=13, grid=False)
        .configure_text(fontSize=13)
    )
    return themed(_told(vl_convert.vegalite_to_svg(spec.to_json(validate=False)), title, description))


def _told(svg: str, title: str, description: str) -> str:
    """The SVG with its title and description as first children, named as an image, and free to shrink."""
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    if 'viewBox="' not in svg and size:
        svg = svg.replace("<svg ", f'<svg viewBox="0 0 {size[1]} {size[2]}" ', 1)
    told = f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>"
    svg = re.sub(r"(<svg\b[^>]*>)", rf"\1{told}".replace("\\1", r"\g<1>"), svg, count=1)
    least = min(NARROWEST, float(size[1]) if size else NARROWEST)
    return svg.replace("<svg ", f'<svg role="img" style="min-width:{least:.0f}px" ', 1)


def themed(svg: str) -> str:
    """Stand-in colours become variables of the page; ids and scripts there are none."""
    for colour, variable in THEMED.items():
        svg = svg.replace(f'"{colour}"', f'"{variable}"')
    return svg
