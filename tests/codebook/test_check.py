"""Every rule of the format, broken once: the complaint names book, field and code, and says the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from caselore.codebook.codebook import load
from caselore.errors import CodebookError, CredibilityRated

GOOD = """
book: ours
version: "1.0.0"
title: Ours
fields:
  weather:
    label: Weather
    kind: choice
    question: What was the weather?
    default: dry
    codes:
      dry: {label: dry, definition: It was dry., source: us, cues: [dry]}
      wet: {label: wet, definition: It rained., source: us, cues: [{cue: rain*, in: [incident], weight: 0.5}]}
"""


def loaded(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(text)
    load(path)


def test_the_good_book_loads(tmp_path: Path) -> None:
    loaded(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "title: Ours",
            "titel: Ours",
            "codebook ours (ours.yaml): unknown key `titel`; did you mean `title`?",
        ),
        ('"1.0.0"', '"1.0"', "version `1.0` is not of the form 1.2.3"),
        (
            "    label: Weather",
            "    lable: Weather",
            "field weather (ours.yaml): unknown key `lable`; did you mean `label`?",
        ),
        ("    label: Weather\n", "", "codebook ours, field weather (ours.yaml): it has no label"),
        ("kind: choice", "kind: choise", "unknown kind `choise`; did you mean `choice`?"),
        ("default: dry", "default: drye", "unknown default `drye`; did you mean `dry`?"),
        ("kind: choice", "kind: multi", "only a choice has a default"),
        ("definition: It was dry., ", "", "field weather, code dry (ours.yaml): it has no definition"),
        (", source: us, cues: [dry]", ", cues: [dry]", "code dry (ours.yaml): it has no source"),
        ("cues: [dry]", "cues: ['(dry']", "code dry (ours.yaml): cue '(dry', character 1:"),
        ("cues: [dry]", "cues: [no]", "YAML reads the cue `False` as no text; put it in quotes"),
        ("cues: [dry]", "cues: ['<wether> dry']", "unknown list in the cue '<wether> dry': `wether`"),
        ("cues: [dry]", "cues: [{in: [body]}]", "a cue with keys must have `cue:`"),
        ("cues: [dry]", "cuse: [dry]", "unknown key `cuse`; did you mean `cues`?"),
        ("in: [incident]", "in: [incidents]", "unknown section `incidents`; did you mean `incident`?"),
        ("in: [incident]", "need: [omited]", "unknown stance `omited`; did you mean `omitted`?"),
        ("weight: 0.5", "weight: 1.5", "weight `1.5` must be a number above 0 and up to 1"),
        (
            "      wet: {",
            "      Wet day: {",
            "the id `Wet day` must be small letters, digits and `_`; write `wet_day`",
        ),
        ("      wet: {", "      no: {", "YAML reads the id `False` as no text; put it in quotes"),
        ("      wet: {", "      dry: {", "`dry` stands twice"),
        (
            "kind: choice\n",
            "kind: choice\n    answers: [absnt]\n",
            "unknown answer state `absnt`; did you mean `absent`?",
        ),
        ("kind: choice\n", "kind: choice\n    filled_by: robot\n", "unknown `filled_by` `robot`"),
        ("fields:", "fields:\n  [", "no valid YAML at line"),
        ("    kind: choice", "\tkind: choice", "line 8, column 1: a tab stands here; indent with spaces"),
        (
            "title: Ours",
            "title: Ours: the second",
            "a second `: ` stands on this line; put words that hold it in quotes",
        ),
        (
            "  weather:\n",
            "  agencys: {codes: {police: {cues: [constable]}}}\n  weather:\n",
            "field agencys (ours.yaml): there is no such field to add to; did you mean `agencies`?",
        ),
        (
            "  weather:\n",
            "  agencies: {codes: {polise: {cues: [constable]}}}\n  weather:\n",
            "code polise (ours.yaml): there is no such code to add to; did you mean `police`?",
        ),
    ],
)
def test_a_breach_is_named_with_its_mend(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(CodebookError) as caught:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  weather:", "  victim_credibility:"),
        ("label: Weather", "label: Is the complainant truthful?"),
        ("What was the weather?", "How believable is the child?"),
        ("label: dry", "label: false allegation"),
        ("It was dry.", "The witness is a liar."),
        ("cues: [dry]", 'cues: ["victim* ..3 (lied|lies)"]'),
    ],
)
def test_a_book_that_rates_belief_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(CredibilityRated, match="to be believed"):
        loaded(tmp_path, GOOD.replace(old, new, 1))


def test_a_rating_hidden_between_field_and_code_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("label: Weather", "label: The victim's account").replace("label: dry", "label: reliable")
    with pytest.raises(CredibilityRated):
        loaded(tmp_path, text)


def test_what_agencies_did_with_an_account_may_be_coded(tmp_path: Path) -> None:
    text = GOOD.replace("label: Weather", "label: Response of agencies").replace(
        "label: dry", "label: disbelieved the child"
    )
    loaded(tmp_path, text)


def test_all_breaches_are_said_a_line_each_up_to_ten(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"kind `choise`; .*\n.*weight `9` must be"):
        loaded(tmp_path, GOOD.replace("kind: choice", "kind: choise").replace("weight: 0.5", "weight: 9"))
    many = "".join(f"      c{number}: {{label: c}}\n" for number in range(9))
    with pytest.raises(CodebookError, match=r"\nand 8 more$"):
        loaded(tmp_path, GOOD + many)
