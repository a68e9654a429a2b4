"""Books load, merge and carry every id of the vocabulary; a user's own book adds and overrides without code."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest
import yaml

from caselore.codebook.books import BOOKS, SHIPPED, read_book
from caselore.codebook.codebook import CUED_SECTIONS, Codebook, breaches, load
from caselore.codebook.cues import anchors, regex
from caselore.errors import CodebookError

IDS = Path(__file__).with_name("ids.txt")

OWN = """
book: our_panel
version: "0.1.0"
title: Our panel's additions
fields:
  agencies:
    codes:
      police:
        cues: [{cue: rural crime unit, weight: 0.9}]
        drop_cues: [police]
      drone_team:
        label: drone team
        definition: The police's drone team took part in a search.
        source: our panel
        cues: ["<drone> team"]
  county:
    label: County
    kind: choice
    question: In which county did the family live?
    default: elsewhere
    codes:
      north: {label: north, definition: In the north., source: our panel}
      elsewhere: {label: elsewhere, definition: Anywhere else., source: our panel}
lists:
  drone: [drone, quadcopter]
"""


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    return path


def test_every_shipped_book_keeps_every_rule() -> None:
    raws = [read_book(BOOKS / f"{name}.yaml") for name in SHIPPED]
    assert [str(breach) for breach in breaches(raws, shipped_too=True)] == []


def test_every_cue_has_an_expression_and_an_anchor(codebook: Codebook) -> None:
    for field in codebook.fields.values():
        for code in field.codes.values():
            for pattern in (*(cue.pattern for cue in code.cues), *code.not_cues):
                assert regex(pattern, codebook.thesaurus)
                assert anchors(pattern, codebook.thesaurus), pattern


def test_the_books_hold_exactly_the_ids_of_the_vocabulary(codebook: Codebook, shared: Path) -> None:
    vocabulary = yaml.safe_load((shared / "vocabulary.yaml").read_text("utf-8"))
    for name, listed in vocabulary.items():
        if name in codebook.fields and "values" in listed:
            assert list(codebook.fields[name].codes) == [*listed["values"], *(listed.get("ext") or {})], name


def _ids(codebook: Codebook) -> list[str]:
    return sorted(f"{field.id}.{code}" for field in codebook.fields.values() for code in field.codes or [""])


def test_no_id_was_ever_removed_or_renamed(codebook: Codebook) -> None:
    """A new id is added to ids.txt in the commit that brings it; a line is never taken out."""
    assert set(IDS.read_text().split()) - set(_ids(codebook)) == set()


def test_every_id_is_in_the_committed_list(codebook: Codebook) -> None:
    assert set(_ids(codebook)) - set(IDS.read_text().split()) == set()


def test_a_codebook_survives_pickling_and_has_one_hash(codebook: Codebook) -> None:
    copy = pickle.loads(pickle.dumps(codebook))
    assert copy == codebook
    assert copy.sha256 == codebook.sha256 == load().sha256


def test_all_books_load_fast(codebook: Codebook) -> None:
    """150 ms cold is the aim; here warm, with room for a busy machine."""
    start = time.perf_counter()
    load()
    assert time.perf_counter() - start < 0.5


def test_own_book_adds_codes_fields_cues_and_lists(own: Path) -> None:
    codebook = load("coded_layer", own)
    police = codebook.fields["agencies"].codes["police"]
    assert "police" not in [cue.pattern for cue in police.cues]
    assert police.cues[-1].pattern == "rural crime unit"
    assert police.cues[-1].weight == 0.9
    assert police.definition == load("coded_layer").fields["agencies"].codes["police"].definition
    assert codebook.fields["agencies"].book == "coded_layer"
    assert codebook.fields["agencies"].codes["drone_team"].cues[0].pattern == "<drone> team"
    assert codebook.fields["county"].default == "elsewhere"
    assert codebook.fields["county"].book == "our_panel"
    assert codebook.thesaurus["drone"] == ("drone", "quadcopter")
    assert codebook.versions["our_panel"] == "0.1.0"
    assert codebook.sha256 != load("coded_layer").sha256


def test_own_book_lies_over_the_shipped_ones_or_stands_alone(own: Path, tmp_path: Path) -> None:
    assert {"outcome", "county"} <= set(load(own).fields)
    assert "outcome" not in load("coded_layer", own).fields
    alone = tmp_path / "alone.yaml"
    alone.write_text(OWN[: OWN.index("  agencies:")] + OWN[OWN.index("  county:") :])
    assert list(load(alone, shipped=False).fields) == ["county"]


def test_cue_defaults_of_field_and_code_apply_unless_the_cue_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text("""
book: b
version: "1.0.0"
title: b
fields:
  f:
    label: f
    kind: multi
    question: What?
    cue_defaults: {in: [learning], weight: 0.5, need: [omitted]}
    codes:
      a: {label: a, definition: A., source: s, weight: 0.6, cues: [plain, {cue: own, weight: 0.7, in: [body]}]}
      b: {label: b, definition: B., source: s, cues: [plain]}
""")
    codes = load(path).fields["f"].codes
    plain, own = codes["a"].cues
    assert (plain.sections, plain.weight, plain.need) == ({"learning"}, 0.6, {"omitted"})
    assert (own.sections, own.weight, own.need) == ({"body"}, 0.7, {"omitted"})
    assert codes["b"].cues[0].weight == 0.5
    assert "contents" not in CUED_SECTIONS


@pytest.mark.parametrize(
    ("field", "code", "accepted"),
    [
        ("agencies", "police", True),
        ("agencies", "polise", False),
        ("incident_year", "2015", True),
        ("incident_year", "15", False),
        ("incident_year", "then", False),
        ("risk_rating", "neglect.high", True),
        ("risk_rating", "neglect.current", False),
        ("risk_rating", "child_protection_plan.current", True),
        ("pathway_node", "preventative.health.omission", True),
        ("pathway_node", "incident.fatal", True),
        ("pathway_node", "health.preventative.omission", False),
    ],
)
def test_a_field_knows_its_values(codebook: Codebook, field: str, code: str, accepted: bool) -> None:
    assert codebook.fields[field].accepts(code) is accepted


def test_a_missing_field_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text('book: b\nversion: "1.0.0"\ntitle: b\nfields:\n  f: b/f.yaml\n')
    with pytest.raises(CodebookError, match=r"b/f\.yaml: it does not exist"):
        load(path)


def test_an_unknown_book_is_met_with_the_nearest() -> None:
    with pytest.raises(CodebookError, match="did you mean `case_facts`"):
        load("case_fact")
