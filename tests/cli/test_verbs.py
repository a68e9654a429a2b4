"""The other verbs, each fed with what the one before it wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command import Caselore


@pytest.fixture
def proposals(caselore: Caselore, reviews: Path, tmp_path: Path) -> Path:
    path = tmp_path / "proposals.jsonl"
    assert caselore("propose", reviews, "--out", path).returncode == 1  # one of them is torn
    return path


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_read_gives_documents_with_their_text_and_cases(caselore: Caselore, reviews: Path, tmp_path: Path) -> None:
    path = tmp_path / "read.jsonl"
    caselore("read", reviews, "--out", path)
    read = lines(path)
    assert [line["kind"] for line in read] == ["document", "case"] * 6
    for document, case in zip(read[::2], read[1::2], strict=True):
        assert case["document"] == document["name"]
        assert str(document["text"])[case["start"] : case["end"]].strip()  # type: ignore[misc]


def test_every_quotation_stands_where_it_is_said_to(
    caselore: Caselore, reviews: Path, proposals: Path, tmp_path: Path
) -> None:
    path = tmp_path / "read.jsonl"
    caselore("read", reviews, "--out", path)
    texts = {line["name"]: str(line["text"]) for line in lines(path) if line["kind"] == "document"}
    quotations = 0
    for line in lines(proposals):
        text = texts[line["case"]["document"]]  # type: ignore[index]
        for said in (*line["codes"], *line["sequence"], *line["recommendations"]):  # type: ignore[misc]
            for evidence in said["evidence"]:
                assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
                quotations += 1
    assert quotations > 60


def test_release_tabulate_report(caselore: Caselore, proposals: Path, tmp_path: Path) -> None:
    release, tables, report = tmp_path / "release", tmp_path / "tables", tmp_path / "report.html"
    for words in (
        ("release", proposals, "--out", release),
        ("tabulate", release, "--out", tables),
        ("report", release, "--out", report),
    ):
        done = caselore(*words)
        assert done.returncode == 0, done.stderr
    assert "<h1>" in report.read_text(encoding="utf-8")
    assert (tables / "index.html").exists()


def test_a_release_holds_no_word_of_the_reviews(caselore: Caselore, proposals: Path, tmp_path: Path) -> None:
    release = tmp_path / "release"
    caselore("release", proposals, "--out", release)
    everything = b"".join(path.read_bytes() for path in release.rglob("*") if path.is_file())
    for words in (b"heroin", b"lacked curiosity", b"should audit", b"child-a.txt", b"convicted of murder"):
        assert words not in everything, words


def test_small_counts_stay_hidden_in_every_file(caselore: Caselore, proposals: Path, tmp_path: Path) -> None:
    release, tables = tmp_path / "release", tmp_path / "tables"
    caselore("release", proposals, "--out", release)
    caselore("tabulate", release, "--out", tables, "--smallest-count", "5")
    hidden = 0
    for path in (tables / "tidy").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["suppressed"] in ("yes", "no")
                if row["suppressed"] == "yes":
                    assert (row["value"], row["shown"], row["base"]) == ("", "[c]", "")
                    hidden += 1
    assert hidden, "three girls and three boys are fewer than five"
    assert "[c]" in (tables / "csv" / "gender.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("verb", ["tabulate", "report"])
def test_what_is_no_release_is_said_so(caselore: Caselore, verb: str, tmp_path: Path) -> None:
    done = caselore(verb, tmp_path, "--out", tmp_path / "x.html")
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_report_of_another_suffix_is_refused(caselore: Caselore, tmp_path: Path) -> None:
    done = caselore("report", tmp_path, "--out", tmp_path / "report.odt")
    assert done.returncode == 2
    assert ".html" in done.stderr
