"""Words in neighbouring sentences are found after those in one, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from passages_kept import TOLD, kept

from caselore.store import search as searching
from caselore.store.actions import coding, passes
from caselore.store.models import Case, Document, Passage
from caselore.store.nearby import REACH
from caselore.store.search import facets, search
from caselore.store.terms import COMMON, terms_of


def shown(hits) -> list[tuple[str, int, int]]:
    return [(hit.title, hit.passage, len(hit.neighbours)) for hit in hits.rows]


def test_two_words_in_neighbouring_sentences(owner, study) -> None:
    kept(owner, "Netherby", TOLD)
    hits = search(owner, "neglect dentist")
    assert (hits.total, hits.nearby, hits.cases) == (1, 1, 1)
    assert shown(hits) == [("Netherby 1", 0, 1)]
    (hit,) = hits.rows
    assert ("neglected", True) in hit.parts
    assert ("dentist", True) in hit.neighbours[0]
    assert "".join(part for part, _ in hit.neighbours[0]) == TOLD[1]
    assert Document.objects.get().text[hit.start : hit.end] == "\n".join(TOLD[:2])
    assert search(owner, "dentist letter").nearby == 1  # three sentences
    assert search(owner, "neglect letter").total == 0  # four
    assert search(owner, '"took them" neglect').nearby == 1
    assert search(owner, '"them took" neglect').total == 0
    assert search(owner, '"neglected for years"').total == search(owner, '"neglect for year"').total == 1
    assert search(owner, '"neglected of years"').total == search(owner, '"the neglected"').total == 0
    assert search(owner, "neglect unheard").total == 0
    assert search(owner, "neglect").nearby == 0


def test_one_sentence_comes_before_two_and_two_before_three(owner, study) -> None:
    kept(owner, "Wick", ["A nurse called.", "The line was dead.", "A letter came.", "The end."])
    kept(owner, "Overby", ["A nurse called.", "A letter came."])
    kept(owner, "Thornley", ["A nurse read a letter.", "A letter came."])
    hits = search(owner, "nurse letter")
    assert shown(hits) == [("Thornley 1", 0, 0), ("Overby 1", 0, 1), ("Wick 1", 0, 2)]
    assert (hits.total, hits.nearby) == (3, 2)
    assert shown(search(owner, "nurse letter", limit=1, offset=1)) == [("Overby 1", 0, 1)]
    assert dict(facets(owner, among=hits.among)["year"]) == {"2017": 3}


def test_any_number_of_words_may_stand_in_neighbouring_sentences(owner, study) -> None:
    kept(owner, "Netherby", TOLD)
    kept(owner, "Overby", TOLD[1:])
    words = "children neglected years nobody took dentist school saw nothing"
    assert shown(search(owner, words)) == [("Netherby 1", 0, 2)]
    assert search(owner, f"{words} letter").total == 0
    assert search(owner, f"{words} helicopter").total == 0


def test_what_comes_in_later_is_found_too(owner, study) -> None:
    kept(owner, "Netherby", TOLD)
    assert search(owner, "neglect dentist").nearby == 1
    kept(owner, "Overby", TOLD)
    assert shown(search(owner, "neglect dentist")) == [("Netherby 1", 0, 1), ("Overby 1", 0, 1)]


def test_a_place_stays_in_its_case_and_is_told_once(owner, study) -> None:
    kept(owner, "Netherby", ["A nurse called."], ["A letter came.", "It was late."])
    kept(owner, "Overby", ["A nurse called."])
    kept(owner, "Wick", ["A letter came.", "It was late.", "A nurse called.", "A letter came."])
    assert shown(search(owner, "nurse letter")) == [("Wick 1", 2, 1)]


def test_filters_and_codes_narrow_as_before(owner, study) -> None:
    (first,) = kept(owner, "Netherby", TOLD, year=2017)
    kept(owner, "Overby", TOLD, year=2019)
    assert search(owner, "neglect dentist").nearby == 2
    assert shown(search(owner, "neglect dentist", filters={"year": 2019})) == [("Overby 1", 0, 1)]
    assert search(owner, "neglect dentist", filters={"year": 1999}).total == 0
    reading = passes.open_pass(owner, first)
    coding.add(owner, reading, "agencies", "police", evidence=[(0, 20)])
    hits = search(owner, "neglect dentist", filters={"code": "agencies:police"})
    assert shown(hits) == [("Netherby 1", 0, 1)]


def test_who_reads_what_is_released_finds_no_neighbours_in_the_rest(owner, person, study) -> None:
    (first,) = kept(owner, "Netherby", TOLD)
    kept(owner, "Overby", TOLD)
    trainer = person("tess", "trainer")
    assert search(trainer, "neglect dentist").total == 0
    Case.objects.filter(pk=first.pk).update(released="a release")
    assert shown(search(trainer, "neglect dentist")) == [("Netherby 1", 0, 1)]


def test_many_cases_are_sorted_out_afterwards(owner, study, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(owner, "Netherby", TOLD, year=2017)
    kept(owner, "Overby", TOLD, year=2019)
    monkeypatch.setattr(searching, "NEAR", 0)
    assert shown(search(owner, "neglect dentist", filters={"year": 2019})) == [("Overby 1", 0, 1)]


def test_where_a_page_is_full_neighbours_are_not_looked_for(owner, study) -> None:
    kept(owner, "Netherby", ["A nurse read a letter."] * searching.FEW + ["A nurse called.", "A letter came."])
    hits = search(owner, "nurse letter")
    assert (hits.total, hits.nearby) == (searching.FEW, 0)


def test_words_that_every_text_is_full_of_are_not_asked_for(owner, study) -> None:
    kept(owner, "Netherby", TOLD)
    assert terms_of('the neglect of "the dentist" a') == ["neglect", "the dentist"]
    assert terms_of("The The") == ["The"]
    assert search(owner, "the neglect of children").total == 1
    assert search(owner, "what of the neglect and the dentist").nearby == 1
    assert {"the", "of", "no"} <= COMMON


def test_numbers_with_gaps_between_them(owner, study) -> None:
    """Passages may have been kept in another order than they stand in."""
    kept(owner, "Netherby", TOLD)
    rows = list(Passage.objects.order_by("number"))
    Passage.objects.all().delete()
    for row in (rows[1], rows[3], rows[0], rows[4], rows[2]):
        row.pk = None
        row.save(force_insert=True)
    assert shown(search(owner, "neglect dentist")) == [("Netherby 1", 0, 1)]
    assert search(owner, "neglect letter").total == 0


def test_both_databases_find_what_reading_finds(owner, study) -> None:
    """Against plain reading of every text, on sentences drawn by chance."""
    chance, words = random.Random(11), ["nurse", "letter", "dog", "house", "brother"]
    for name in range(8):
        lines = [" ".join(chance.choices([*words, *["quiet"] * 40], k=4)) + "." for _ in range(12)]
        kept(owner, f"Made {name}", lines[:5], lines[5:])
    for wanted in (["nurse", "letter"], ["dog", "house", "brother"], ["nurse", "dog"]):
        hits = search(owner, " ".join(wanted), limit=500)
        assert len(shown(hits)) == len(set(shown(hits))) == hits.total
        assert {(h.case, h.passage) for h in hits.rows if not h.neighbours} == set(read(wanted, 1))
        near = {(h.case, h.passage, len(h.neighbours) + 1) for h in hits.rows if h.neighbours}
        whole = {(case, at, count) for count in range(2, REACH + 1) for case, at in read(wanted, count)}
        assert near <= whole
        covered = {(case, at + n) for case, at, count in near for n in range(count)}
        assert all(any((case, at + n) in covered for n in range(count)) for case, at, count in whole)
        assert all(one <= other for one, other in pairwise(len(h.neighbours) for h in hits.rows))


def read(wanted: list[str], count: int) -> list[tuple[str, int]]:
    """Where so many passages have all the words, and no fewer of them do."""
    found = []
    for case in Case.objects.all():
        rows = list(Passage.objects.filter(document=case.document_id, start__gte=case.start, start__lt=case.end))
        for at in range(len(rows) - count + 1):
            there = [row.text.lower() for row in rows[at : at + count]]
            ends = [there[1:], there[:-1]] if count > 1 else []
            if has(wanted, there) and not any(has(wanted, each) for each in ends):
                found.append((case.pk, rows[at].number))
    return found


def has(wanted: list[str], lines: list[str]) -> bool:
    return all(any(word in line for line in lines) for word in wanted)
