"""What models write instead of JSON, and what of it can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.proposers.llm.answers import Statement, dig, read_answer, usable

FIELDS = ("outcome", "agencies")
CODE = {"code": "police", "quote": "the police came", "passage": 3, "confidence": 0.7}
WHOLE = {
    "outcome": {"answer": "present", "quote": "", "codes": [{"code": "death", "quote": "the boy died", "passage": 1}]},
    "agencies": {"answer": "present", "quote": "", "codes": [CODE, {"code": "housing", "quote": "the housing team"}]},
}


def told(content: str, fields: tuple[str, ...] = FIELDS) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.field, each.code, each.quotes) for each in read_answer(content, fields).statements]


ALL = [
    ("outcome", "death", ("the boy died",)),
    ("agencies", "police", ("the police came",)),
    ("agencies", "housing", ("the housing team",)),
]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(WHOLE),
        json.dumps(WHOLE, indent=3),
        f"```json\n{json.dumps(WHOLE)}\n```",
        f"Here [as asked] is {{the}} answer:\n{json.dumps(WHOLE)}\nAnything else?",
        f'<think>{{"outcome": "other"}} no, rather</think>\n{json.dumps(WHOLE)}',
        json.dumps({"answer": WHOLE}),
        json.dumps({"result": {"codes_by_question": WHOLE}}),
        json.dumps([WHOLE]),
        json.dumps([{"field": f, **code} for f, one in WHOLE.items() for code in one["codes"]]),  # type: ignore[attr-defined]
        json.dumps({f: one["codes"] for f, one in WHOLE.items()}),
    ],
    ids=["bare", "indented", "fenced", "prose", "thought", "wrapped", "deep", "list", "flat", "lists"],
)
def test_shapes_that_models_write(content: str) -> None:
    assert told(content) == ALL
    assert usable(content, FIELDS)


@pytest.mark.parametrize(
    "content",
    ["", "I cannot help with that.", "{}", '{"weather": "fine"}', "[1, 2]", "null", '"death"', "{" * 5000, "[" * 9000],
)
def test_nonsense_is_not_usable(content: str) -> None:
    assert not usable(content, FIELDS)
    assert read_answer(content, FIELDS).statements == ()


def test_an_empty_answer_is_an_answer() -> None:
    content = json.dumps({"outcome": {"answer": "not_mentioned", "codes": []}, "agencies": []})
    assert usable(content, FIELDS)
    assert [each.answer for each in read_answer(content, FIELDS).statements] == ["not_mentioned"]


def test_a_broken_off_answer_keeps_what_is_whole() -> None:
    content = json.dumps(WHOLE)
    cut = content[: content.index('"housing"')]
    assert told(cut) == ALL[:2]
    assert told(f"```json\n{cut}") == ALL[:2]


@given(st.integers(0, len(json.dumps(WHOLE))))
def test_wherever_it_breaks_off_nothing_is_made_up(place: int) -> None:
    found = told(json.dumps(WHOLE)[:place])
    assert found == ALL[: len(found)]


def test_wrong_shapes_are_counted_and_the_rest_is_read() -> None:
    codes: list[Any] = [
        CODE,
        {"code": ["police"]},
        {"code": True},
        [["x"]],
        True,
        {"quote": "no code"},
        {"code": "a" * 999},
    ]
    codes += [{"code": "housing", "quote": 7}, {"code": "cps", "quote": [{"quote": {}}]}, None]
    found = read_answer(json.dumps({"agencies": {"codes": codes}}), FIELDS)
    assert [each.code for each in found.statements] == ["police"]
    assert found.malformed == 8


def test_what_does_not_matter_may_be_wrong() -> None:
    said = {"code": "police", "quote": "the police", "passage": "[12]", "confidence": "high", "agency": 3, "why": []}
    (found,) = read_answer(json.dumps({"agencies": [said]}), FIELDS).statements
    assert found == Statement("agencies", "police", ("the police",), passage=12, confidence=0.9, at=found.at)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (0.5, 0.5),
        ("0.5", 0.5),
        (85, 0.85),
        ("85%", 0.85),
        (-1, None),
        (1e9, None),
        ("nan", None),
        ([], None),
        (None, None),
    ],
)
def test_confidence_is_from_nought_to_one_or_unstated(said: Any, read: float | None) -> None:
    (found,) = read_answer(json.dumps({"agencies": [{**CODE, "confidence": said}]}), FIELDS).statements
    assert found.confidence == read


def test_a_field_that_nobody_asked_about_is_strange() -> None:
    content = json.dumps({**WHOLE, "credibility": {"answer": "present", "codes": [{"code": "low", "quote": "x"}]}})
    found = read_answer(content, FIELDS)
    assert found.strange == ("credibility",)
    assert len(found.statements) == 3


def test_numbers_become_their_digits() -> None:
    content = json.dumps({"children": {"codes": [{"code": 2, "quote": "two"}, {"code": 2015.0, "quote": "in 2015"}]}})
    assert [each.code for each in read_answer(content, ("children",)).statements] == ["2", "2015"]


def test_the_place_of_each_code_is_known() -> None:
    content = json.dumps(WHOLE)
    for each in read_answer(content, FIELDS).statements:
        assert content[each.at : each.at + len(each.code)] == each.code


def test_a_flood_of_statements_is_bounded() -> None:
    content = json.dumps({"agencies": {"codes": [CODE] * 50_000}})
    assert len(read_answer(content, FIELDS).statements) <= 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["outcome", "codes", "code", "quote", "field", "x"]), inner)
    ),
    max_leaves=30,
)


@given(JSON, st.text(max_size=30), st.text(max_size=30))
def test_no_json_whatever_is_too_much(value: Any, before: str, after: str) -> None:
    content = before + json.dumps(value) + after
    for each in read_answer(content, FIELDS).statements:
        assert each.field in FIELDS
    usable(content, FIELDS)


@given(st.text())
def test_no_text_whatever_is_too_much(content: str) -> None:
    dig(content, FIELDS)
    read_answer(content, FIELDS)
