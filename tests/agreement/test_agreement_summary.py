"""Answers of several coders come in, agreement by field, code and group goes out. All cases and words are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from caselore.agreement.answers import Answer, Reading, groups
from caselore.agreement.disagreements import disagreements
from caselore.agreement.intervals import Method
from caselore.agreement.reliability import Coefficient
from caselore.agreement.summary import FieldAgreement, Summary, mean_of_codes, summary
from caselore.codebook.codebook import Codebook, load
from caselore.records import Evidence

QUICK = Method(resamples=200)
CASES = [f"case-{n:02}" for n in range(12)]
MACHINE = "rules@9.9"


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load()


def words(start: int, end: int) -> tuple[Evidence, ...]:
    return (Evidence("0" * 64, "0" * 64, "plain@1", start, end, "made up"),)


def readings(*coders: str, fields: frozenset[str] | None = None) -> list[Reading]:
    return [
        Reading(coder, case, "@" in coder, date(2024, 1, 1 + n), "0" * 64, 0, 100, fields)
        for n, case in enumerate(CASES)
        for coder in coders
    ]


def answers() -> list[Answer]:
    """Two people and a machine: outcome, themes with words, a rating in an order, a number, steps."""
    made: list[Answer] = []
    for n, case in enumerate(CASES):
        for coder in ("Ann", "Ben", MACHINE):
            odd = (coder == "Ben" and n % 4 == 0) or (coder == MACHINE and n % 2 == 0)
            made.append(Answer(case, "outcome", coder, "death" if (n % 3 == 0) != odd else "serious_harm"))
            if n % 2 or odd:
                made.append(Answer(case, "learning_themes", coder, "neglect", evidence=words(10 + n, 30 + n)))
            made.append(Answer(case, "learning_themes", coder, "voice_of_the_child", evidence=words(40, 60 + 5 * odd)))
            made.append(Answer(case, "contents_page", coder, ("yes", "in_part", "no")[(n + odd) % 3]))
            made.append(Answer(case, "children", coder, str(1 + n % 2 + odd)))
            taken = ["referral_made", "strategy_discussion"][:: -1 if odd else 1]
            made += [Answer(case, "decision_type", coder, step, agency="police") for step in taken]
    return made


def test_machines_are_no_readers(book: Codebook) -> None:
    three = [each for each in readings("Ann", "Ben", MACHINE) if each.coder != "Ben" or each.case in CASES[:3]]
    told = summary(answers(), book, readings=three, method=QUICK)
    assert (told.by_people, told.beside_machines) == (3, 12)
    assert told.read == "3 cases read by two people or more; 12 cases by a person and a machine."
    alone = summary(answers(), book, readings=readings("Ann", MACHINE), method=QUICK)
    assert (alone.by_people, alone.beside_machines) == (0, 12)


@pytest.fixture(scope="module")
def found(book: Codebook) -> Summary:
    return summary(answers(), book, readings=readings("Ann", "Ben", MACHINE), method=QUICK)


def row(found: Summary, field: str, group: str = "human-human") -> FieldAgreement:
    return next(each for each in found.fields if each.field == field and each.group.startswith(group))


def value(row: FieldAgreement, name: str) -> float:
    got = row.coefficient(name)
    assert isinstance(got, Coefficient)
    assert got.value is not None, got.notes
    return got.value


def test_people_and_machines_are_told_apart(found: Summary) -> None:
    assert [group.name for group in found.groups] == ["human-human", f"human-machine ({MACHINE})"]
    assert row(found, "outcome").coders == ("Ann", "Ben")
    assert value(row(found, "outcome"), "percent agreement") == pytest.approx(9 / 12)
    with_machine = row(found, "outcome", "human-machine")
    assert with_machine.coders == ("Ann", "Ben", MACHINE)
    agreed = sum((n % 2 == 1) + ((n % 4 == 0) == (n % 2 == 0)) for n in range(12))
    assert value(with_machine, "percent agreement") == pytest.approx(agreed / 24)
    assert with_machine.coefficients[0].units == 24


def test_each_kind_of_field_has_its_coefficients(found: Summary) -> None:
    names = {f: {each.name for each in row(found, f).coefficients} for f in ("outcome", "contents_page", "children")}
    assert {"Cohen's kappa", "Scott's pi", "Fleiss' kappa", "alpha, nominal", "AC1", "Brennan-Prediger"} <= names[
        "outcome"
    ]
    assert {"alpha, ordinal", "Cohen's kappa, quadratic", "AC2, ordinal"} <= names["contents_page"]
    assert names["children"] == {"percent agreement", "alpha, interval", "alpha, ratio"}
    assert value(row(found, "decision_type"), "order of common steps (tau)") == pytest.approx((9 - 3) / 12)


def test_codes_and_sets_and_words_of_a_field_of_several(found: Summary) -> None:
    themes = row(found, "learning_themes")
    codes = {each.code: each for each in themes.codes}
    assert set(codes) == {"neglect", "voice_of_the_child"}
    assert codes["neglect"].given == 6 + 9
    specific = codes["neglect"].coefficients[0]
    assert specific.value == pytest.approx(2 * 6 / (6 + 9))
    voice = {each.name: each for each in codes["voice_of_the_child"].coefficients}
    assert voice["alpha, nominal"].value is None
    assert "Every value is 'yes'" in voice["alpha, nominal"].notes[0]
    assert value(themes, "alpha of sets, MASI") < 1
    spans = {each.name: each.value for each in themes.spans}
    assert spans["overlap F1, 10 characters"] == 1
    assert spans["u-alpha"] is not None
    assert 0.9 < spans["u-alpha"] < 1
    assert mean_of_codes(themes, "percent agreement") == pytest.approx((9 / 12 + 1) / 2)


def test_silence_is_an_answer_only_where_the_reading_says_so(book: Codebook) -> None:
    said = [Answer("a", "outcome", "Ann", "death"), Answer("b", "outcome", "Ann", "other")]
    said.append(Answer("b", "outcome", "Ben", "other"))
    every = [Reading(coder, case) for coder, case in product(("Ann", "Ben"), "ab")]
    whole = summary(said, book, readings=every, method=QUICK)
    assert row(whole, "outcome").cases == 2
    assert value(row(whole, "outcome"), "percent agreement") == 0.5  # silence is the default, "other"
    unasked = [replace(each, fields=frozenset()) for each in every]
    assert row(summary(said, book, readings=unasked, method=QUICK), "outcome").cases == 1


def test_unclear_leaves_codes_open_and_absent_denies_them(book: Codebook) -> None:
    said = [Answer(case, "learning_themes", "Ann", "neglect") for case in "abc"]
    said += [
        Answer("a", "learning_themes", "Ben", answer="unclear"),
        Answer("b", "learning_themes", "Ben", answer="absent"),
    ]
    said += [Answer("c", "learning_themes", "Ben", "neglect")]
    themes = row(summary(said, book, method=QUICK), "learning_themes")
    assert themes.cases == 2
    assert value(themes, "percent agreement") == 0.5


def test_every_disagreement_is_listed_once_the_gravest_first(found: Summary) -> None:
    listed = found.disagreements
    assert sum(each.field == "outcome" and each.people for each in listed) == 3
    assert [each.people for each in listed] == sorted((each.people for each in listed), reverse=True)
    people = [each.weight for each in listed if each.people]
    assert people == sorted(people, reverse=True)
    theme = next(each for each in listed if each.code == "neglect" and each.people)
    said = {each.coder: (each.value, each.machine, len(each.evidence)) for each in theme.said}
    assert said["Ann"] == ("no", False, 0)
    assert said["Ben"] == ("yes", False, 1)
    assert said[MACHINE][1]


def test_near_answers_weigh_less(book: Codebook) -> None:
    said = [
        Answer("a", "contents_page", "Ann", "yes"), Answer("a", "contents_page", "Ben", "no"),
        Answer("b", "contents_page", "Ann", "yes"), Answer("b", "contents_page", "Ben", "in_part"),
        Answer("c", "contents_page", "Ann", answer="absent"),
        Answer("c", "contents_page", "Ben", answer="not_mentioned"),
    ]  # fmt: skip
    listed = disagreements(said, [Reading(coder, case) for coder in ("Ann", "Ben") for case in "abc"], book)
    weights = {each.case: each.weight for each in listed}
    assert weights == {"a": 1, "b": 0.5, "c": 0.25}
    assert next(iter(weights)) == "a"
    assert all(each.said[0].coder == "Ann" for each in listed)


def test_answer_states_stand_in_no_order(book: Codebook) -> None:
    said = [
        Answer(case, "contents_page", coder, "yes" if case < "c" else "no")
        for case in "abcd"
        for coder in ("Ann", "Ben")
    ]
    said += [Answer("e", "contents_page", "Ann", answer="unclear"), Answer("e", "contents_page", "Ben", "yes")]
    field = row(summary(said, book, method=QUICK), "contents_page")
    assert value(field, "alpha, ordinal") == value(field, "Cohen's kappa, quadratic") == 1
    assert value(field, "alpha, nominal") < 1


def test_one_coder_strangers_and_nobody(book: Codebook) -> None:
    alone = summary([Answer("a", "outcome", "Ann", "death")], book)
    assert alone.notes == ("There is one coder only; agreement needs a second.",)
    apart = summary([Answer("a", "outcome", "Ann", "death"), Answer("b", "outcome", "Ben", "death")], book)
    assert "no case in common" in apart.notes[0]
    assert summary([], book).notes == ("Nobody has coded anything.",)
    assert not alone.fields
    assert not apart.fields


def test_machines_among_themselves_only_without_people() -> None:
    two = [Reading(coder, "a", True) for coder in ("rules@1", "layer@1")]
    assert [each.name for each in groups(two)] == ["machine-machine"]
    assert [each.name for each in groups([*two, Reading("Ann", "a")])] == [
        "human-machine (layer@1)",
        "human-machine (rules@1)",
    ]


def test_the_same_seed_tells_the_same(book: Codebook, found: Summary) -> None:
    assert summary(answers(), book, readings=readings("Ann", "Ben", MACHINE), method=QUICK).fields == found.fields
