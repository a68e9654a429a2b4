"""The questions: made from the codebook, short, and complete."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from caselore.codebook.codebook import Codebook, load
from caselore.errors import ModelError
from caselore.proposers.llm.model import room
from caselore.proposers.llm.prompts import Prompter, declared, groups
from caselore.proposers.llm.settings import Asking, settings


def test_every_field_that_a_machine_may_fill_is_asked_once_or_left_out_by_name(book: Codebook) -> None:
    asked = [field.id for group in groups(book) for field in group.fields]
    assert len(asked) == len(set(asked))
    out = declared()["left_out"]
    for name, field in book.fields.items():
        fillable = field.kind in {"choice", "multi", "sequence", "number"} and field.filled_by in {"both", "machine"}
        if fillable and field.book not in out["books"] and name not in out["fields"]:
            assert name in asked
        else:
            assert name not in asked


def test_groups_name_only_fields_that_there_are(book: Codebook) -> None:
    for group in declared()["groups"].values():
        assert set(group["fields"]) <= set(book.fields)


def test_a_question_holds_every_code_with_its_definition(book: Codebook) -> None:
    prompter = Prompter(book)
    for group in groups(book):
        words = prompter.prompt(group, [(1, "A boy died.")]).messages[1][1]
        for field in group.fields:
            assert f"`{field.id}`:" in words
            for code in field.codes.values():
                assert f"- {code.id}: {code.label}." in words
                assert code.definition in words
        assert "{{" not in words
        assert "{%" not in words


def test_the_text_stands_once_with_its_numbers(book: Codebook) -> None:
    (group, *_) = groups(book)
    passages = [(7, "The boy died."), (8, "Nobody came.")]
    numbered = Prompter(book).prompt(group, passages, part="2 of 3")
    everything = "".join(text for _, text in numbered.messages)
    assert everything.count("[7] The boy died.\n[8] Nobody came.") == 1
    assert "part 2 of 3" in everything
    plain = Prompter(book, numbered=False).prompt(group, passages)
    assert "[7]" not in plain.messages[1][1]
    assert '"passage": {"type"' not in json.dumps(plain.schema)


def test_the_example_of_the_form_fits_the_schema(book: Codebook) -> None:
    prompter = Prompter(book)
    for group in groups(book):
        prompt = prompter.prompt(group)
        jsonschema.Draft202012Validator.check_schema(prompt.schema)
        jsonschema.validate(json.loads(prompt.messages[1][1].splitlines()[-1]), prompt.schema)


def test_no_question_is_so_long_that_little_text_fits(book: Codebook) -> None:
    assert room(groups(book), Prompter(book), Asking()) > 20_000
    assert max(Prompter(book).prompt(group).letters for group in groups(book)) < 24_000


def test_a_context_that_is_too_small_says_what_is_needed(book: Codebook) -> None:
    asked, prompter = groups(book), Prompter(book)
    with pytest.raises(ModelError, match="too small for the question") as refused:
        room(asked, prompter, Asking(context=2000))
    needed = int(str(refused.value).rpartition(" ")[2].rstrip(".").replace(",", ""))
    assert room(asked, prompter, Asking(context=needed)) >= 4 * int(settings()["least_text"])
    with pytest.raises(ModelError):
        room(asked, prompter, Asking(context=needed - 10))


def test_a_field_of_a_user_s_own_book_is_asked(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        """
book: ours
version: "1.0.0"
title: Ours
fields:
  rural_isolation:
    label: Rural isolation
    kind: choice
    question: Did the family live far from services?
    codes:
      isolated: {label: isolated, definition: Distance kept the family from a service., source: ours}
""",
        encoding="utf-8",
    )
    asked = groups(load(str(tmp_path / "ours.yaml")))
    assert asked[-1].id == "ours.1"
    assert [field.id for field in asked[-1].fields] == ["rural_isolation"]
