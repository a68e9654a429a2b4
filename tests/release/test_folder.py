"""A release is written whole or not at all, and opens again with the columns that tables rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from caselore.errors import ReleaseRefused
from caselore.records import Code, Document
from caselore.release.columns import TABLES
from caselore.release.folder import open_release, write_release
from caselore.release.layer_file import validate


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows(release, sql: str) -> list[tuple]:
    return release.connection().execute(sql).fetchall()


def test_a_release_opens_with_the_columns_that_tables_rely_on(tmp_path: Path, book, pair):
    release = write_release(tmp_path / "it's out", [pair(), pair(100)], codebook=book)
    for name, schema in TABLES.items():
        assert [row[0] for row in rows(release, f"DESCRIBE {name}")] == schema.names
    assert rows(release, "SELECT count(*), max(children), min(year) FROM cases") == [(2, 2, 2031)]
    assert release.manifest == open_release(tmp_path / "it's out").manifest


def test_every_field_that_was_put_to_a_case_has_an_answer(tmp_path: Path, book, pair):
    release = write_release(tmp_path / "out", [pair()], codebook=book)
    assert rows(release, "SELECT field, answer, code, value FROM codes ORDER BY field, code") == [
        ("addressee", "present", "police", None),
        ("agencies", "present", "police", None),
        ("children", "present", "2", 2.0),
        ("decision_type", "present", "arrest_or_charge", None),
        ("decision_type", "present", "assessment", None),
        ("incident_year", "not_mentioned", "", None),
        ("integrity_flags", "not_mentioned", "", None),
        ("nature_of_harm", "not_applicable", "", None),
        ("outcome", "present", "death", None),
        ("recommendation_type", "present", "training", None),
        ("risk_indicators", "not_mentioned", "", None),
        ("smart", "present", "timely", None),
    ]


def test_decisions_keep_their_order_and_recommendations_lose_their_words(tmp_path: Path, book, pair):
    release = write_release(tmp_path / "out", [pair()], codebook=book)
    assert rows(release, "SELECT step, decision_type, agency FROM decisions") == [
        (1, "assessment", None),
        (2, "arrest_or_charge", "police"),
    ]
    assert rows(release, "SELECT * EXCLUDE (case_id, case_number) FROM recommendations") == [
        (1, ["training"], ["police"], "individual", ["timely"], True, None, "proposed", 0.5)
    ]
    assert b"by May" not in b"".join(files(tmp_path / "out").values())


def test_no_word_of_a_document_leaves(tmp_path: Path, book, pair):
    write_release(tmp_path / "out", [pair(title="2031 - Cumbria - Zebedee Quux")], codebook=book)
    written = files(tmp_path / "out")
    for name in ("layer.json", "layer-1.0.json", "manifest.json", "README.md"):
        text = written[name].decode()
        assert "Zebedee" not in text
        assert "died" not in text
        assert "a.txt" not in text


def test_a_coders_own_words_stay_in_the_store(tmp_path: Path, book, pair):
    memo = Code("memo", "Zebedee was left with nobody", 1.0, "coder-1", reason="noted")
    rated = Code("risk_rating", "neglect.high", 1.0, "coder-1", reason="read", status="validated")
    release = write_release(
        tmp_path / "out", [pair(codes=(memo, rated))], codebook=book, persons=["coder-1"], draft=False
    )
    assert rows(release, "SELECT field, code, status FROM codes WHERE coder = 'coder-1'") == [
        ("risk_rating", "neglect.high", "validated")
    ]
    assert release.manifest["coders"]["coder-1"] == "person"


def test_broken_characters_of_a_title_break_no_release(tmp_path: Path, book, pair):
    release = write_release(tmp_path / "out", [pair(title="2031 - Cumbria - Child \ud800Q")], codebook=book)
    assert rows(release, "SELECT title FROM cases") == [("2031 - Cumbria - Child Q",)]


def test_the_same_inputs_give_the_same_bytes_in_any_order(tmp_path: Path, book, pair, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    inputs = [pair(), pair(100), pair(sha256="12" * 32), pair(7, sha256="ef" * 32)]
    write_release(tmp_path / "one", inputs, codebook=book)
    write_release(tmp_path / "two", reversed(inputs), codebook=book)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_case_that_comes_twice_is_released_once(tmp_path: Path, book, pair):
    release = write_release(tmp_path / "out", [pair(), pair()], codebook=book)
    assert release.manifest["counts"]["cases"] == 1
    assert release.manifest["counts"]["duplicates left out"] == 1


def test_its_layers_validate_and_open_as_releases(tmp_path: Path, book, pair):
    release = write_release(tmp_path / "out", [pair(), pair(100)], codebook=book)
    for name in ("layer.json", "layer-1.0.json"):
        validate(json.loads((tmp_path / "out" / name).read_text()), name=name)
        again = open_release(tmp_path / "out" / name)
        assert rows(again, "SELECT count(*) FROM cases") == [(2,)]
        assert again.manifest["state"] == "draft"
    whole = open_release(tmp_path / "out" / "layer.json")
    for table in ("decisions", "recommendations"):
        assert rows(whole, f"SELECT * FROM {table}") == rows(release, f"SELECT * FROM {table}")


def test_the_manifest_says_what_the_release_rests_on(tmp_path: Path, book, pair):
    told = write_release(tmp_path / "out", [pair(title="2031 - Zebedee")], codebook=book, smallest=5).manifest
    assert told["state"] == "draft"
    assert told["counts"] | {"answers by status": None} == {
        "documents": 1,
        "cases": 1,
        "codes": 12,
        "decisions": 2,
        "recommendations": 1,
        "answers by status": None,
        "duplicates left out": 0,
    }
    assert told["suppression"]["smallest"] == 5
    assert told["coders"] == {"facts": "1.0", "rules": "1.0"}
    assert told["readers"] == {"plain": "1"}
    assert told["codebooks"] == {"fictional": "1.0.0"}
    assert told["masked"] == {"publishers": 0, "titles": 1, "words": 1}
    assert [each["result"] for each in told["checks"]] == ["passed"] * len(told["checks"])
    assert told["inputs"] == [{"sha256": "ab" * 32, "text_sha256": "cd" * 32, "reader": "plain@1", "cases": 1}]


def test_an_error_on_the_way_leaves_nothing_behind(tmp_path: Path, book, pair):
    def failing():
        yield pair()
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        write_release(tmp_path / "out", failing(), codebook=book)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_release_stands_until_the_new_one_does(tmp_path: Path, book, pair):
    write_release(tmp_path / "out", [pair()], codebook=book)
    before = files(tmp_path / "out")
    with pytest.raises(ReleaseRefused):
        write_release(tmp_path / "out", [pair(codes=(Code("outcome", "nonsense", 1, "facts@1.0", reason="said"),))],
                      codebook=book, draft=False)  # fmt: skip
    assert files(tmp_path / "out") == before
    write_release(tmp_path / "out", [pair(), pair(100)], codebook=book)
    assert open_release(tmp_path / "out").manifest["counts"]["cases"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_no_release_is_neither_opened_nor_replaced(tmp_path: Path, book, pair):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ReleaseRefused, match=r"manifest\.json is missing"):
        open_release(tmp_path)
    with pytest.raises(ReleaseRefused, match="name another folder"):
        write_release(tmp_path, [pair()], codebook=book)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_evidence_that_does_not_stand_is_dropped_or_refuses_the_release(tmp_path: Path, book, pair):
    there = Document("a.txt", "text/plain", "ab" * 32, "died at home", "plain@1")

    def lookup(sha256: str) -> Document | None:
        return there if sha256 == "ab" * 32 else None

    document, proposal = pair()
    proposal = replace(proposal, sequence=(), recommendations=())
    standing = replace(proposal.codes[0].evidence[0], text_sha256=there.text_sha256)
    false = replace(standing, start=3, end=7)
    codes = (replace(proposal.codes[0], evidence=(standing, false)), replace(proposal.codes[3], evidence=(false,)))
    given = (document, replace(proposal, codes=codes))
    release = write_release(tmp_path / "out", [given], codebook=book, lookup=lookup)
    assert release.manifest["unverified evidence dropped"] == {"children": 1}
    assert rows(release, "SELECT answer, evidence FROM codes WHERE field = 'children'") == [("not_mentioned", 0)]
    assert rows(release, "SELECT code, evidence FROM codes WHERE field = 'outcome'") == [("death", 1)]
    with pytest.raises(ReleaseRefused, match="does not stand where it says"):
        write_release(tmp_path / "out", [given], codebook=book, lookup=lookup, draft=False)


def test_a_bare_layer_of_the_second_form_leaves_names_and_notes_behind(tmp_path: Path):
    case = {
        "case_id": "ZEBEDEE-QUUX",
        "title": "Serious Case Review: Zebedee Quux",
        "publisher": "Cumbria Safeguarding Children Board",
        "url": "https://www.cumbria.gov.uk/zebedee-quux",
        "licence": "OGL v3.0",
        "source_type": "SCR",
        "jurisdiction": "England",
        "year": 2031,
        "scale_band": "single",
        "n_cases": 2,
        "note": "Zebedee's mother wrote to us.",
        "agencies": ["police"],
        "risk_indicators": [],
        "decisions": [{"step": 1, "decision_type": "assessment", "agency": None}],
        "integrity_flags": ["an id that no book has"],
    }
    path = tmp_path / "layer.json"
    head = {"schema_version": "1.0", "coder": "Ottoline Farrago, human-validated"}
    path.write_text(json.dumps({**head, "cases": [case]}))
    release = open_release(path)
    (row,) = release.connection().execute("SELECT * FROM cases").fetchall()
    told = dict(zip(TABLES["cases"].names, row, strict=True))
    assert told | {"case_id": "", "document": ""} == {
        "case_number": 0,
        "case_id": "",
        "source_type": "SCR",
        "jurisdiction": "England",
        "year": 2031,
        "scale_band": "single",
        "title": "Serious Case Review: [name]",
        "publisher": "Cumbria Safeguarding Children Board",
        "licence": "OGL v3.0",
        "url": "https://www.cumbria.gov.uk/",
        "n_cases": 2,
        "children": None,
        "incident_year": None,
        "status": "proposed",  # a code was dropped, and nobody validated that
        "document": "",
    }
    said = rows(release, "SELECT field, answer, code, status FROM codes ORDER BY ALL")
    assert ("risk_indicators", "not_mentioned", "", "validated") in said
    assert ("integrity_flags", "withheld", "", "proposed") in said
    assert not any(field == "outcome" for field, *_ in said)
    everything = json.dumps([release.manifest, *(frame.to_pylist() for frame in release.frames.values())])
    for secret in ("Zebedee", "QUUX", "Ottoline", "mother", "no book"):
        assert secret not in everything


def test_the_published_layer_opens_as_a_release(shared: Path):
    release = open_release(next((shared / "seeds").glob("000_*")))
    assert rows(release, "SELECT count(*), count(DISTINCT case_id) FROM cases") == [(11, 11)]
    assert rows(release, "SELECT count(*) FROM decisions") == [(51,)]
    assert rows(release, "SELECT DISTINCT status FROM codes") == [("validated",)]
    assert {row[0] for row in rows(release, "SELECT DISTINCT field FROM codes")} == {
        "source_type", "scale_band", "agencies", "risk_indicators", "decision_type", "integrity_flags",
    }  # fmt: skip


def test_every_row_tells_the_place_of_its_case(tmp_path: Path, book, pair):
    """Joins by the number give what joins by the id give."""
    release = write_release(tmp_path / "out", [pair(), pair(150), pair(300)], codebook=book)
    assert rows(release, "SELECT case_number FROM cases") == [(0,), (1,), (2,)]
    for name in ("codes", "decisions", "recommendations"):
        by_id = rows(release, f"SELECT count(*), sum(c.case_number) FROM {name} JOIN cases c USING (case_id)")
        by_number = rows(
            release, f"SELECT count(*), sum(case_number) FROM {name} t JOIN cases c USING (case_number, case_id)"
        )
        assert by_id == by_number
        assert by_id[0][0] > 2
