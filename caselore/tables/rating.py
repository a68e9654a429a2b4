"""Risk rating forms come in as CSV; ratings, totals and means by group go out, with what they do not say.

The instrument is the codebook's field `risk_rating`: thirteen categories, each high, medium, low or none (3, 2, 1, 0),
the plan current, previous or no (3, 2, 0); totals run from 0 to 39. It is that of the Cafcass study
of 2014, appendix A.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from caselore.errors import TableError
from caselore.tables.inference import Inference
from caselore.tables.ranks import bootstrap, kruskal_wallis, mann_whitney

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook, CodeDefinition

FIELD = "risk_rating"
TOTALS = ("risk_rating", "total")
"""Names that the column of printed totals can have."""

IDENTITY = ("case", "case_id", "id")
SILENT = ("", "not mentioned", "not_mentioned")

CAVEAT = (
    "A risk rating sums up what was recorded before an incident. It does not predict: cases with very low and with "
    "very high totals alike ended in death or serious harm, and it has not been tested on cases without such an end. "
    "Never use a total to rank children, to set a threshold or to blame a worker."
)


@dataclass(frozen=True, slots=True)
class Form:
    """One case: the level of each category that was rated, what groups it is in, and its total.

    A category that the papers are silent on is not in `levels`; it adds nothing, and is another answer than none.
    `printed` says that only the total is known, and no level.
    """

    case: str
    groups: Mapping[str, str]
    levels: Mapping[str, str] = field(default_factory=dict)
    total: int = 0
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean total of a group: exact, and with a bootstrap interval where there are at least five cases."""

    group: str
    n: int
    total: int
    low: float | None = None
    high: float | None = None

    @property
    def exact(self) -> Fraction:
        """The mean as a fraction."""
        return Fraction(self.total, self.n)


def rated(levels: Mapping[str, str], book: Codebook) -> int:
    """The total of a form's levels; raises TableError for a category or a level that the instrument does not have."""
    return sum(_points(category, level, book) for category, level in levels.items())


def _points(category: str, level: str, book: Codebook) -> int:
    codes = _instrument(book)
    if category not in codes:
        raise TableError(f"The risk rating has no category {category!r}; it has {', '.join(codes)}.")
    known = codes[category].levels
    if level not in known:
        raise TableError(f"{category!r} is rated {', '.join(known)}, not {level!r}.")
    return known[level].value


def _instrument(book: Codebook) -> Mapping[str, CodeDefinition]:
    if FIELD not in book.fields:
        raise TableError(f"The codebook has no field {FIELD!r}; load the book of the risk rating.")
    return book.fields[FIELD].codes


