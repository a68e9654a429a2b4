"""A search that is read through a mask: what the mask takes away is neither found nor counted, on both databases."""

from __future__ import annotations

import pytest
from passages_kept import TOLD, kept

from caselore.store.models import Case
from caselore.store.readable import MANY, having
from caselore.store.search import search


def without_dentists(case: Case, text: str) -> str:
    assert case.document.name
    return text.replace("dentist", "[work]")


@pytest.mark.parametrize(
    ("term", "held"),
    [
        ("neglect", [True, False]),
        ("dentists", [False, True]),
        ("the dentist", [False, True]),
        ("dentist the", [False, False]),
        ("neglecting", [True, False]),
    ],
)
def test_texts_are_matched_as_the_index_matches_passages(study, term: str, held: list[bool]) -> None:
    assert having(["They were neglected.", "Nobody went to the dentist, or any."], [term]) == held
    assert having([], [term]) == []


def test_what_is_read_is_what_is_found(owner, study) -> None:
    kept(owner, "Netherby", TOLD)
    assert search(owner, "dentist").total == 1
    assert search(owner, "neglect dentist").nearby == 1
    for words in ("dentist", "dentists", "neglect dentist", '"the dentist"'):
        hits = search(owner, words, readings=[without_dentists])
        assert (hits.total, hits.nearby, hits.cases, hits.among, hits.rows) == (0, 0, 0, frozenset(), ())
    assert search(owner, "neglect nobody", readings=[without_dentists]).nearby == 1
    assert search(owner, "dentist", readings=[without_dentists, lambda case, text: text]).total == 1


def test_among_many_places_untouched_words_are_not_asked_for_one_by_one(owner, study) -> None:
    kept(owner, "Netherby", [f"Nobody went to dentist {n}." for n in range(MANY + 1)])

    def total(**told) -> int:
        return search(owner, "dentist", readings=[without_dentists], **told).total

    assert total() == total(untouched=lambda: False) == 0
    assert total(untouched=lambda: True) == MANY + 1
    kept(owner, "Overby", ["A nurse went to the baker."] * MANY)
    assert search(owner, "nurse", readings=[lambda case, text: ""], untouched=lambda: True).total == 0


def test_many_places_of_neighbours_are_read_at_once(owner, study) -> None:
    kept(owner, "Netherby", ["A nurse called.", "A letter came.", "Nobody knew.", "It rained."] * 1200)
    hits = search(owner, '"nurse called" "letter came"', limit=1000)
    assert (hits.total, len(hits.rows), hits.more) == (1000, 1000, True)
