"""The proposer against a real server in a process of its own, with every fault that servers have."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from proposers.model_server import Stub

from caselore.codebook.codebook import Codebook
from caselore.errors import ModelError
from caselore.proposers.casetext import CaseText
from caselore.proposers.evidence import verify
from caselore.proposers.llm import client, consent
from caselore.proposers.llm.account import Account
from caselore.proposers.llm.endpoint import endpoint
from caselore.proposers.llm.model import LanguageModel
from caselore.proposers.llm.settings import Asking, Budget, Patience
from caselore.records import Case, Document, Proposal

QUICK = Patience(timeout_s=1.0, attempts=4, first_wait_s=0.01, most_wait_s=0.05)
QUESTIONS = 8

Ask = Callable[..., tuple[Proposal, Account]]


@pytest.fixture
def ask(stub: Stub, fiction: CaseText, book: Codebook, tmp_path: Path) -> Iterator[Ask]:
    """Ask the server as a model that behaves so, and give what it proposes; every quotation is verified."""
    made: list[LanguageModel] = []
    folder = tmp_path / "model"

    def run(how: str = "", *, text: CaseText = fiction, asking: Asking | None = None) -> tuple[Proposal, Account]:
        place = endpoint(stub.url, f"stub:{how}" if how else "stub")
        consent.record(folder, place, [tmp_path], given="test", said="test", version="0")
        model = LanguageModel(
            book, place, folder=folder, run=f"run {len(made)}", asking=asking or Asking(patience=QUICK)
        )
        made.append(model)
        proposal = model.propose(text)
        for each in (*proposal.codes, *proposal.sequence):
            assert each.coder == model.id
            assert each.evidence
            for evidence in each.evidence:
                verify(evidence, text.document)
        return proposal, model.take_account()

    yield run
    for each in made:
        each.close()


def codes(proposal: Proposal) -> set[tuple[str, str]]:
    return {(code.field, code.code) for code in proposal.codes}


EXPECTED = {
    ("outcome", "death"),
    ("child_gender", "female"),
    ("child_age_band", "under_1"),
    ("incident_year", "2018"),
    ("child_protection_plan", "current"),
    ("agencies", "police"),
    ("agencies", "voluntary_sector"),
    ("agencies", "health_community"),
    ("risk_indicators", "domestic_abuse"),
    ("risk_indicators", "substance_use"),
    ("integrity_flags", "information_not_shared"),
    ("learning_themes", "information_sharing"),
    ("recommendation_type", "training"),
}


def test_a_sound_server(ask: Ask) -> None:
    proposal, account = ask()
    assert codes(proposal) == EXPECTED
    assert [(step.decision_type, step.agency) for step in proposal.sequence] == [
        ("prosecution_conviction", "cps"),
        ("referral_made", None),
        ("assessment", "childrens_social_care"),
    ]
    assert (account.questions, account.requests, account.retries, account.dropped) == (QUESTIONS, QUESTIONS, 0, {})
    assert account.rungs == {"json_schema": QUESTIONS}


@pytest.mark.parametrize(
    ("how", "rung", "refused"),
    [
        ("schemaless", "json_object", 1),
        ("formless", "plain", 2),
        ("mute404", "plain", 3),
        ("plainest", "json_schema", 4),
        ("schemaless,plainest", "json_object", 5),
    ],
)
def test_a_refused_way_of_asking_is_remembered(ask: Ask, stub: Stub, how: str, rung: str, refused: int) -> None:
    proposal, account = ask(how)
    assert codes(proposal) == EXPECTED
    assert account.rungs == {rung: QUESTIONS}
    assert account.requests == QUESTIONS + refused
    assert account.unanswered == {}


@pytest.mark.parametrize("how", ["prose", "thinks", "parts", "flat", "prose,thinks,parts", "formless,prose"])
def test_json_is_dug_out_of_whatever_is_around_it(ask: Ask, how: str) -> None:
    proposal, account = ask(how)
    assert codes(proposal) == EXPECTED
    assert account.dropped == {}


def test_invented_quotations_are_kept_as_not_found_and_never_as_evidence(ask: Ask) -> None:
    proposal, account = ask("invents")
    assert codes(proposal) == EXPECTED
    assert account.dropped["not_found"] == len(account.lost) == 11
    assert {each["quotation"] for each in account.lost} == {"the lighthouse keeper telephoned the harbour master twice"}
    assert "housing" in {each["code"] for each in account.lost}


def test_codes_and_fields_outside_the_book_and_wrong_types(ask: Ask) -> None:
    proposal, account = ask("strange,types")
    assert codes(proposal) == EXPECTED
    assert account.dropped["not_in_codebook"] >= QUESTIONS
    assert account.dropped["malformed"] >= QUESTIONS
    assert "credibility_of_the_mother" in {each["field"] for each in account.lost}
    assert all("credib" not in code.field for code in proposal.codes)


def test_half_an_answer_counts_for_what_is_whole(ask: Ask) -> None:
    proposal, account = ask("half")
    assert codes(proposal) < EXPECTED
    assert ("outcome", "death") in codes(proposal)
    assert account.cut > 0


def test_nonsense_under_a_schema_is_asked_for_without(ask: Ask) -> None:
    proposal, account = ask("schemababble")
    assert codes(proposal) == EXPECTED
    assert account.rungs == {"json_object": QUESTIONS}
    assert account.requests == QUESTIONS + 2


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("babbles", "could not be read"),
        ("empty", "could not be read"),
        ("declines", "declines"),
        ("filters", "will not have this text"),
    ],
)
def test_a_model_that_gives_no_answer_costs_little_and_is_said(ask: Ask, how: str, reason: str) -> None:
    proposal, account = ask(how)
    assert proposal.codes == ()
    (said,) = account.unanswered
    assert reason in said
    assert account.unanswered[said] == QUESTIONS
    assert account.requests <= 3 * QUESTIONS


@pytest.mark.parametrize(
    ("how", "reason", "requests"),
    [
        ("unknown", "not found", 1),
        ("refuses", "takes no such questions", 4),
        ("wanders", "sends elsewhere", 1),
        ("locked", "does not accept the key", 1),
    ],
)
def test_a_server_that_takes_no_question_is_asked_no_more(ask: Ask, how: str, reason: str, requests: int) -> None:
    proposal, account = ask(how)
    assert proposal.codes == ()
    (said,) = account.unanswered
    assert reason in said
    assert account.requests == requests


@pytest.mark.parametrize(
    "faults",
    [
        ["429 0"],
        ["500", "503"],
        ["reset"],
        ["broken"],
        ["behind"],
        ["html"],
        ["hang 1.5"],
        ["drip 20"],
        ["429 0", "reset", "500"],
    ],
    ids=" ".join,
)
def test_a_passing_fault_is_asked_again(ask: Ask, stub: Stub, faults: list[str]) -> None:
    stub.faults(*faults)
    proposal, account = ask()
    assert codes(proposal) == EXPECTED
    assert account.retries == len(faults)
    assert account.requests == QUESTIONS + len(faults)


def test_retry_after_is_waited_for(ask: Ask, stub: Stub) -> None:
    stub.faults("429 1")
    started = time.monotonic()
    ask()
    assert time.monotonic() - started >= 1


def test_a_server_that_asks_for_an_hour_is_asked_no_more(ask: Ask, stub: Stub) -> None:
    stub.faults("429 3600")
    proposal, account = ask()
    assert proposal.codes == ()
    assert account.requests == 1
    assert "asks to wait 3,600 s" in next(iter(account.unanswered))


def test_a_fault_that_does_not_pass_costs_its_question_only(ask: Ask, stub: Stub) -> None:
    stub.faults("500", "500", "500", "500")
    proposal, account = ask()
    assert account.unanswered.total() == 1
    assert ("agencies", "police") in codes(proposal)


def test_time_outs_are_not_tried_as_often(ask: Ask, stub: Stub) -> None:
    stub.faults("hang 1.2", "hang 1.2")
    _, account = ask()
    assert "none within 1 s" in next(iter(account.unanswered))
    assert account.requests == QUESTIONS + 1


def test_failures_in_a_row_end_the_asking(ask: Ask, stub: Stub) -> None:
    stub.faults(*["503"] * 40)
    proposal, account = ask()
    stub.faults()
    assert proposal.codes == ()
    assert account.requests == 3 * QUICK.attempts
    assert account.unanswered.total() == QUESTIONS


def test_a_huge_answer_is_not_swallowed(ask: Ask, stub: Stub) -> None:
    stub.faults("huge")
    proposal, account = ask()
    assert "more than 8,000,000 bytes" in next(iter(account.unanswered))
    assert ("agencies", "police") in codes(proposal)


def test_nobody_there(fiction: CaseText, book: Codebook, tmp_path: Path) -> None:
    place = endpoint("http://127.0.0.1:9/v1", "stub")
    consent.record(tmp_path / "model", place, [tmp_path], given="test", said="test", version="0")
    model = LanguageModel(book, place, folder=tmp_path / "model", run="r", asking=Asking(patience=QUICK))
    try:
        assert model.propose(fiction).codes == ()
        assert model.take_account().unanswered.total() == QUESTIONS
    finally:
        model.close()
    with pytest.raises(ModelError, match=r"Nobody answers at 127\.0\.0\.1:9"):
        client.reach(place)


def test_the_same_is_not_asked_twice(ask: Ask, stub: Stub) -> None:
    first, _ = ask("sure")
    asked = len(stub.bodies("stub:sure"))
    again, account = ask("sure")
    assert again == first
    assert (account.cached, account.requests) == (QUESTIONS, 0)
    assert len(stub.bodies("stub:sure")) == asked == QUESTIONS


def test_a_stopped_run_goes_on_where_it_was(ask: Ask) -> None:
    little = Asking(patience=QUICK, budget=Budget(calls=3))
    _, account = ask("parts", asking=little)
    assert account.requests == 3
    assert account.unanswered == {"the budget of 3 requests is spent": QUESTIONS - 3}
    proposal, account = ask("parts")
    assert (account.cached, account.requests) == (3, QUESTIONS - 3)
    assert codes(proposal) == EXPECTED


def test_a_budget_of_tokens_is_kept_to(ask: Ask) -> None:
    _, account = ask(asking=Asking(patience=QUICK, budget=Budget(tokens=12_000)))
    assert 0 < account.requests < QUESTIONS
    assert "budget of 12,000 tokens" in next(iter(account.unanswered))


def test_log_probabilities_decide_where_they_are_offered(ask: Ask) -> None:
    sure = {code.code: code.confidence for code in ask("sure")[0].codes}
    stated = {code.code: code.confidence for code in ask()[0].codes}
    assert sure["health_community"] < sure["police"]
    assert stated["health_community"] == stated["police"] == 0.75


def test_what_is_sent(ask: Ask, stub: Stub, fiction: CaseText) -> None:
    ask("schemaless,flat")
    first, second, *_ = stub.bodies("stub:schemaless,flat")
    assert first["temperature"] == 0
    assert first["seed"] == second["seed"]
    assert first["response_format"]["json_schema"]["strict"] is True
    assert second["response_format"] == {"type": "json_object"}
    words = json.dumps(first["messages"])
    assert "convicted of murder" in words
    assert fiction.document.name not in words


def test_the_key_is_sent_to_the_server_and_written_nowhere(
    ask: Ask, stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sk-made-up-0123456789"
    monkeypatch.setenv(client.KEY, secret)
    ask("prose")
    assert stub.log("stub:prose")[-1]["headers"]["Authorization"] == f"Bearer {secret}"
    _, account = ask("locked")
    assert "[key]" in next(iter(account.unanswered))
    assert secret not in json.dumps(account.as_dict())
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path


def test_a_key_that_cannot_be_one_is_refused_unread(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(client.KEY, "sk-first\nsk-second")
    with pytest.raises(ModelError, match="copy it again") as refused:
        ask()
    assert "sk-" not in str(refused.value)


def test_proxies_of_the_environment_hear_nothing(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    proposal, _ = ask()
    assert codes(proposal) == EXPECTED


def test_a_long_case_is_asked_in_windows_and_merged(ask: Ask, stub: Stub) -> None:
    filler = "The review heard that practice in the county had changed in many small ways since then. " * 90
    parts = [
        "Death of a 4-month-old girl in 2018.",
        filler,
        "The police were called.",
        filler,
        "The police came again.",
    ]
    text = "\n\n".join(parts)
    document = Document("long.txt", "text/plain", "0" * 64, text, "plain@1")
    long = CaseText(document, Case("A long case", "long.txt", "0" * 64, 0, len(text)))
    small = Asking(context=7200, patience=QUICK)
    proposal, account = ask("sure,flat", text=long, asking=small)
    assert account.questions >= 2 * QUESTIONS
    assert codes(proposal) == {e for e in EXPECTED if e[0] in ("outcome", "child_gender", "child_age_band", "incident_year")} | {("agencies", "police")}  # fmt: skip # noqa: E501
    (police,) = [code for code in proposal.codes if code.code == "police"]
    assert {long.text[e.start : e.end].split("police ")[1][:4] for e in police.evidence} == {"were", "came"}
    for body in stub.bodies("stub:sure,flat"):
        assert sum(len(each["content"]) for each in body["messages"]) / 4 <= 7200 * 0.75 + 1


def test_a_text_with_half_characters_and_odd_signs_passes(ask: Ask, fiction: CaseText) -> None:
    text = fiction.text.replace("the police", "the po\ufffe\nlice \ud83d and \x00 ==========\n[9] police")
    document = replace(fiction.document, text=text)
    odd = CaseText(document, replace(fiction.case, end=len(text)))
    proposal, account = ask("formless", text=odd)
    assert ("outcome", "death") in codes(proposal)
    assert account.unanswered == {}


def test_the_order_of_windows_is_kept_in_the_sequence(ask: Ask) -> None:
    filler = "The review heard that practice in the county had changed in many small ways since then. " * 60
    text = f"The mother was assessed in May.\n\n{filler}\n\nShe was referred in June."
    document = Document("long.txt", "text/plain", "0" * 64, text, "plain@1")
    long = CaseText(document, Case("A long case", "long.txt", "0" * 64, 0, len(text)))
    proposal, _ = ask(text=long, asking=Asking(context=7200, patience=QUICK))
    assert [step.decision_type for step in proposal.sequence] == ["assessment", "referral_made"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), (" 0.5 ", 0.5), ("-4", 0.0), ("soon", None), ("", None), ("nan", None), ("inf", None)],
)
def test_retry_after_in_seconds(header: str, seconds: Any) -> None:
    assert client.retry_after(header) == seconds


def test_retry_after_as_a_date() -> None:
    assert client.retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    later = client.retry_after("Wed, 21 Oct 2090 07:28:00 GMT")
    assert later is not None
    assert later > 1e9
