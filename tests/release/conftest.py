"""A small codebook and invented proposals that the tests of this room share."""

from __future__ import annotations

import pytest

from caselore.codebook.codebook import Codebook, CodeDefinition, Field, Level
from caselore.records import Case, Code, Document, Evidence, Proposal, Recommendation, Source, Step

SHA, TEXT_SHA = "ab" * 32, "cd" * 32


RATED = CodeDefinition("neglect", "neglect", "invented", "test", levels={"high": Level("high", "high", 3)})


def _field(name: str, kind: str, *codes: str, **more: object) -> Field:
    known = {code: CodeDefinition(code, code, "invented", "test") for code in codes}
    return Field(name, name, kind, "fictional", codes=known, **more)


@pytest.fixture(scope="session")
def book() -> Codebook:
    """Fields of every kind, with few codes."""
    fields = (
        _field("outcome", "choice", "death", "serious_harm", "other", default="other"),
        _field("nature_of_harm", "choice", "neglect"),
        _field("agencies", "multi", "police", "housing"),
        _field("risk_indicators", "multi", "neglect"),
        _field("integrity_flags", "multi", "leadership_failure"),
        _field("children", "number", least=0, most=50),
        _field("incident_year", "number", least=1900, most=2100),
        _field("decision_type", "sequence", "assessment", "arrest_or_charge"),
        _field("recommendation_type", "multi", "training"),
        _field("addressee", "multi", "police"),
        _field("recommendation_level", "choice", "individual"),
        _field("smart", "multi", "timely"),
        _field("source_type", "choice", "SCR", "DHR", "other"),
        _field("scale_band", "choice", "single", "small"),
        Field("risk_rating", "risk", "scale", "fictional", codes={"neglect": RATED}, filled_by="person"),
        _field("memo", "text", filled_by="person"),
    )
    return Codebook({field.id: field for field in fields}, {"fictional": "1.0.0"}, {})


def evidence(start: int = 0, sha256: str = SHA) -> Evidence:
    return Evidence(sha256, TEXT_SHA, "plain@1", start, start + 4, "died")


def document(sha256: str = SHA) -> Document:
    return Document("a.txt", "text/plain", sha256, "", "plain@1", source=Source(year=2031))


def proposal(start: int = 0, *, title: str = "2031 - Cumbria - Child Q", sha256: str = SHA, **parts) -> Proposal:
    """An invented case at a place of an invented document."""
    said = (evidence(start, sha256),)
    given = {
        "codes": (
            Code("outcome", "death", 0.9, "facts@1.0", said),
            Code("outcome", "other", 0.2, "rules@1.0", said),
            Code("agencies", "police", 0.7, "rules@1.0", said),
            Code("children", "2", 0.8, "facts@1.0", said),
        ),
        "sequence": (
            Step("assessment", None, 0.7, "rules@1.0", said),
            Step("arrest_or_charge", "police", 0.6, "rules@1.0", said),
        ),
        "recommendations": (
            Recommendation(
                "1", said[0], ("training",), ("police",), "individual", ("timely",), "by May", 0.5, "rules@1.0"
            ),
        ),
    }
    case = Case(title, "a.txt", sha256, start, start + 90, "SCR", 2031)
    return Proposal(case, **(given | parts))


@pytest.fixture
def pair():
    """Makes (document, proposal), as `write_release` takes them."""

    def make(start: int = 0, *, sha256: str = SHA, **parts):
        return document(sha256), proposal(start, sha256=sha256, **parts)

    return make
