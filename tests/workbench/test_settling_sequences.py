"""Sequences of decisions on the settling page: who may, what is kept, what is shown again, what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
import worked_study
from selectolax.lexbor import LexborHTMLParser as HTMLParser

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
WHY = "The chronology says so."


@pytest.fixture
def people(coder: Any) -> Any:
    return worked_study.people_of(coder)


@pytest.fixture
def case(owner: Any, people: Any) -> Any:
    return worked_study.add_documents(owner, worked_study.FILES[:1])[0]


def told(coder: Any, case: Any, *steps: tuple[str, str], why: str = "") -> Any:
    from caselore.store.actions import passes

    reading = passes.open_pass(coder, case)
    rows = [
        {"decision_type": step, "agency": agency, "evidence": [(10 * n, 10 * n + 8)], "reason": why}
        for n, (step, agency) in enumerate(steps, 1)
    ]
    passes.set_sequence(coder, reading, rows)
    return passes.submit_pass(coder, reading)


@pytest.fixture
def split(people: Any, case: Any) -> Any:
    """Two blind passes with the same steps in another order, one of them by another agency."""
    from caselore.store.actions import planning

    for who in (people.ann, people.ben):
        planning.assign(people.cyn, case, who)
    told(people.ann, case, ("referral_made", "police"), ("assessment", ""), ("inspection", ""))
    told(people.ben, case, ("assessment", ""), ("referral_made", "police"), ("inspection", "police"))
    return case


def steps_of(coder: Any, case: Any) -> list[Any]:
    from caselore.store.models import Step

    return list(Step.objects.filter(case=case, reading__coder=coder))


def order(*rows: tuple[Any, ...], **more: str) -> dict[str, Any]:
    """The form: each row is a type, an agency and the steps it is taken from."""
    return {
        "order": "1", "seen": "0", "reason": WHY,
        "type": [row[0] for row in rows], "agency": [row[1] for row in rows],
        "from": [" ".join(step.pk for step in row[2:]) for row in rows], **more,
    }  # fmt: skip


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def live() -> list[tuple[str, str]]:
    from caselore.store.models import SettledStep

    return list(SettledStep.objects.filter(adjudication__retracted=False).values_list("decision_type", "agency"))


def test_an_order_is_settled_and_no_list_shows_it_as_open(people: Any, split: Any, client_of: Any) -> None:
    from caselore.store import queries
    from caselore.store.models import Adjudication, Event

    client = client_of(people.cyn)
    assert "Decisions" in words(client.get("/settle/"))
    page = client.get(f"/settle/{split.pk}/").content.decode()
    assert page.count("moved: ") == 2
    assert "the agency differs" in page
    assert page.count('class="take small"') == 6
    differ = client.get("/agreement/differences/?people=1&field=decision_type")
    assert "people differ" in words(differ)
    (first, second, _), (_, also, third) = steps_of(people.ann, split), steps_of(people.ben, split)
    events = Event.objects.count()
    answer = client.post(
        f"/settle/{split.pk}/sequence/",
        order(("assessment", "", second), ("referral_made", "health_gp", first, also), ("inspection", "police", third)),
    )
    assert answer.headers["Location"].endswith("#settled")
    assert Event.objects.count() == events + 1
    assert live() == [("assessment", ""), ("referral_made", "health_gp"), ("inspection", "police")]
    assert "Nothing is open" in words(client.get("/settle/"))
    assert queries.to_adjudicate(people.cyn) == []
    differ = client.get("/agreement/differences/?people=1&field=decision_type")
    assert "people differ" not in words(differ)
    assert "settled" in words(differ)
    assert "No disagreement" in words(client.get("/agreement/differences/?people=1&open=1&field=decision_type"))
    page = client.get(f"/settle/{split.pk}/").content.decode()
    assert "words of ann 1, ben 2" in page
    assert 'class="take small"' not in page
    row = Adjudication.objects.get()
    assert "settled the sequence" in words(client_of(people.dan).get("/log/"))
    back = client.post(f"/settle/{split.pk}/take-back/", {"adjudication": row.pk, "reason": "A slip."})
    assert back.headers["Location"].endswith("#f-decision_type")
    assert live() == []


def test_the_settled_order_stands_on_the_coding_page_of_who_may_see_it(
    people: Any, split: Any, client_of: Any, coder: Any
) -> None:
    from caselore.store.actions import planning

    ann, ben = steps_of(people.ann, split), steps_of(people.ben, split)
    cyn = client_of(people.cyn)
    made = order(("assessment", "", ann[1], ben[0]), ("referral_made", "police", ann[0], ben[1]))
    assert cyn.post(f"/settle/{split.pk}/sequence/", made).status_code == 302

    def shown(who: Any) -> list[str]:
        tree = HTMLParser(client_of(who).get(f"/case/{split.pk}/").content.decode())
        return [str(step.attributes["data-code"]) for step in tree.css("#g-sequence .step.settled")]

    assert shown(people.ann) == shown(people.ben) == shown(people.cyn) == ["assessment", "referral_made"]
    page = words(client_of(people.ann).get(f"/case/{split.pk}/"))
    assert "Settled by cyn" in page
    assert WHY in page
    again = client_of(people.ann)
    again.post(f"/case/{split.pk}/again/")  # a second look: what an act paints anew holds the settled order too
    answer = again.post(f"/case/{split.pk}/do/sequence/", {
        "change": "add", "code": "inspection", "reason": "Told in a table.", "token": "one",
    })  # fmt: skip
    assert answer.content.decode().count('item step settled"') == 2
    gil = coder("gil", "coder")
    planning.assign(people.cyn, split, gil)
    assert shown(gil) == shown(people.ann) == []
    planning.unassign(people.cyn, planning.assign(people.cyn, split, gil))
    assert cyn.post(f"/settle/{split.pk}/sequence/", order(none="1", seen=version(split))).status_code == 302
    assert "not mentioned" in words(client_of(people.ben).get(f"/case/{split.pk}/")).partition("Settled by cyn")[2][:60]


def version(case: Any) -> str:
    from caselore.store.actions.adjudication import settled_version

    return str(settled_version(case, "decision_type"))


def test_undo_and_redo_are_of_ones_own_settlement_only(people: Any, split: Any, client_of: Any, coder: Any) -> None:
    client = client_of(people.cyn)
    first = steps_of(people.ann, split)[0]
    assert client.post(f"/settle/{split.pk}/undo/").status_code == 400
    client.post(f"/settle/{split.pk}/sequence/", order(("referral_made", "police", first)))
    other = client_of(coder("gil", "adjudicator"))
    assert "Undo my last settlement" not in words(other.get(f"/settle/{split.pk}/"))
    assert other.post(f"/settle/{split.pk}/undo/").status_code == 400
    assert live()
    assert client.post(f"/settle/{split.pk}/undo/").headers["Location"].endswith("#f-decision_type")
    assert live() == []
    assert "Do it again" in words(client.get(f"/settle/{split.pk}/"))
    client.post(f"/settle/{split.pk}/redo/")
    assert live() == [("referral_made", "police")]
    assert client.post(f"/settle/{split.pk}/elsewhere/").status_code == 404


def test_what_was_made_is_shown_again_where_it_is_refused(people: Any, split: Any, client_of: Any) -> None:
    client = client_of(people.cyn)
    first, second, _ = steps_of(people.ann, split)
    refused = client.post(
        f"/settle/{split.pk}/sequence/",
        order(("assessment", "", second), ("referral_made", "housing", first), reason=" "),
    )
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "State the reason" in page
    shown = page.split('<ol id="order">')[1].split("</ol>")[0]
    assert re.findall(r'name="from" value="(\w+)"', shown) == [second.pk, first.pk]
    assert '<option value="housing" selected>' in shown
    stale = order(("assessment", "", second), seen="7", reason="Kept words.")
    answer = client.post(f"/settle/{split.pk}/sequence/", stale)
    assert answer.status_code == 409
    assert "Kept words." in answer.content.decode()
    assert live() == []


def test_that_there_is_no_decision_has_to_be_said(people: Any, split: Any, client_of: Any) -> None:
    client = client_of(people.cyn)
    first = steps_of(people.ann, split)[0]
    assert "Take at least one step" in words(client.post(f"/settle/{split.pk}/sequence/", order()))
    both = client.post(f"/settle/{split.pk}/sequence/", order(("referral_made", "police", first), none="1"))
    assert "leave one of the two out" in words(both)
    assert client.post(f"/settle/{split.pk}/sequence/", order(none="1")).status_code == 302
    assert "the case tells of no decision" in words(client.get(f"/settle/{split.pk}/"))


def test_hostile_orders_leave_nothing(people: Any, split: Any, case: Any, owner: Any, client_of: Any) -> None:
    from caselore.store.models import Event, Step

    client = client_of(people.cyn)
    first, second, _ = steps_of(people.ann, split)
    other = worked_study.add_documents(owner, worked_study.FILES[1:2])[-1]
    told(people.ann, other, ("inspection", ""))
    foreign = steps_of(people.ann, other)[0]
    machine = Step.objects.filter(reading__machine=True, case=split).first()
    good = order(("referral_made", "police", first))
    events = Event.objects.count()
    for sent in (
        order(("referral_made", "police", first), ("referral_made", "police", first)),
        order(("referral_made", "police", foreign)),
        order(("no_such", "police", first)),
        order((HOSTILE, "police", first)),
        order(("referral_made", HOSTILE, first)),
        order(("referral_made", "police")),
        good | {"from": ["0123456789abcdef012345"]},
        good | {"from": [HOSTILE]},
        good | {"from": ["' OR 1=1 --"]},
        good | {"type": []},
        good | {"agency": ["police"] * 3},
        good | {"seen": "9" * 40, "reason": ""},
        order(*[("referral_made", "", second)] * 1200),
        *([order(("referral_made", "police", machine))] if machine else []),
    ):
        answer = client.post(f"/settle/{split.pk}/sequence/", sent)
        assert answer.status_code in (400, 409, 413), (sent, answer.status_code)
        assert HOSTILE not in answer.content.decode()
    assert Event.objects.count() == events
    assert live() == []


def test_words_of_script_render_inert(people: Any, case: Any, client_of: Any) -> None:
    told(people.ann, case, ("inspection", ""), why=HOSTILE)
    told(people.ben, case, ("assessment", ""), why=HOSTILE)
    client = client_of(people.cyn)
    assert HOSTILE not in client.get(f"/settle/{case.pk}/").content.decode()
    step = steps_of(people.ann, case)[0]
    client.post(f"/settle/{case.pk}/sequence/", order(("inspection", "", step), reason=HOSTILE))
    assert live()
    assert HOSTILE not in client.get(f"/settle/{case.pk}/").content.decode()


def test_strangers_colleagues_and_who_codes_the_case_are_refused(
    people: Any, split: Any, client_of: Any, coder: Any
) -> None:
    from caselore.store.actions import planning

    first = steps_of(people.ann, split)[0]
    sent = order(("referral_made", "police", first))
    both = coder("hal", "coder", "adjudicator")
    planning.assign(people.cyn, split, both)
    for who, status in ((None, 302), *((getattr(people, name), 403) for name in ("ann", "dan", "eve", "fay"))):
        for path in ("sequence", "undo", "redo"):
            answer = client_of(who).post(f"/settle/{split.pk}/{path}/", sent)
            assert answer.status_code == status, (who, path)
    for path in ("", "sequence/", "undo/"):  # blind: his own first pass is owed
        client = client_of(both)
        answer = client.post(f"/settle/{split.pk}/{path}", sent) if path else client.get(f"/settle/{split.pk}/")
        assert answer.status_code == 403
        assert "referral" not in words(answer)
    waits = client_of(people.cyn).post(f"/settle/{split.pk}/sequence/", sent)  # and nobody settles until it is in
    assert waits.status_code == 400
    assert live() == []


def test_the_same_order_needs_no_settling(people: Any, case: Any, client_of: Any) -> None:
    for who in (people.ann, people.ben):
        told(who, case, ("inspection", ""), ("assessment", "police"))
    page = client_of(people.cyn).get(f"/settle/{case.pk}/").content.decode()
    assert "agreed" in page
    assert 'id="order"' not in page
