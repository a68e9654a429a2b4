"""In: the words of one table cell. Out: what it holds: a count, a percentage, a second figure in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:[,\u202f\xa0]\d{3})+|\d+)(?:\.\d+)?"
_MARKS = re.compile(r"</?[a-zA-Z]+[^>]*>|[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰^]+|\*\*")
_SPACES = re.compile(r"[\s\xa0]+")
_PERCENT_SIGN = r"\s?(?:%|per ?cent)"
_PATTERNS = (
    ("count percent", re.compile(rf"(?P<a>{NUMBER})\s*[\(\[]\s*(?P<b>{NUMBER}){_PERCENT_SIGN}\s*[\)\]]\.?$")),
    ("percent count", re.compile(rf"(?P<b>{NUMBER}){_PERCENT_SIGN}\s*[\(\[]\s*(?:n\s?=\s?)?(?P<a>{NUMBER})\s*[\)\]]$")),
    ("count second", re.compile(rf"(?P<a>{NUMBER})\s*[\(\[]\s*(?P<b>{NUMBER})\s*[\)\]]$")),
    ("count percent", re.compile(rf"(?P<a>{NUMBER})[,;/ ]\s*(?P<b>{NUMBER}){_PERCENT_SIGN}$")),
    ("percent", re.compile(rf"(?P<b>{NUMBER}){_PERCENT_SIGN}$")),
    ("count", re.compile(rf"(?P<a>{NUMBER})$")),
    ("count words", re.compile(rf"(?P<a>{NUMBER})\s+(?P<w>[A-Za-z]+(?: [a-z]+)?)$")),
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:\d\d|\d{4}))?$")
_BLANK = re.compile(r"[-–—.·xX]?$|n/?a$|nil$", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:[<≤>]\s?\d|\*+$|[cxsz:]$|[\[(](?:[cxsz:]|low)[\])]$|\.\.$|fewer than|less than|suppressed|under \d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with its offsets. `count` and `percent` as printed; `second` is a bracketed figure of unknown unit."""

    text: str
    start: int
    end: int
    count: float | None = None
    percent: float | None = None
    second: float | None = None
    decimals: int = 0
    """Decimals of the percentage or the second figure."""
    count_decimals: int = 0
    italic: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the cell holds a figure."""
        return self.count is not None or self.percent is not None

    @property
    def hidden(self) -> bool:
        """Whether the cell holds a figure that is not shown: "<5", "*", "c", "[c]"."""
        return not self.numeric and bool(_HIDDEN.match(self.text.strip()))

    @property
    def blank(self) -> bool:
        """Whether the cell holds nothing, or a dash for nothing."""
        return not self.numeric and bool(_BLANK.match(plain(self.text)))


def plain(text: str) -> str:
    """The words of a cell without tags, footnote marks and double spaces."""
    return _SPACES.sub(" ", _MARKS.sub("", text)).strip()


def is_period(text: str) -> bool:
    """Whether a cell only names a year or a period: a heading although it looks like a figure."""
    return bool(_YEAR.match(plain(text)))


def value(text: str) -> float:
    """The number in digits with or without thousands marks."""
    return float(re.sub(r"[,\u202f\xa0]", "", text))


def decimals(text: str) -> int:
    """How many decimals a printed number has."""
    return len(text.partition(".")[2])


def read_cell(text: str, start: int) -> Cell:
    """The cell as read; a cell that holds words and no figure has neither count nor percentage."""
    words = plain(text)
    italic = bool(re.match(r"\s*(?:<i>|\*[^*\s])", text))
    bare = Cell(text.strip(), start, start + len(text), italic=italic)
    for name, pattern in _PATTERNS:
        found = pattern.match(words)
        if found:
            return _filled(bare, name, found.groupdict())
    return bare


def _filled(bare: Cell, name: str, parts: dict[str, str]) -> Cell:
    first, second = parts.get("a"), parts.get("b")
    share = value(second) if second else None
    return Cell(
        bare.text,
        bare.start,
        bare.end,
        count=value(first) if first else None,
        percent=share if "percent" in name else None,
        second=share if name == "count second" else None,
        decimals=decimals(second or ""),
        count_decimals=decimals(first or ""),
        italic=bare.italic,
    )
