"""The gate trusts nobody upstream: what it has no place for is dropped and counted, or refuses the release."""

from __future__ import annotations

import copy

import pytest

from caselore.errors import ReleaseRefused
from caselore.release.checks import CHECKS, Gate, check_case
from caselore.release.layer import layer_case


@pytest.fixture
def case(book, pair):
    document, proposal = pair()
    made, _ = layer_case(document, proposal, codebook=book, put=tuple(book.fields)[:10], case_id="C-0123abcd")
    return made


def spoil(case: dict, where: str, value: object) -> None:
    *path, last = where.split(".")
    value = copy.deepcopy(value)
    for part in path:
        case = case[int(part)] if isinstance(case, list) else case[part]
    if isinstance(case, list):
        case[int(last)] = value
    else:
        case[last] = value


STORY = "Zebedee was left with nobody"

BREAKS = [
    ("shape", "narrative", STORY),
    ("no names", "source_ref.title", "The Death of Zebedee"),
    ("no names", "source_ref.repository", "Zebedee Press"),
    ("no names", "source_ref.licence", "ask Zebedee"),
    ("no names", "source_ref.url", "https://example.org/zebedee"),
    ("no dates of birth", "source_ref.title", "Child Q 04-03-2029"),
    ("closed vocabulary", "source_type", STORY),
    ("closed vocabulary", "scale_band", STORY),
    ("closed vocabulary", "jurisdiction", STORY),
    ("closed vocabulary", "fields.outcome.codes.0.code", STORY),
    ("closed vocabulary", "fields.children.codes.0.code", "9999"),
    ("closed vocabulary", "fields.memo", {"answer": "present", "status": "proposed", "coder": "", "codes": [
        {"code": STORY, "status": "proposed", "confidence": 1, "coder": "coder-1", "evidence": []}]}),
    ("closed vocabulary", "fields.story", {"answer": "present", "status": "proposed", "coder": "", "codes": []}),
    ("closed vocabulary", "fields.outcome.answer", STORY),
    ("closed vocabulary", "decisions.0.decision_type", STORY),
    ("closed vocabulary", "decisions.0.agency", STORY),
    ("closed vocabulary", "recommendations.0.types", [STORY]),
    ("closed vocabulary", "recommendations.0.addressees", [STORY]),
    ("closed vocabulary", "recommendations.0.smart", [STORY]),
    ("closed vocabulary", "recommendations.0.level", STORY),
    ("numbers", "year", 20310),
    ("numbers", "n_cases", -1),
    ("numbers", "fields.outcome.codes.0.confidence", float("nan")),
    ("closed vocabulary", "fields.children.codes.0.code", "1_0"),
    ("evidence", "documents.0.reader", STORY),
    ("evidence", "documents.0.sha256", STORY),
    ("coders", "fields.outcome.codes.0.coder", "zebedee"),
    ("coders", "decisions.0.coder", "Zebedee Quux"),
    ("statuses", "fields.outcome.codes.0.status", "validated"),
    ("statuses", "decisions.0.status", "adjudicated"),
    ("statuses", "recommendations.0.status", "certain"),
    ("evidence", "fields.outcome.codes.0.evidence.0.quote", STORY),
    ("evidence", "fields.outcome.codes.0.evidence.0.end", -1),
    ("evidence", "decisions.0.evidence.0.sha256", STORY),
]  # fmt: skip


@pytest.mark.parametrize(("name", "where", "value"), BREAKS)
def test_what_must_not_leave_is_dropped_and_counted(case, book, name: str, where: str, value: object):
    spoil(case, where, value)
    gate = Gate(book, names=("Zebedee",))
    check_case(case, gate, place="a.txt", drop=True)
    assert sum(gate.found[name].values()) >= 1
    assert "ebedee" not in repr(case)
    assert "ebedee" not in repr(gate.results())
    after = copy.deepcopy(case)
    check_case(case, Gate(book, names=("Zebedee",)), place="a.txt", drop=False)
    assert case == after


@pytest.mark.parametrize(("name", "where", "value"), BREAKS)
def test_outside_a_draft_it_refuses_the_release(case, book, name: str, where: str, value: object):
    spoil(case, where, value)
    with pytest.raises(ReleaseRefused, match=f"a.txt: the check '{name}' fails"):
        check_case(case, Gate(book, names=("Zebedee",)), place="a.txt", drop=False)


def test_a_case_without_fault_passes_unchanged(case, book):
    before, gate = copy.deepcopy(case), Gate(book)
    check_case(case, gate, place="a.txt", drop=False)
    assert case == before
    assert {each["result"] for each in gate.results()} == {"passed"}


def test_an_id_that_is_no_hash_always_refuses(case, book):
    case["case_id"] = "CASE-ZEBEDEE"
    with pytest.raises(ReleaseRefused, match="not cut from a hash"):
        check_case(case, Gate(book), place="a.txt", drop=True)


def test_a_person_can_validate_and_a_coded_layer_can_say_so(case, book):
    codes = case["fields"]["outcome"]["codes"]
    codes[0] |= {"status": "validated", "coder": "coder-1"}
    check_case(case, Gate(book, persons=frozenset({"coder-1"})), place="a.txt", drop=False)
    assert case["fields"]["outcome"]["status"] == "validated"
    codes[0]["coder"] = "layer@1.0"
    check_case(case, Gate(book), place="a.txt", drop=False)
    assert case["status"] == "proposed"


@pytest.mark.parametrize("coder", ["rules@1.0", "llm@1.0/a-model", "rules@1.0+classifier@1.0"])
def test_proposers_keep_their_names_alone_and_together(case, book, coder):
    case["fields"]["outcome"]["codes"][0]["coder"] = coder
    check_case(case, Gate(book), place="a.txt", drop=False)
    assert case["fields"]["outcome"]["codes"][0]["coder"] == coder


def test_every_check_has_a_name_and_a_mend():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert all(check.says and check.mend for check in CHECKS)