def read_forms(path: Path | str, book: Codebook) -> tuple[Form, ...]:
    """Read forms: one row a case, a column for each category or one for the printed total, any others are groups.

    Levels can be written as ids or labels, in any case; an empty cell is silence. Raises TableError, naming the row,
    for a level that is none, for a printed total that its levels do not add up to, and for a case given twice.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, heads = list(reader), [(head or "").strip() for head in reader.fieldnames or ()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise TableError(f"{path} cannot be read as CSV in UTF-8 ({why}); name a risk rating form.") from None
    rates = [head for head in heads if head in _instrument(book)]
    total = next((head for head in heads if head in TOTALS), "")
    case = next((head for head in heads if head in IDENTITY), "")
    if not case or not (rates or total) or not rows:
        raise TableError(
            f"{path}: a form needs a column `case`, rows, and columns of the rating ({', '.join(_instrument(book))}), "
            f"or one column {' or '.join(TOTALS)} for the total."
        )
    found: dict[str, Form] = {}
    for number, row in enumerate(rows, 2):
        where = f"{path}, line {number}"
        values = {str(head).strip(): (value or "").strip() for head, value in row.items() if isinstance(value, str)}
        form = _form(values, case, rates, total, book, where)
        if form.case in found or not form.case:
            raise TableError(f"{where}: case {form.case!r} is empty or given twice.")
        found[form.case] = form
    return tuple(found.values())


def _form(row: Mapping[str, str], case: str, rates: Sequence[str], total: str, book: Codebook, where: str) -> Form:
    groups = {head: value for head, value in row.items() if head not in (case, total, *rates)}
    levels = {
        one: _level(one, row.get(one, ""), book, where) for one in rates if row.get(one, "").lower() not in SILENT
    }
    printed = row.get(total, "") if total else ""
    if not rates or (printed and not levels):
        if not printed.isdigit() or not 0 <= int(printed) <= _most(book):
            raise TableError(f"{where}: {printed!r} is no total; totals run from 0 to {_most(book)}.")
        return Form(row.get(case, ""), groups, {}, int(printed), printed=True)
    reached = rated(levels, book)
    if printed and printed != str(reached):
        raise TableError(f"{where}: the levels add to {reached}, and the total given is {printed}.")
    return Form(row.get(case, ""), groups, levels, reached)


def _level(category: str, text: str, book: Codebook, where: str) -> str:
    known = _instrument(book)[category].levels
    names = {name.lower(): one.id for one in known.values() for name in (one.id, one.label)}
    if text.lower() not in names:
        raise TableError(f"{where}: {category!r} is rated {', '.join(known)}, not {text!r}.")
    return names[text.lower()]


def _most(book: Codebook) -> int:
    return sum(max(level.value for level in code.levels.values()) for code in _instrument(book).values())


def means(forms: Sequence[Form], by: str, *, joined: Mapping[str, Sequence[str]] | None = None) -> tuple[Mean, ...]:
    """The mean total of each group of a column, of groups `joined` under a name, and of all, in that order.

    Groups come by name. Raises TableError where the forms have no such column.
    """
    groups = grouped(forms, by)
    for name, parts in (joined or {}).items():
        groups[name] = [one for part in parts for one in groups.get(part, ())]
    groups["All"] = list(forms)
    return tuple(_mean(name, [one.total for one in held]) for name, held in groups.items() if held)


def grouped(forms: Sequence[Form], by: str) -> dict[str, list[Form]]:
    """The forms by the value of a column; raises TableError where they have no such column."""
    if not forms or any(by not in one.groups for one in forms):
        known = ", ".join(forms[0].groups) if forms else "none"
        raise TableError(f"The forms have no column {by!r} to group by; they have {known}.")
    return {
        name: [one for one in forms if one.groups[by] == name] for name in sorted({one.groups[by] for one in forms})
    }


def _mean(name: str, totals: Sequence[int]) -> Mean:
    low, high = bootstrap(totals) if len(totals) >= 5 else (None, None)
    return Mean(name, len(totals), sum(totals), low, high)


def kinds(forms: Sequence[Form], by: str) -> dict[str, tuple[str, ...]]:
    """Groups whose names begin alike, ``Private law - ...``, under what they share, where there are several."""
    found: dict[str, list[str]] = {}
    for name in grouped(forms, by):
        head, dash, _ = name.partition(" - ")
        if dash:
            found.setdefault(head, []).append(name)
    return {f"{head} (all)": tuple(names) for head, names in found.items() if len(names) > 1}


def compared(forms: Sequence[Form], by: str) -> Inference:
    """Whether totals differ between the groups of a column: Mann and Whitney for two, Kruskal and Wallis for more."""
    groups = {name: [float(one.total) for one in held] for name, held in grouped(forms, by).items()}
    about = f"Risk rating by {by.replace('_', ' ')}"
    if len(groups) == 2:
        (one, first), (other, second) = groups.items()
        return mann_whitney(first, second, names=(one, other), about=about)
    return kruskal_wallis(groups, about=about)


def samples_compared(first: Sequence[Form], second: Sequence[Form], *, names: tuple[str, str]) -> Inference:
    """Whether the totals of one sample tend to be higher than those of another."""
    totals = [[float(one.total) for one in forms] for forms in (first, second)]
    return mann_whitney(totals[0], totals[1], names=names, about="Risk rating of two samples")
