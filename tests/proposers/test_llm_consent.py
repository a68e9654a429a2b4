"""Nothing is sent before somebody agreed: what is stated, what is recorded, and what one consent covers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caselore.codebook.codebook import Codebook
from caselore.errors import ConsentMissing, ModelError
from caselore.proposers.llm import consent
from caselore.proposers.llm.endpoint import Endpoint, endpoint
from caselore.proposers.llm.model import LanguageModel

FAR = endpoint("https://models.example.org/v1", "large")
NEAR = endpoint("http://localhost:11434/v1", "small")


def agree(folder: Path, place: Endpoint, *paths: Path) -> consent.Consent:
    return consent.record(folder, place, paths, given="typed at a terminal", said="what was said", version="0")


def test_the_statement_says_what_where_to_and_what_it_may_hold(tmp_path: Path) -> None:
    said = consent.statement(FAR, [Path("reviews")], [f"{n}.pdf" for n in range(12)], folder=tmp_path)
    for words in (
        "12 documents in reviews",
        "0.pdf",
        "and 2 more",
        "models.example.org:443",
        "'large'",
        "leaves this machine",
        "may name people",
        "Nothing in it is masked",
        str(tmp_path),
    ):
        assert words in said
    assert "unencrypted" not in said


def test_a_model_on_this_machine_is_stated_too(tmp_path: Path) -> None:
    said = consent.statement(NEAR, [Path("reviews")], ["a.txt"], folder=tmp_path)
    assert "stays on it" in said
    assert "1 document in" in said
    assert "leaves this machine" not in said


def test_plain_http_to_another_machine_is_stated(tmp_path: Path) -> None:
    said = consent.statement(endpoint("http://gpu:8000/v1", "m"), [Path("r")], ["a.txt"], folder=tmp_path)
    assert "unencrypted" in said


def test_a_consent_is_recorded_whole(tmp_path: Path) -> None:
    agree(tmp_path / "model", FAR, tmp_path / "reviews")
    (found,) = json.loads((tmp_path / "model" / "consent.json").read_text(encoding="utf-8"))
    assert found["endpoint"] == FAR.url
    assert found["host"] == "models.example.org:443"
    assert found["model"] == "large"
    assert found["statement"] == "what was said"
    assert found["paths"] == [str(tmp_path / "reviews")]
    assert found["date"].endswith("+00:00")
    assert (tmp_path / "model").stat().st_mode & 0o077 == 0
    assert "Keep it in the building" in (tmp_path / "model" / "README.txt").read_text(encoding="utf-8")


def test_another_endpoint_model_or_path_is_asked_for_again(tmp_path: Path) -> None:
    folder, reviews = tmp_path / "model", tmp_path / "reviews"
    agree(folder, FAR, reviews)
    assert consent.agreed(folder, FAR, [reviews, reviews / "deep" / "a.pdf"])
    assert not consent.agreed(folder, FAR, [tmp_path])
    assert not consent.agreed(folder, FAR, [tmp_path / "reviews-2"])
    assert not consent.agreed(folder, endpoint("https://models.example.org/v1", "larger"), [reviews])
    assert not consent.agreed(folder, endpoint("https://models.example.org:444/v1", "large"), [reviews])
    assert not consent.agreed(folder, NEAR, [reviews])
    agree(folder, NEAR, reviews)
    assert consent.agreed(folder, NEAR, [reviews])
    assert consent.agreed(folder, FAR, [reviews])
    assert len(consent.consents(folder)) == 2


def test_a_broken_record_is_no_consent(tmp_path: Path) -> None:
    for words in ("[", '[{"endpoint": "x"}]', '{"a": 1}', "[3]"):
        (tmp_path / "consent.json").write_text(words, encoding="utf-8")
        with pytest.raises(ModelError, match=r"consent\.json"):
            consent.agreed(tmp_path, FAR)


def test_the_proposer_cannot_be_made_without_consent(
    tmp_path: Path, book: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CASELORE_LLM_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "whatever-it-says")
    with pytest.raises(ConsentMissing, match="nothing was sent"):
        LanguageModel(book, FAR, folder=tmp_path, run="r")
    assert list(tmp_path.iterdir()) == []


def test_the_core_knows_no_model() -> None:
    """Without the extra everything else works: nothing outside the room of the model imports what it needs."""
    import subprocess
    import sys

    code = (
        "import sys; import caselore.cli.app, caselore.proposers.proposer as p; p.proposer('rules');"
        "print(*({'httpx', 'pydantic'} & {n.split('.')[0] for n in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
