"""In: the numbering part of a Word file, and a list's id and level for each item. Out: the label Word prints."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "• "
DEEPEST = 9
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


class Numbers:
    """Counts the items of every list as Word does, so that "Recommendation 3" is read as printed."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        for abstract in root.iter(W + "abstractNum"):
            self._levels[abstract.get(W + "abstractNumId") or ""] = _levels(abstract)
        for number in root.iter(W + "num"):
            found = number.find(W + "abstractNumId")
            self._abstract[number.get(W + "numId") or ""] = (found.get(W + "val") or "") if found is not None else ""

    def label(self, number: str, level: int) -> str:
        """The label of the next item of that list at that level, with a space behind it."""
        abstract = self._abstract.get(number, "")
        levels = self._levels.get(abstract, {})
        if not 0 <= level < DEEPEST or level not in levels:
            return BULLET
        counts = self._counts[abstract]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        kind, pattern, _ = levels[level]
        if kind in ("bullet", "none"):
            return BULLET if kind == "bullet" else ""
        said = re.sub(r"%(\d)", lambda match: _print(levels, counts, int(match[1]) - 1), pattern)
        return f"{said} " if said else ""


def _levels(abstract: etree._Element) -> dict[int, tuple[str, str, int]]:
    out = {}
    for level in abstract.findall(W + "lvl"):
        said = {key: level.find(W + key) for key in ("numFmt", "lvlText", "start")}
        value = {key: (each.get(W + "val") or "") if each is not None else "" for key, each in said.items()}
        start = int(value["start"]) if value["start"].isdigit() else 1
        depth = level.get(W + "ilvl") or "0"
        out[int(depth) if depth.isdigit() else 0] = (value["numFmt"] or "decimal", value["lvlText"][:40], start)
    return out


def _print(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], level: int) -> str:
    kind, _, start = levels.get(level, ("decimal", "", 1))
    count = counts.get(level, start)
    if kind.endswith("Letter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count < 1000 else str(count)
        return letter.upper() if kind.startswith("upper") else letter
    if kind.endswith("Roman"):
        return _roman(count).upper() if kind.startswith("upper") else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    out = ""
    for value, sign in _ROMAN:
        times, count = divmod(count, value)
        out += sign * times
    return out
