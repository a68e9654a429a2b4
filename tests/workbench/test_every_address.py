"""Every address of the workbench as a stranger, as a colleague of each role, and as who may: one table for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import pytest
import worked_study
from django.urls import reverse

PERSONS = frozenset({"coder", "adjudicator", "custodian", "trainer", "administrator"})
READERS = frozenset({"coder", "adjudicator", "custodian"})
CODERS = frozenset({"coder", "adjudicator"})
SETTLERS = frozenset({"adjudicator"})
PLANNERS = frozenset({"administrator"})
GIVERS = frozenset({"adjudicator", "administrator"})
KEEPERS = frozenset({"custodian"})
LOGS = frozenset({"custodian", "administrator"})
ANYBODY = PERSONS | {"stranger"}


class Address(NamedTuple):
    """Who may, with which method, and the arguments of the address (of the worked study)."""

    roles: frozenset[str]
    method: str = "get"
    args: Callable[[Any], list[Any]] = lambda study: []
    data: Mapping[str, Any] = MappingProxyType({})
    own: bool = False
    """It is ann's alone: ben, who has the same role, is refused."""


def case(study: Any) -> list[Any]:
    return [study.case.pk]


def ben(study: Any) -> list[Any]:
    return [study.people.ben.pk]


def entry(study: Any) -> list[Any]:
    return [study.entry.pk]


def file(study: Any) -> list[Any]:
    return [study.file.pk]


def gathered(study: Any) -> list[Any]:
    return [study.briefing.pk]


FINDERS = READERS | {"trainer"}
ANN = frozenset({"coder"})

ADDRESSES: dict[str, Address] = {
    "sign-in": Address(ANYBODY),
    "open": Address(ANYBODY, args=lambda study: ["no-key"]),
    "invitation": Address(ANYBODY, args=lambda study: ["Mg", "no-token"]),
    "oidc-start": Address(ANYBODY),
    "oidc-back": Address(ANYBODY),
    "sign-out": Address(PERSONS, "post"),
    "password": Address(PERSONS),
    "home": Address(PERSONS),
    "queue": Address(READERS),
    "queue-keep": Address(PERSONS, "post", data={"name": "mine", "mine": "1"}),
    "queue-drop": Address(frozenset({"coder"}), "post", lambda study: [study.search.pk], own=True),
    "documents": Address(LOGS),
    "documents-withdraw": Address(LOGS, "post", data={"which": "none", "reason": "r"}),
    "documents-take-back": Address(LOGS, "post", data={"which": "none", "reason": "r"}),
    "documents-waiting": Address(PLANNERS),
    "documents-propose": Address(PLANNERS, "post"),
    "settling": Address(SETTLERS),
    "settling-case": Address(SETTLERS, args=case),
    "settling-settle": Address(SETTLERS, "post", case, {"field": "outcome", "choice": "present:death", "reason": "r"}),
    "settling-unsettle": Address(SETTLERS, "post", case, {"adjudication": "none", "reason": "r"}),
    "settling-sequence": Address(SETTLERS, "post", case, {"reason": "r", "none": "1"}),
    "settling-turn": Address(SETTLERS, "post", lambda study: [study.case.pk, "undo"]),
    "agreement": Address(READERS),
    "disagreements": Address(READERS),
    "agreement-field": Address(READERS, args=lambda study: ["agencies"]),
    "agreement-download": Address(READERS, args=lambda study: ["figures"]),
    "plans": Address(GIVERS),
    "plans-double": Address(PLANNERS),
    "plans-drawn": Address(PLANNERS, args=lambda study: [study.plan.pk]),
    "plans-assign": Address(GIVERS),
    "plans-unassign": Address(GIVERS, "post", lambda study: [study.assignment.pk]),
    "plans-layers": Address(PLANNERS),
    "plans-sample": Address(PLANNERS),
    "plans-picked": Address(PLANNERS, args=lambda study: [study.sample.pk]),
    "people": Address(PLANNERS),
    "person": Address(PLANNERS, args=ben),
    "person-roles": Address(PLANNERS, "post", ben, {"roles": ["coder"]}),
    "person-active": Address(PLANNERS, "post", ben, {"active": "1"}),
    "person-password": Address(PLANNERS, "post", ben, {"way": "link"}),
    "person-sessions": Address(PLANNERS, "post", ben),
    "person-organisation": Address(PLANNERS, "post", ben),
    "log": Address(LOGS),
    "log-prove": Address(LOGS, "post"),
    "log-export": Address(KEEPERS),
    "release": Address(KEEPERS),
    "release-check": Address(KEEPERS, "post"),
    "release-download": Address(KEEPERS, args=lambda study: ["none"]),
    "released": Address(READERS | {"trainer"}),
    "released-case": Address(FINDERS, args=case),
    "search": Address(FINDERS),
    "search-keep": Address(FINDERS, "post", data={"name": "mine", "q": "mother"}),
    "search-saved": Address(FINDERS, args=lambda study: [study.search.pk]),
    "search-drop": Address(ANN, "post", lambda study: [study.search.pk], own=True),
    "search-like": Address(FINDERS, args=case),
    "browse": Address(FINDERS),
    "briefings": Address(FINDERS),
    "briefing-new": Address(FINDERS, "post"),
    "briefing-add": Address(FINDERS, "post", data={"case": "", "passage": "x"}),
    "briefing": Address(ANN, args=gathered, own=True),
    "briefing-leave": Address(ANN, "post", gathered, own=True),
    "briefing-drop": Address(ANN, "post", gathered, own=True),
    "briefing-change": Address(ANN, "post", lambda study: [study.briefing.pk, "up"], own=True),
    "register": Address(READERS),
    "register-csv": Address(READERS),
    "recommendation": Address(READERS, args=entry),
    "recommendation-before": Address(READERS, args=entry),
    "recommendation-attach": Address(READERS, "post", entry),
    "recommendation-decide": Address(READERS, "post", lambda study: [study.entry.pk, "confirm"]),
    "attachment": Address(READERS, args=file),
    "attachment-detach": Address(READERS, "post", file),
    "coding-next": Address(CODERS),
    "coding-codes": Address(READERS, args=lambda study: ["now"]),
    "coding": Address(READERS, args=case),
    "coding-leaf": Address(READERS, args=lambda study: [study.case.pk, 0]),
    "coding-find": Address(READERS, args=case),
    "coding-act": Address(CODERS, "post", lambda study: [study.case.pk, "note"], {"words": "a note"}),
    "coding-submit": Address(CODERS, "post", case),
    "coding-again": Address(CODERS, "post", case),
    "coding-reopen": Address(SETTLERS, "post", case, {"reason": "r"}),
    "coding-place": Address(READERS, "post", case, {"passage": "1"}),
}
"""Name of an address -> who may. A new address without an entry fails `test_every_address_is_in_the_table`."""


