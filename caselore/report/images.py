"""Charts for paper: the page's colour variables become inks, and a chart becomes a picture where SVG cannot go."""

from __future__ import annotations

import re

import vl_convert

from caselore.report.figures import THEMED

POINTS_PER_PIXEL = 0.62
"""So that a chart's words are as large as the words of the tables beside it."""

SIZE = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')

SCALE = 2.5
"""Pixels of a picture to one of the chart: sharp on paper, about 60 kB a chart."""


def inked(svg: str) -> str:
    """The chart with fixed colours instead of those of a page's style sheet."""
    for ink, variable in THEMED.items():
        svg = svg.replace(variable, ink)
    return svg


def size(svg: str) -> tuple[float, float]:
    """Width and height of a chart, in pixels."""
    found = SIZE.search(svg)
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def png(svg: str) -> bytes:
    """The chart as a PNG picture on white."""
    return vl_convert.svg_to_png(inked(svg), scale=SCALE)
