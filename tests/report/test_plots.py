"""Curves and boxes as SVG: what they show is in the picture and in words."""

from __future__ import annotations

import re

from caselore.report.plots import Box, Point, box, line


def test_curves_are_named_at_their_ends_and_told_in_words() -> None:
    data = [Point(n, 2.0 * n, "By date") for n in (1, 2, 3)] + [
        Point(n, 3.0 * n, "Mean", 2.5 * n, 4.0 * n) for n in (1, 2, 3)
    ]
    svg = line("Codes seen", "by date 2, 4, 6", data, across="Reviews", up="Codes")
    assert svg.startswith("<svg")
    assert "<title>Codes seen</title><desc>by date 2, 4, 6</desc>" in svg
    assert all(words in svg for words in ("By date", "Mean", "Reviews", "Codes", "stroke-dasharray"))
    assert "var(--mark)" in svg


def test_boxes_stand_between_their_quartiles() -> None:
    svg = box("Ages", "one group", [Box("Infants", 9, 0, 2, 4, 6, 12), Box("Young people", 5, 130, 150, 170, 190, 200)])
    assert "n = 9" in svg
    assert "n = 5" in svg
    assert "Infants" in svg
    assert len(re.findall(r'aria-roledescription="bar"', svg)) == 2 or svg.count("<path") >= 4