@pytest.fixture
def worked(study: Any, owner: Any, coder: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A study in which everything is there that an address may name."""
    from caselore.store.actions import keeping, planning, register, releasing
    from caselore.store.models import Recommendation
    from caselore.workbench import briefings, intake

    monkeypatch.setattr(intake, "send_proposers", lambda: None)
    people = worked_study.people_of(coder)
    cases = worked_study.add_documents(owner, worked_study.FILES[:1])
    plan = planning.plan_double_coding(owner, coders=[people.ann, people.ben], share=1.0)
    worked_study.differ(people.ann, people.ben, cases[0], accepts=0)
    sample = planning.pick_subsample(owner, "Depth", targets={"layer": {"front_sheet": 1}})
    assignment = planning.assign(owner, cases[0], people.cyn)
    planning.unassign(owner, assignment)
    found = register.confirm(owner, Recommendation.objects.filter(case=cases[0]).first())
    releasing.mark_released(owner, "release", [cases[0].pk])
    return SimpleNamespace(
        briefing=briefings.new(people.ann), entry=found, file=register.attach(owner, found, "plan.txt", b"A plan."),
        people=people, case=cases[0], plan=plan, sample=sample, assignment=assignment,
        search=keeping.save_search(people.ann, "ours", filters={"page": "queue"}),
    )  # fmt: skip


def test_every_address_is_in_the_table(study: Any) -> None:
    from caselore.workbench.urls import urlpatterns

    assert {each.name for each in urlpatterns} - {None} == ADDRESSES.keys()


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_who_may_enter(name: str, worked: Any, client_of: Any) -> None:
    about = ADDRESSES[name]
    address = reverse(name, args=about.args(worked))
    for who, role in [("", "stranger"), *((who, roles[0]) for who, roles in worked_study.PEOPLE.items())]:
        client = client_of(getattr(worked.people, who) if who else None)
        answer = getattr(client, about.method)(address, about.data)
        turned_away = answer.status_code == 403 or answer.headers.get("Location", "").startswith("/sign-in/?")
        if role in about.roles and not (about.own and who != "ann"):
            assert not turned_away, f"{role} may {name}, and was turned away"
            assert answer.status_code < 500
        elif role == "stranger":
            assert answer.status_code == 302
            assert turned_away, f"a stranger entered {name}"
        else:
            assert answer.status_code == 403, f"{role} entered {name}: {answer.status_code}"


@pytest.mark.parametrize("name", sorted(name for name, each in ADDRESSES.items() if each.method == "post"))
def test_what_changes_something_is_no_link_and_needs_its_token(name: str, worked: Any, client_of: Any) -> None:
    about = ADDRESSES[name]
    address = reverse(name, args=about.args(worked))
    role = min(about.roles & PERSONS)
    who = next(who for who, roles in worked_study.PEOPLE.items() if roles == (role,))
    person = getattr(worked.people, who)
    assert client_of(person).get(address).status_code == 405
    forged = client_of(person, strict=True).post(address, about.data)
    assert forged.status_code == 403
    assert "gone stale" in forged.content.decode()


@pytest.mark.parametrize("name", sorted(name for name, each in ADDRESSES.items() if each.args is case))
def test_no_id_is_guessed(name: str, worked: Any, client_of: Any) -> None:
    """A case that is hidden and one that is not there are told alike, and both refused."""
    about = ADDRESSES[name]
    role = min(about.roles & PERSONS)
    who = next(who for who, roles in worked_study.PEOPLE.items() if roles == (role,))
    answer = getattr(client_of(getattr(worked.people, who)), about.method)(
        reverse(name, args=["0123456789abcdef012345"]), about.data
    )
    assert answer.status_code in (400, 403, 404)
