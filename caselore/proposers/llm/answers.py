"""In: what a model wrote. Out: its statements, one a code, with the quotation given for it; nothing is believed yet.

Models wrap JSON in prose and fences, think aloud before it, break off in the middle, and shape it otherwise than asked.
Whatever can be read without guessing at the content is read; the rest is counted as malformed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from caselore.proposers.llm.settings import settings
from caselore.records import ANSWER_STATES

MOST_BEGINNINGS = 40
"""Places of a text at which JSON is tried: in a wall of brackets it is not to be found."""

MOST_QUOTES = 6
MOST_BROKEN = 4
MOST_OPEN = 12
MOST_DEPTH = 4

MOST_LETTERS = 200_000
MOST_STATEMENTS = 400
"""What is looked at of one answer; the longest answer that was asked for is far below."""

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_BEGINNING = re.compile(r"[{\[]")
_Raw = tuple[str, dict[str, Any] | None]

_KEYS = frozenset({"code", "value", "decision_type", "id", "answer"})
_EMPTY: tuple[Any, ...] = ([], {"codes": []}, {"answers": []})
_CLOSERS = {"{": "}", "[": "]"}


class _Said(BaseModel):
    """One statement as a model may write it."""

    model_config = ConfigDict(extra="ignore")

    code: str = Field("", validation_alias=AliasChoices("code", "value", "decision_type", "id"), max_length=200)
    quotes: tuple[str, ...] = Field((), validation_alias=AliasChoices("quote", "quotes", "quotation", "evidence"))
    answer: str = "present"
    passage: int | None = None
    confidence: float | None = None
    agency: str | None = None

    @field_validator("code", mode="before")
    @classmethod
    def _code(cls, value: Any) -> Any:
        if value is None:
            return ""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return f"{value:g}" if number and math.isfinite(value) and abs(value) < 1e6 else value

    @field_validator("quotes", mode="before")
    @classmethod
    def _quotes(cls, value: Any) -> Any:
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        return tuple(each.get("quote", each) if isinstance(each, dict) else each for each in listed[:MOST_QUOTES])

    @field_validator("answer", mode="before")
    @classmethod
    def _answer(cls, value: Any) -> Any:
        said = str(value).strip().lower().replace(" ", "_")
        return said if said in ANSWER_STATES else "present"

    @field_validator("passage", mode="before")
    @classmethod
    def _passage(cls, value: Any) -> Any:
        """A hint only: what is no number is no hint."""
        found = re.search(r"\d{1,7}", str(value)[:50])
        return int(found.group()) if found else None

    @field_validator("confidence", mode="before")
    @classmethod
    def _confidence(cls, value: Any) -> Any:
        """From 0 to 1; per cent and a few words are understood, anything else is unstated."""
        words = settings()["confidence"]["words"]
        try:
            number = float(words.get(str(value).strip().lower(), str(value).rstrip("% ")))
        except ValueError:
            return None
        number = number / 100 if 1 < number <= 100 else number
        return number if 0 <= number <= 1 else None

    @field_validator("agency", mode="before")
    @classmethod
    def _agency(cls, value: Any) -> Any:
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Statement:
    """One code that a model gives, or one answer state of a whole field; `at` is the place of the code in its words."""

    field: str
    code: str
    quotes: tuple[str, ...] = ()
    answer: str = "present"
    passage: int | None = None
    confidence: float | None = None
    agency: str | None = None
    at: int = -1


@dataclass(frozen=True, slots=True)
class Answer:
    """The statements of one answer, how many things in it had a wrong shape, and fields that nobody asked about."""

    statements: tuple[Statement, ...] = ()
    malformed: int = 0
    strange: tuple[str, ...] = ()


def usable(content: str, fields: tuple[str, ...]) -> bool:
    """Whether there is an answer to at least one of the fields, be it an empty one."""
    found = dig(content, fields)
    return found in _EMPTY or (found is not None and _knows(found, fields))


def read_answer(content: str, fields: tuple[str, ...]) -> Answer:
    """Every statement of an answer to a question on these fields, in the order of the model."""
    statements: list[Statement] = []
    malformed = 0
    strange: list[str] = []
    for name, raw in islice(_entries(dig(content, fields), fields, MOST_DEPTH), MOST_STATEMENTS):
        if raw is None:
            malformed += 1
        elif name not in fields:
            strange.append(name[:80])
        elif (statement := _statement(name, raw)) is None:
            malformed += 1
        elif statement.code or statement.answer != "present":
            statements.append(statement)
    return Answer(tuple(_placed(statements, content)), malformed, tuple(strange))


def _statement(field: str, raw: dict[str, Any]) -> Statement | None:
    try:
        said = _Said.model_validate(raw)
    except ValidationError:
        return None
    answer = "present" if said.code else said.answer
    return Statement(field, said.code.strip(), said.quotes, answer, said.passage, said.confidence, said.agency)


def _placed(statements: list[Statement], content: str) -> Iterator[Statement]:
    """The statements with the place of each code in the content, for its log probabilities."""
    at = 0
    for statement in statements:
        place = content.find(f'"{statement.code}"', at) + 1 if statement.code else 0
        if place:
            at = place
        yield replace(statement, at=place if place else -1)


def dig(content: str, fields: tuple[str, ...]) -> Any:
    """The JSON in a model's words that speaks of the fields, or else the first; None if there is none."""
    first = None
    for value in _values(_THOUGHT.sub("", content)[:MOST_LETTERS]):
        if _knows(value, fields):
            return value
        first = value if first is None else first
    return first


