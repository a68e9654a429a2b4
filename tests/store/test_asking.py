"""One typed line is read as words and filters, and searching without words pages through evidence once each."""

from __future__ import annotations

from caselore.store.asking import asked, parts_of
from caselore.store.search import search

LINES = {
    "disguised compliance, under ones, 2017": ("disguised compliance", {"age_band": "under_1", "year": "2017"}),
    "babies": ("", {"age_band": "under_1"}),
    "a baby died": ("a baby died", {}),
    '"told, and told again", 2014-2016': ('"told, and told again"', {"year_from": "2014", "year_to": "2016"}),
    "SCR; 6 to 10 years old": ("", {"source_type": "SCR", "age_band": "6_to_10"}),
    "in 2017 the mother": ("in 2017 the mother", {}),
    ", ,": ("", {}),
}


def test_lines_are_read_as_people_mean_them(study) -> None:
    for line, (words, filters) in LINES.items():
        found = asked(line)
        assert (found.words, found.filters) == (words, filters), line
    assert asked("information sharing").themes == ("information_sharing",)
    assert parts_of('"a, b", c') == ['"a, b"', "c"]


def test_pages_of_evidence_hold_each_passage_once(owner, case) -> None:
    from caselore.store.models import Coding

    code = Coding.objects.filter(case=case, field="agencies", evidence__isnull=False).first().code
    filters = {"code": [f"agencies:{code}"]}
    every = [(row.case, row.passage) for row in search(owner, "", filters=filters, limit=100).rows]
    assert every
    assert len(set(every)) == len(every)
    assert search(owner, "", filters=filters).among == {case.pk}
    opening = search(owner, "").rows
    assert [(row.case, row.passage) for row in opening] == [(case.pk, 0)]
