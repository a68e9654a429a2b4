"""The classifier from end to end, on fictional cases and a codebook of its own: what it learns, quotes and refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from caselore.codebook.codebook import Codebook, load
from caselore.documents.sections import sections
from caselore.errors import ClassifierError
from caselore.proposers.casetext import CaseText
from caselore.proposers.classifier import model as file
from caselore.proposers.classifier.cases import Pass, TrainingCase, from_gold, from_proposals
from caselore.proposers.classifier.model import Model
from caselore.proposers.classifier.proposing import ID, Classifier, with_classifier
from caselore.proposers.classifier.training import train
from caselore.proposers.evidence import verify_all
from caselore.records import Case, Code, Document, Proposal

BOOK = """\
book: our_panel
version: "2.1.0"
title: A panel's own
about: For tests.
fields:
  setting:
    label: Setting
    kind: multi
    question: Where did it happen?
    codes:
      water: {label: water, definition: A lake or a canal or the sea., source: own}
      road: {label: road, definition: A road or a lane with traffic., source: own}
  season:
    label: Season
    kind: choice
    default: not_said
    question: When did it happen?
    codes:
      winter: {label: winter, definition: In frost or snow., source: own}
      summer: {label: summer, definition: In heat., source: own}
      not_said: {label: not said, definition: Nothing says so., source: own}
