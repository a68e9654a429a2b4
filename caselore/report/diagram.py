"""Draws which decision follows which as arcs beside a column of steps; SVG text with stand-in colours.

An arc diagram and not a free layout: every label stays readable and no arrow crosses one. Arcs on the right run
down the usual order, arcs on the left go back against it.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Protocol

INK, MARK, FAINT = "#20262d", "#2f6690", "#d9e2ea"
"""Stand-in colours; the page's style sheet has the real ones."""

ROW = 46
BOX_WIDTH, BOX_HEIGHT = 250, 28
REACH = 26
"""Pixels that an arc bulges for each row it spans."""
THICKEST = 9.0


class FollowedBy(Protocol):
    """One pair of decisions and how often the second directly follows the first; None is suppressed."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def shown(self) -> str: ...


def usual_order(arrows: Sequence[FollowedBy]) -> list[str]:
    """Steps in the order that the fewest arrows go against.

    Starts from the share of outgoing arrows and swaps neighbours while that turns more arrows down than up.
    """
    steps = list(dict.fromkeys([*(a.start for a in arrows), *(a.end for a in arrows)]))
    weight = {(a.start, a.end): a.value or 1 for a in arrows if a.start != a.end}
    out = {step: sum(n for (one, _), n in weight.items() if one == step) for step in steps}
    into = {step: sum(n for (_, two), n in weight.items() if two == step) for step in steps}
    steps.sort(key=lambda step: into[step] / ((out[step] + into[step]) or 1))
    swapped = True
    while swapped:
        swapped = False
        for place in range(len(steps) - 1):
            one, two = steps[place : place + 2]
            if weight.get((two, one), 0) > weight.get((one, two), 0):
                steps[place : place + 2] = [two, one]
                swapped = True
    return steps


def draw(arrows: Sequence[FollowedBy]) -> str:
    """The diagram as SVG; suppressed arrows are drawn thin and dashed with their sign."""
    order = usual_order(arrows)
    place = {step: number for number, step in enumerate(order)}
    down = max((place[a.end] - place[a.start] for a in arrows), default=0)
    back = max((place[a.start] - place[a.end] for a in arrows), default=0)
    left = 30 + (REACH * max(back, 1) if back > 0 else 0) + (30 if any(a.start == a.end for a in arrows) else 0)
    width, height = left + BOX_WIDTH + REACH * max(down, 1) + 60, ROW * len(order) + 10
    most = max((a.value or 0 for a in arrows), default=0) or 1
    parts = [_arc(arrow, place, left, most) for arrow in sorted(arrows, key=lambda a: a.value or 0)]
    parts += [_box(step, number, left) for step, number in place.items()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="system-ui, Arial, sans-serif" font-size="13">'
        f"{_head()}{''.join(parts)}</svg>"
    )


def _head() -> str:
    return (
        '<defs><marker id="arrow-head" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" '
        f'markerWidth="13" markerHeight="13" orient="auto"><path d="M0 0 10 5 0 10z" fill="{INK}"/></marker></defs>'
    )


def _box(step: str, number: int, left: float) -> str:
    y = number * ROW + 5
    return (
        f'<rect x="{left}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="5" fill="{FAINT}"/>'
        f'<text x="{left + BOX_WIDTH / 2}" y="{y + 19}" text-anchor="middle" fill="{INK}">{html.escape(step)}</text>'
    )


def _arc(arrow: FollowedBy, place: dict[str, int], left: float, most: float) -> str:
    one, two = place[arrow.start], place[arrow.end]
    span = two - one
    side = 1 if span > 0 else -1
    edge = left + (BOX_WIDTH if side > 0 else 0)
    bulge = edge + side * REACH * max(1.0, abs(span)) * 1.3
    y1, y2 = one * ROW + 5 + BOX_HEIGHT * 0.62, two * ROW + 5 + BOX_HEIGHT * 0.38
    if span == 0:
        y1, y2 = y1 + 4, y2 - 4
    thick = max(1.2, THICKEST * (arrow.value or 0) / most)
    dash = "" if arrow.value is not None else ' stroke-dasharray="3 3"'
    middle_x, middle_y = edge + (bulge - edge) * 0.75, (y1 + y2) / 2
    anchor = "start" if side > 0 else "end"
    return (
        f'<path d="M{edge:.0f} {y1:.1f}C{bulge:.0f} {y1:.1f} {bulge:.0f} {y2:.1f} {edge + side * 3:.0f} {y2:.1f}" '
        f'fill="none" stroke="{MARK}" stroke-opacity="0.65" stroke-width="{thick:.1f}"{dash} '
        f'marker-end="url(#arrow-head)"/>'
        f'<text x="{middle_x + side * 5:.0f}" y="{middle_y + 4:.0f}" text-anchor="{anchor}" fill="{INK}" '
        f'font-size="12">{html.escape(arrow.shown)}</text>'
    )
