"""Questions that every act asks: Django puts one into SQL once, and it is asked again and again with other values.

To put a question into SQL takes Django some forty times as long as SQLite takes to answer it. The question stays
written as a queryset, so that its meaning stands in one language only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, connections, models

Value = str | int | Sequence[str] | Sequence[tuple[int, int]]
Row = TypeVar("Row", bound=models.Model)

FIRST_NUMBER = 1_900_000_000
"""Numbers from here stand for values in a question that is put into SQL; a column of 32 bits holds them."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL; its parameters, each with the place of the value that it takes or None; and what is done to columns."""

    sql: str
    parameters: tuple[tuple[int | None, Any], ...]
    converters: tuple[tuple[int, Any, tuple[Callable[..., Any], ...]], ...]


class Prepared:
    """A question: `asked` takes values by keyword and gives a queryset of `values_list`.

    A value is a string, a number, or a list of strings or of pairs of numbers. A list is filled up by its last value to
    the next power of two, so that few statements are kept; with an empty one there is no answer.
    """

    def __init__(self, asked: Callable[..., Any]) -> None:
        self._asked = asked
        self._known: dict[tuple[Any, ...], _Statement] = {}

    def __call__(self, **values: Value) -> list[tuple[Any, ...]]:
        """The rows, as they stand now."""
        filled = {name: _filled(value) for name, value in values.items()}
        if [] in filled.values():
            return []
        # With the names: the same question asked with its values in another order is another statement.
        shape = (connection.vendor, *((name, len(v) if isinstance(v, list) else 0) for name, v in filled.items()))
        statement = self._known.get(shape)
        if statement is None:
            statement = self._known[shape] = self._put(filled)
        flat = list(_leaves(list(filled.values())))
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, [told if at is None else flat[at] for at, told in statement.parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return _converted(rows, statement.converters) if statement.converters else rows

    def _put(self, values: dict[str, Any]) -> _Statement:
        """The question in SQL, asked with a mark in the place of each value."""
        marks: dict[Any, int] = {}
        marked = {name: _marked(value, marks) for name, value in values.items()}
        compiler = self._asked(**marked).query.get_compiler(connection=connections["default"])
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([each[0] for each in compiler.select])
        return _Statement(
            sql,
            tuple((marks.get(each), each) for each in parameters),
            tuple((at, column, tuple(every)) for at, (every, column) in converters.items()),
        )


class PreparedRows(Generic[Row]):
    """The same for whole rows of a model: `asked` gives a plain queryset; the row that `related` names comes along."""

    def __init__(self, model: type[Row], asked: Callable[..., Any], *, related: str = "") -> None:
        self._model, self._related = model, related
        self._other: Any = model._meta.get_field(related).related_model if related else model
        self._names = _columns(model)
        self._others = _columns(self._other) if related else []
        columns = [*self._names, *(f"{related}__{name}" for name in self._others)]
        self._question = Prepared(lambda **values: asked(**values).values_list(*columns))

    def __call__(self, **values: Value) -> list[Row]:
        """The rows, as they stand now."""
        return [self._row(each) for each in self._question(**values)]

    def _row(self, columns: tuple[Any, ...]) -> Row:
        own = len(self._names)
        row = self._model.from_db("default", self._names, columns[:own])
        if self._related:
            setattr(row, self._related, self._other.from_db("default", self._others, columns[own:]))
        return row


def _columns(model: type[models.Model]) -> list[str]:
    return [each.attname for each in model._meta.concrete_fields]


def _filled(value: Value) -> Any:
    if isinstance(value, (str, int)):
        return value
    every = list(value)
    return every + every[-1:] * ((1 << (len(every) - 1).bit_length()) - len(every)) if every else []


def _leaves(value: Any) -> Iterator[str | int]:
    """The strings and numbers of a value, in their order."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _marked(value: Any, marks: dict[Any, int]) -> Any:
    """The value with a mark in the place of each string and number; `marks` gains the place of each in their order."""
    if isinstance(value, (list, tuple)):
        return type(value)(_marked(each, marks) for each in value)
    mark = FIRST_NUMBER + len(marks) if isinstance(value, int) else f"mark {len(marks)}"
    marks[mark] = len(marks)
    return mark


def _converted(rows: list[tuple[Any, ...]], converters: Sequence[tuple[int, Any, Any]]) -> list[tuple[Any, ...]]:
    made = []
    for row in rows:
        columns = list(row)
        for at, column, every in converters:
            for convert in every:
                columns[at] = convert(columns[at], column, connection)
        made.append(tuple(columns))
    return made
