"""Ages of people in every form that reviews use; what looks like an age and is none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.proposers.ages import BANDS, ages, number

STATED = [
    ("a 2-year-11-month-old girl", [35]),
    ("siblings aged 0-1, 5 and 3 years, who", [0, 60, 36]),
    ("a 20-day-old boy", [0.66]),
    ("a 2 1/2-year-old child", [30]),
    ("two-and-a-half-year-old", [30]),
    ("6½ months old", [6.5]),
    ("under 2 months old", [1.75]),
    ("a nine-year-old", [108]),
    ("forty-six-year-old", [552]),
    ("in her early teens", [156]),
    ("aged between three to nine years", [36]),
    ("aged between 11 months and 9 years", [11]),
    ("an 18 month-old-girl", [18]),
    ("aged 7 weeks", [1.61]),
    ("a 12-year-old girl and her 11-year-old sister", [144, 132]),
    ("2-, 4- and 6-year-old siblings", [24, 48, 72]),
    ("three brothers, aged 8, 6 and 20 months, in", [96, 72, 20]),
    ("six- and eight-week-old", [1.38, 1.84]),
    ("aged 13 years and 10 months, died", [166]),
    ("who was four years and two months old when", [50]),
    ("5 and a half weeks old", [1.26]),
    ("until aged 5-and-a-half-months.", [5.5]),
    ("two girls, 13 and 14, by the", [156, 168]),
    ("young person d (15) in", [180]),
    ("child 4 (18 months).", [18]),
    ("a boy of 10 and his sister of 12 were", [120, 144]),
    ("who were 16 and 17, were", [192, 204]),
    ("just before her third birthday", [35]),
    ("on his 1st birthday", [12]),
    ("at a year old", [12]),
    ("in his early 40s", [480]),
    ("twelve to thirteen year olds", [144]),
    ("15 yrs old", [180]),
]

NO_AGES = [
    "for 8 years",
    "18 months later",
    "a 3-week-old fracture",
    "she was 26 weeks pregnant",
    "at 28 weeks gestation",
    "there were 5 and",
    "fractures of different ages",
    "sentenced to 12 years in prison",
    "a teenage boy",
    "in 2014",
    "section 47 enquiries",
]


@pytest.mark.parametrize(("text", "months"), STATED)
def test_an_age_is_read_in_months(text: str, months: list[float]) -> None:
    assert [mention.months_low for mention in ages(text)] == pytest.approx(months, abs=0.01)


@pytest.mark.parametrize("text", NO_AGES)
def test_what_is_no_age_is_not_read_as_one(text: str) -> None:
    assert ages(text) == []


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("aged 0-1", [("under_1",)]),
        ("aged 16-17", [("16_to_17",)]),
        ("aged between three to nine years", [("1_to_5", "6_to_10")]),
        ("aged 17 years and 11 months", [("16_to_17",)]),
        ("aged 18", [("18_and_over",)]),
        ("a toddler", [("1_to_5",)]),
        ("a baby", [("under_1",)]),
    ],
)
def test_an_age_falls_into_the_bands_that_it_touches(text: str, bands: list[tuple[str, ...]]) -> None:
    assert [mention.bands for mention in ages(text)] == bands


def test_the_bands_cover_every_age_once() -> None:
    for (_, _, end), (_, start, _) in pairwise(BANDS):
        assert end == start


@given(
    st.integers(1, 110),
    st.sampled_from(["{}-year-old", "aged {}.", "aged {} years", "{} years of age", "{} year olds"]),
)
def test_every_whole_year_is_read_in_every_form(years: int, form: str) -> None:
    (mention,) = ages(form.format(years))
    assert mention.months_low == mention.months_high == 12 * years


@given(st.text(max_size=120))
def test_no_text_breaks_the_grammar_and_spans_stay_inside(text: str) -> None:
    for mention in ages(text.lower()):
        assert 0 <= mention.start < mention.end <= len(text.lower())
        assert mention.months_low <= mention.months_high + 1e-9 or mention.unit != "word"


def test_numbers_in_words_and_fractions() -> None:
    assert [number(words) for words in ("seven", "twenty-one", "2½", "3 1/2", "two and a half")] == [
        7,
        21,
        2.5,
        3.5,
        2.5,
    ]
