"""A filter as a user writes it and a codebook come in; the condition that keeps the cases of a cohort goes out.

``source_type=scr and (year>=2012 or not outcome in (death, other))``. Names are columns of a case or fields of the
codebook; nothing of the text is ever executed or becomes SQL.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from caselore.errors import TableError
from caselore.tables import paths
from caselore.tables.table import STATES, Answers, Both, Column, Condition, Either, Not, Where
from caselore.tables.units import CASE_COLUMNS

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

NUMERIC = ("year", "incident_year", "incident_financial_year", "children", "n_cases", "recommendations", "steps")
"""Columns of a case that hold numbers."""

_CODES_OF = {
    "source_type": "source_type",
    "scale_band": "scale_band",
    **dict.fromkeys(paths.CASE_COLUMNS, "decision_type"),
}
_MOST = 2_000
_DEEPEST = 20
_TOKEN = re.compile(r"""\s*(?:(<=|>=|!=|=|<|>|\(|\)|,)|"([^"]*)"|'([^']*)'|([^\s<>=!(),"']+))""")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str
    """``sign``, ``word``, or ``quoted``: a quoted word is never and, or, not, in."""


def condition(text: str, book: Codebook) -> Condition:
    """The condition that a filter states; raises TableError, in one sentence, for what is no filter.

    Signs: = != < <= > >= and ``in (a, b)``; joined by and, or, not and brackets, and before or. Words of a codebook
    are found whatever their case; a value with a space or a sign in it stands in quotes.
    """
    if len(text) > _MOST:
        raise TableError(f"The filter has {len(text):,} characters; {_MOST:,} are the most.")
    reader = _Reader(text, _tokens(text), book)
    found = reader.either(0)
    if reader.left:
        raise reader.fault(f"does not go on after {reader.before!r}; join conditions by `and` or `or`")
    return found


def _tokens(text: str) -> list[_Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise TableError(f"Filter {text!r}: cannot be read from {text[at : at + 20]!r}; close the quotation mark.")
        sign, double, single, word = match.groups()
        quoted = double if double is not None else single
        found.append(_Token(sign or word or quoted or "", "sign" if sign else "word" if word else "quoted"))
        at = match.end()
    return found


class _Reader:
    """Reads a filter from left to right, one rule of the grammar a method."""

    def __init__(self, text: str, tokens: Sequence[_Token], book: Codebook) -> None:
        self.text, self.tokens, self.book, self.place = text, tokens, book, 0

    @property
    def left(self) -> bool:
        return self.place < len(self.tokens)

    @property
    def before(self) -> str:
        return self.tokens[self.place - 1].text if self.place else ""

    def fault(self, why: str) -> TableError:
        return TableError(f"Filter {self.text!r} {why}, such as `source_type=SCR and year>=2012`.")

    def next_is(self, word: str, kind: str = "word") -> bool:
        if self.left and self.tokens[self.place].kind == kind and self.tokens[self.place].text.lower() == word:
            self.place += 1
            return True
        return False

    def take(self, what: str) -> _Token:
        if not self.left:
            raise self.fault(f"ends where {what} should stand")
        self.place += 1
        return self.tokens[self.place - 1]

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.next_is("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.next_is("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def single(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise self.fault(f"has brackets within more than {_DEEPEST} brackets")
        if self.next_is("not"):
            return Not(self.single(depth + 1))
        if self.next_is("(", "sign"):
            inside = self.either(depth + 1)
            if not self.next_is(")", "sign"):
                raise self.fault("has a bracket that is not closed")
            return inside
        return self.comparison()

    def comparison(self) -> Condition:
        name = self.take("a name")
        if name.kind != "word":
            raise self.fault(f"has {name.text!r} where the name of a column or a field should stand")
        axis = self.axis(name.text)
        if self.next_is("in"):
            return self.among(axis)
        sign = self.take("a sign such as = or >=").text
        if sign not in _SIGNS:
            raise self.fault(f"has {sign!r} after {name.text!r} where one of {' '.join(_SIGNS)} should stand")
        value = self.take("a value")
        if value.kind == "sign":
            raise self.fault(f"has {value.text!r} where a value should stand")
        if self.numeric(axis):
            return _compared(axis, sign, self.number(axis, value.text))
        if sign not in ("=", "!="):
            raise self.fault(f"compares {name.text!r} by {sign}, and it is no number; use = or !=")
        kept = Where(axis, (self.value(axis, value.text),))
        return kept if sign == "=" else Not(kept)

    def among(self, axis: Answers | Column) -> Condition:
        if not self.next_is("(", "sign"):
            raise self.fault("needs values in brackets after `in`: outcome in (death, serious_harm)")
        values = [self.take("a value")]
        while self.next_is(",", "sign"):
            values.append(self.take("a value"))
        if not self.next_is(")", "sign") or any(value.kind == "sign" for value in values):
            raise self.fault("has a list that is not closed: outcome in (death, serious_harm)")
        if self.numeric(axis):
            return Either(tuple(_compared(axis, "=", self.number(axis, one.text)) for one in values))
        return Where(axis, tuple(self.value(axis, one.text) for one in values))

    def axis(self, name: str) -> Answers | Column:
        """A column of a case, else a field; a field that is also a column is that column."""
        columns = (*CASE_COLUMNS, *paths.CASE_COLUMNS)
        if name.lower() in columns:
            return Column(name.lower(), codes_of=_CODES_OF.get(name.lower(), ""))
        if name.lower() in self.book.fields:
            return Answers(name.lower())
        near = get_close_matches(name.lower(), [*columns, *self.book.fields], n=3)
        meant = f"did you mean {' or '.join(near)}?" if near else f"columns are {', '.join(columns)}"
        raise TableError(f"Filter {self.text!r}: there is no column and no field {name!r}; {meant}")

    def numeric(self, axis: Answers | Column) -> bool:
        return axis.name in NUMERIC if isinstance(axis, Column) else self.book.fields[axis.field].kind == "number"

    def number(self, axis: Answers | Column, text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise self.fault(f"compares a number with {text!r}; write digits")
        return found

    def value(self, axis: Answers | Column, text: str) -> str:
        """A code or a state, as it is written in the codebook; of a column without codes the text itself."""
        field = self.book.fields.get(axis.codes_of if isinstance(axis, Column) else axis.field)
        if field is None or not field.codes or ">" in text:
            return text
        known = {one.lower(): one for one in (*field.codes, *STATES)}
        if text.lower() in known:
            return known[text.lower()]
        near = get_close_matches(text.lower(), list(known), n=3)
        meant = f"did you mean {' or '.join(known[one] for one in near)}?" if near else _listed(list(field.codes))
        raise TableError(f"Filter {self.text!r}: {field.id!r} has no code {text!r}; {meant}")


_SIGNS = ("=", "!=", "<", "<=", ">", ">=")


def _listed(codes: list[str]) -> str:
    return f"its codes are {', '.join(codes[:12])}{' and more' if len(codes) > 12 else ''}."


def _compared(axis: Answers | Column, sign: str, value: float) -> Condition:
    """A comparison as half-open bounds; the next number after a bound takes it in or leaves it out."""
    after = math.nextafter(value, math.inf)
    bounds = {
        "=": Where(axis, at_least=value, below=after),
        "<": Where(axis, below=value),
        "<=": Where(axis, below=after),
        ">": Where(axis, at_least=after),
        ">=": Where(axis, at_least=value),
    }
    return Not(bounds["="]) if sign == "!=" else bounds[sign]