def _values(words: str) -> Iterator[Any]:
    """Every JSON object or list that stands in the words, not those inside another; of a broken one what is whole."""
    decoder, at, broken = json.JSONDecoder(), 0, 0
    for beginning in islice(_BEGINNING.finditer(words), MOST_BEGINNINGS):
        if beginning.start() < at:
            continue
        try:
            value, at = decoder.raw_decode(words, beginning.start())
            yield value
        except RecursionError:  # a wall of brackets
            return
        except ValueError:
            broken += 1
            if broken <= MOST_BROKEN and (salvaged := _salvaged(words[beginning.start() :])) is not None:
                yield salvaged


def _salvaged(words: str) -> Any:
    """What is whole of JSON that breaks off: everything up to the last closed bracket, with the others closed."""
    whole = ""
    open_: list[str] = []
    for place, sign in _brackets(words):
        if sign in _CLOSERS:
            open_.append(_CLOSERS[sign])
        elif not open_ or open_.pop() != sign:
            break
        elif len(open_) <= MOST_OPEN:
            whole = f"{place}:{''.join(reversed(open_))}"
    place_, _, closers = whole.partition(":")
    try:
        return json.loads(words[: int(place_) + 1] + closers) if whole else None
    except (ValueError, RecursionError):
        return None


def _brackets(words: str) -> Iterator[tuple[int, str]]:
    """The brackets of JSON and their places, those inside strings left out."""
    quoted = escaped = False
    for place, sign in enumerate(words):
        if quoted:
            quoted = escaped or sign != '"'
            escaped = not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in "{}[]":
            yield place, sign


def _knows(value: Any, fields: tuple[str, ...]) -> bool:
    return any(name in fields for name, _ in _entries(value, fields, MOST_DEPTH))


def _entries(value: Any, fields: tuple[str, ...], depth: int) -> Iterator[_Raw]:
    """Field and raw statement of everything in an answer, whatever its outer shape; None: of a wrong shape."""
    if isinstance(value, list) and depth:
        for each in value:
            yield from _entries(each, fields, depth - 1)
    elif isinstance(value, dict) and isinstance(value.get("field"), str):
        yield from _of_field(value["field"], value)
    elif isinstance(value, dict) and "code" in value and len(fields) == 1:
        yield from _of_field(fields[0], value)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _named(name, each, fields, depth)


def _named(name: str, value: Any, fields: tuple[str, ...], depth: int) -> Iterator[_Raw]:
    """What stands under a name: a field that was asked about, one that was not, or a wrapping."""
    if name in fields:
        yield from _of_field(name, value)
    elif isinstance(value, dict) and "codes" in value:
        yield name, value
    elif isinstance(value, dict | list) and depth:
        yield from _entries(value, fields, depth - 1)


def _of_field(field: str, value: Any) -> Iterator[_Raw]:
    """The raw statements on one field: a list of codes, one code, or the answer state of the whole field."""
    if isinstance(value, dict) and "codes" in value:
        said = value["codes"] if isinstance(value["codes"], list) else [value["codes"]]
        yield field, {} if any(said) else {"answer": value.get("answer"), "quote": value.get("quote")}
    else:
        said = value if isinstance(value, list) else [value]
        yield field, {}
    yield from ((field, _raw(each)) for each in said)


def _raw(value: Any) -> dict[str, Any] | None:
    """One raw statement: an object, or a bare code; an empty one says nothing."""
    if isinstance(value, dict):
        return value if _KEYS.intersection(value) or not value else None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return {"code": value}
    return {} if value is None else None
