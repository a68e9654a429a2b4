"""Numbers in sentences: what each is, and its value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.audit.mentions import TENS, UNITS, number_of, tagged


def in_words(number: int) -> str:
    tens, units = {value: word for word, value in TENS.items()}, {value: word for word, value in UNITS.items()}
    if number < 20:
        return units[number]
    return tens[number // 10 * 10] + (f"-{units[number % 10]}" if number % 10 else "")


@given(st.integers(2, 99))
def test_number_words_have_their_value(number: int) -> None:
    (mention,) = tagged(f"{in_words(number).capitalize()} plans were read.").mentions
    assert (mention.kind, mention.value) == ("C", number)
    assert number_of(in_words(number)) == number


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Of 1,204 visits, 33.5% were late", "Of <C0> visits, <P1> were late"),
        ("twenty-nine per cent in 2009-10", "<P0> in <Y1>"),
        ("two-thirds (12 of 18) and one in five", "<F0> (<C1> of <C2>) and <F3>"),
        ("a boy aged 14 and a 15 year old in Table 3", "a boy <M0> and a <M1> in <X2>"),
        ("5-9 years, 3.2 per 1,000, section 2.4.1", "<R0>, <D1> per <C2>, <X3>"),
        ("12 Heading of a note", "<X0> Heading of a note"),
        ("12 of the notes", "<C0> of the notes"),
        ("half-sister and half of the boys", "half-sister and <F0> of the boys"),
        ("“only 12 of the 40 sessions were attended” (30%)", "“only <X0> of the <X1> sessions were attended” (<P2>)"),
    ],
)
def test_numbers_are_told_apart(text: str, tags: str) -> None:
    assert tagged(text).text == tags