"""
WATER = ["They were found by the canal lock.", "He had swum in the lake before.", "The boat drifted out to sea."]
ROAD = ["A lorry came round the bend of the lane.", "She crossed at the traffic lights.", "The car left the road."]
WINTER, SUMMER = "There was snow and a hard frost.", "It was a hot day in the heat of July."
FILLER = [
    "The panel met twice.",
    "Records were kept in order.",
    "The family were told of the review.",
    "Staff were seen.",
]


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    path = tmp_path_factory.mktemp("book") / "ours.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load(path)


def fiction(n: int) -> tuple[str, dict[str, str], str]:
    """A text, its settings with their quotations, and its season."""
    generator = np.random.default_rng(n)
    said = {}
    if generator.random() < 0.4:
        said["water"] = str(generator.choice(WATER))
    if generator.random() < 0.4:
        said["road"] = str(generator.choice(ROAD))
    season = str(generator.choice(["winter", "summer", "not_said"]))
    lines = [*generator.choice(FILLER, 3), *said.values(), {"winter": WINTER, "summer": SUMMER}.get(season, "")]
    generator.shuffle(lines)
    return " ".join(filter(None, lines)), said, season


def case(n: int) -> TrainingCase:
    text, said, season = fiction(n)
    return from_gold(f"case-{n}", f"Case {n}", text, single={"season": season}, multiple={"setting": said})


@pytest.fixture(scope="module")
def cases() -> list[TrainingCase]:
    return [case(n) for n in range(60)]


@pytest.fixture(scope="module")
def model(cases: list[TrainingCase], codebook: Codebook) -> Model:
    return train(cases, codebook, (), passes=[Pass("ann", 60)])


class Hinting:
    """A proposer that gets the share `right` of settings right, and is quiet or wrong on the rest."""

    id = "rules@1.0"

    def __init__(self, cases: Sequence[TrainingCase], right: float) -> None:
        self.right = right
        self.truth = {one.text.case.title: one.answers["setting"] for one in cases}

    def propose(self, text: CaseText) -> Proposal:
        generator = np.random.default_rng(sum(text.text.encode()))
        codes = []
        for name in ("water", "road"):
            there = name in self.truth.get(text.case.title, ())
            if there == (generator.random() < self.right):
                codes.append(Code("setting", name, 0.8, self.id, (text.evidence(0, 12),)))
        return Proposal(text.case, tuple(codes))


def test_it_learns_a_field_that_has_no_cues(model: Model) -> None:
    figures = model.figures["setting"]
    assert figures.rules.f1 == 0
    assert figures.stacked.f1 > 0.85
    assert model.figures["season"].stacked.f1 > 0.85
    assert figures.stacked.low <= figures.stacked.f1 <= figures.stacked.high


def test_what_it_alone_supports_has_evidence_of_the_right_passage_and_says_who_coded(
    model: Model, codebook: Codebook
) -> None:
    classifier = Classifier(model, (), codebook)
    good = total = 0
    for n in range(100, 140):
        fresh = case(n)
        proposal = classifier.propose(fresh.text)
        verify_all(proposal, fresh.text.document)
        for code in proposal.codes:
            assert code.coder == ID
            assert code.evidence
            if code.field == "setting" and code.code in fresh.answers["setting"]:
                ((start, end),) = fresh.answers["setting"][code.code]
                total += 1
                good += start <= code.evidence[0].start < end
    assert total > 15
    assert good / total > 0.9


def test_a_code_without_a_passage_that_speaks_for_it_is_not_proposed(model: Model, codebook: Codebook) -> None:
    text = "Zzyzx qwop."
    nothing = from_gold("none", "None", text, single={}, multiple={}).text
    assert not [code for code in Classifier(model, (), codebook).propose(nothing).codes if code.field == "setting"]


def test_good_rules_are_left_alone(cases: list[TrainingCase], codebook: Codebook) -> None:
    rules = Hinting(cases, right=1.0)
    made = train(cases[:38], codebook, (rules,), passes=[Pass("ann", 38)])
    assert made.figures["setting"].rules.f1 == 1.0
    assert made.figures["setting"].stacked.f1 == 1.0
    assert made.fields["setting"].stack.is_rules
    one = cases[0].text
    before = rules.propose(one).codes
    after = [code for code in Classifier(made, (rules,), codebook).propose(one).codes if code.field == "setting"]
    assert [(code.code, code.confidence, code.coder) for code in after] == [
        (code.code, code.confidence, code.coder) for code in before
    ]


def test_poor_rules_are_helped_and_keep_their_evidence(cases: list[TrainingCase], codebook: Codebook) -> None:
    rules = Hinting(cases, right=0.7)
    made = train(cases, codebook, (rules,), passes=[Pass("ann", 60)])
    figures = made.figures["setting"]
    assert figures.stacked.f1 > figures.rules.f1 + 0.05
    assert figures.brier_stacked < figures.brier_rules
    both = [
        code
        for each in cases
        for code in Classifier(made, (rules,), codebook).propose(each.text).codes
        if code.coder == f"rules@1.0+{ID}"
    ]
    assert both
    assert all(code.evidence[0].start == 0 for code in both)


def test_coverage_is_near_what_is_promised(model: Model) -> None:
    for figures in model.figures.values():
        assert figures.covered >= 0.85


def test_the_classifier_takes_the_place_of_what_it_is_stacked_on(cases: list[TrainingCase], codebook: Codebook) -> None:
    rules, other = Hinting(cases, 0.7), replace_id(Hinting(cases, 0.7), "layer@1.0")
    made = train(cases, codebook, (rules,), passes=[])
    assert [each.id for each in with_classifier((rules, other), made, codebook)] == [ID, "layer@1.0"]
    with pytest.raises(ClassifierError, match=r"rules@1\.0"):
        with_classifier((other,), made, codebook)


def replace_id(proposer: Hinting, name: str) -> Hinting:
    proposer.id = name
    return proposer


def test_too_few_cases_are_refused(cases: list[TrainingCase], codebook: Codebook) -> None:
    with pytest.raises(ClassifierError, match="too few"):
        train(cases[:9], codebook, (), passes=[])
    rare = [replace(one, answers={"setting": {}}) for one in cases]
    with pytest.raises(ClassifierError, match="No code"):
        train(rare, codebook, (), passes=[])


def test_a_file_says_the_same_as_the_model(model: Model, codebook: Codebook, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    digest = file.save(model, path)
    again = file.load(path, codebook)
    assert file.save(again, tmp_path / "again.npz") == digest
    about = file.manifest(path)
    assert about["passes"] == [{"coder": "ann", "cases": 60}]
    assert about["books"] == {"our_panel": "2.1.0"}
    one = case(200).text
    first, second = (Classifier(each, (), codebook).propose(one).codes for each in (model, again))
    assert [(code.field, code.code) for code in first] == [(code.field, code.code) for code in second]
    assert [code.confidence for code in first] == pytest.approx([code.confidence for code in second], abs=0.01)


def test_a_file_holds_no_word_of_a_review(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    file.save(model, path)
    with np.load(path) as arrays:
        whole = b"".join(arrays[name].tobytes() for name in arrays.files)
    assert not any(word in whole for word in (b"canal", b"lorry", b"snow", b"family"))


def test_a_file_of_another_codebook_is_refused(
    model: Model, codebook: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.npz"
    file.save(model, path)
    later = replace(codebook, versions={**codebook.versions, "our_panel": "2.9.0"})
    assert file.load(path, later).books == {"our_panel": "2.1.0"}
    next_one = replace(codebook, versions={**codebook.versions, "our_panel": "3.0.0"})
    with pytest.raises(ClassifierError, match=r"our_panel 2\.1\.0, and here is 3\.0\.0"):
        file.load(path, next_one)


@pytest.mark.parametrize("damage", ["cut", "changed", "text", "pickle", "missing"])
def test_a_damaged_file_is_refused_in_one_sentence(
    model: Model, codebook: Codebook, tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "model.npz"
    file.save(model, path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif damage == "changed":
        with np.load(path) as arrays:
            held = {name: arrays[name] for name in arrays.files}
        held["whole.level"] = held["whole.level"] + 1
        np.savez(path, **held)
    elif damage == "text":
        path.write_text("nothing of the kind", encoding="utf-8")
    elif damage == "pickle":
        np.savez(path, manifest=np.array([{"form": 1}], dtype=object))
    else:
        path.unlink()
    with pytest.raises(ClassifierError, match="train"):
        file.load(path, codebook)


def test_validated_proposals_teach_too(codebook: Codebook) -> None:
    text, said, _ = next(found for found in map(fiction, range(100)) if found[1])
    document = Document("a.txt", "text/plain", "0" * 64, text, "plain@1", sections=sections(text))
    whole = Case("A", "a.txt", document.sha256, 0, len(text))
    quote = next(iter(said.values()))
    start = text.index(quote)
    evidence = CaseText(document, whole).evidence(start, start + len(quote))
    code = Code("setting", "water", 0.6, "ann", (evidence,), status="validated")
    proposed = Code("setting", "road", 0.6, "rules@1.0", (evidence,))
    none = Code("season", "", 1.0, "ann", status="validated", answer="not_mentioned")
    proposal = Proposal(whole, (code, proposed, none))
    (made,) = from_proposals([proposal], {document.sha256: document})
    assert made.answers == {"setting": {"water": ((evidence.start, evidence.end),)}, "season": {}}
    assert not list(from_proposals([Proposal(whole, (proposed,))], {}))
    with pytest.raises(ClassifierError, match="--documents"):
        list(from_proposals([proposal], {}))
    other = replace(document, text=text.upper())
    with pytest.raises(ClassifierError, match="reads otherwise"):
        list(from_proposals([proposal], {document.sha256: other}))


def test_the_development_gold_does_not_get_worse(shared: Path) -> None:
    """38 real summaries: too few to better rules, and the stack knows it."""
    from caselore.agreement.gold import read_gold
    from caselore.proposers.proposer import proposers

    codebook = load()
    gold = read_gold(shared / "gold" / "dev.jsonl")
    learned = [from_gold(one.id, one.title, one.text, single=one.single, multiple=one.multiple) for one in gold]
    made = train(learned, codebook, proposers(("facts", "rules"), codebook), passes=[Pass("gold", len(gold))])
    for figures in made.figures.values():
        assert figures.stacked.f1 >= figures.rules.f1 - 0.005, figures
