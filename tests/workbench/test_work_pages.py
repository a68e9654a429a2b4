"""Documents, cases, settling, plans, people, the log and releases: what forms do, and how they refuse."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import django_ready
import pytest
import worked_study
from django.core.files.uploadedfile import SimpleUploadedFile


@pytest.fixture
def people(coder: Any) -> Any:
    return worked_study.people_of(coder)


@pytest.fixture
def case(owner: Any, people: Any) -> Any:
    return worked_study.add_documents(owner, worked_study.FILES[:1])[0]


@pytest.fixture(autouse=True)
def no_process(study: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from caselore.workbench import intake

    monkeypatch.setattr(intake, "send_proposers", lambda: None)


def words(answer: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def upload(client: Any, *files: tuple[str, bytes]) -> Any:
    return client.post("/documents/", {"files": [SimpleUploadedFile(name, data) for name, data in files]})


def test_an_empty_study_says_what_to_do_next(people: Any, client_of: Any) -> None:
    assert "Add the first reviews" in words(client_of(people.fay).get("/"))
    assert "An administrator adds them" in words(client_of(people.ann).get("/"))
    assert "An administrator adds documents" in words(client_of(people.ann).get("/cases/"))
    assert "Nothing is released yet" in words(client_of(people.eve).get("/released/"))
    for path in ("/settle/", "/agreement/"):
        assert client_of(people.cyn).get(path).status_code == 200


def test_reviews_come_in_by_upload_once(people: Any, client_of: Any) -> None:
    from caselore.store.models import Case, Document, Event

    client = client_of(people.fay)
    name = worked_study.FILES[0]
    data = (worked_study.SAMPLE / name).read_bytes()
    assert "1 case." in words(upload(client, (name, data)))
    assert "in the study already" in words(upload(client, (f"again-{name}", data)))
    assert Document.objects.get().name == name
    assert Case.objects.get().proposing == "queued"
    assert Event.objects.get(verb="add_document").actor == people.fay.pk
    assert "wait" in words(client.get("/documents/"))


def bomb() -> bytes:
    """A Word file of a few kilobytes that unpacks to 200 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b"a" * 200_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.exe", b"\x7fELF" + b"\0" * 200, "program and no document"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "picture"),
        ("bundle.zip", b"PK\x03\x04" + b"\0" * 200, "damaged"),
        ("empty.txt", b" ", "no text"),
        ("broken.pdf", b"%PDF-1.7\n" + b"\0" * 500, "broken.pdf"),
    ],
)
def test_what_is_no_review_is_refused_in_one_sentence(
    people: Any, client_of: Any, name: str, data: bytes, says: str
) -> None:
    from caselore.store.models import Document

    answer = upload(client_of(people.fay), (name, data))
    assert answer.status_code == 200
    assert says in words(answer) or name in words(answer)
    assert ">refused</span>" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_bomb_is_refused(people: Any, client_of: Any) -> None:
    answer = upload(client_of(people.fay), ("bomb.docx", bomb()))
    assert ">refused</span>" in answer.content.decode()
    assert "bomb.docx" in words(answer)


def test_a_name_leads_to_no_other_folder(people: Any, client_of: Any, study: Any) -> None:
    from caselore.store.models import Document
    from caselore.workbench.intake import plain_name

    for name in ("../../etc/passwd.txt", "..\\..\\boot.txt", "/etc/x.txt", "a\0b.txt", "x/../../y.txt", "con\n.txt"):
        assert not set("/\\\0\n") & set(plain_name(name))
        assert not plain_name(name).startswith(".")
    assert plain_name("") == plain_name("...") == "document"
    data = (worked_study.SAMPLE / worked_study.FILES[2]).read_bytes()
    upload(client_of(people.fay), ("../../../out.txt", data))
    kept = Document.objects.get()
    assert kept.name == "out.txt"
    assert (study.documents / kept.file).parent == study.documents
    assert not list(study.path.parent.glob("out*"))


def test_more_than_the_limit_is_refused_before_it_is_read(
    people: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caselore.workbench import intake

    monkeypatch.setattr(intake, "LARGEST_UPLOAD", 1000)
    strict = client_of(people.fay, strict=True)
    strict.get("/documents/")  # gives the cookie, so that the form is read for its token
    for client in (client_of(people.fay), strict):
        answer = upload(client, ("large.txt", b"a" * 5000))
        assert answer.status_code == 413
        assert "too large" in words(answer)
    assert upload(client_of(people.fay)).status_code == 400  # nothing chosen: the form says so


def test_a_text_that_is_no_review_is_kept_with_a_warning(people: Any, client_of: Any) -> None:
    from caselore.store.models import Document

    client = client_of(people.fay)
    page = words(upload(client, ("list.txt", b"Bread, two pints of milk, six eggs.\n\nSoap and washing powder.\n")))
    assert "holds nothing that reviews of cases speak of" in page
    (kept,) = Document.objects.get(name="list.txt").problems
    assert "the file that you meant" in kept
    fine = words(upload(client, ("review.txt", b"Serious case review. The mother told the police of the harm.\n")))
    assert "holds nothing" not in fine.partition("In the study")[0]


def test_a_document_is_taken_out_and_back_by_who_may(people: Any, case: Any, client_of: Any) -> None:
    custodian, administrator = client_of(people.dan), client_of(people.fay)
    address, told = "/documents/withdraw/", {"which": case.document_id, "reason": "Added <b>by mistake"}
    assert client_of(people.ann).post(address, told).status_code == 403
    unsaid = administrator.post(address, {"which": case.document_id, "reason": " "})
    assert unsaid.status_code == 400
    assert "State why the document is taken out" in words(unsaid)
    assert custodian.post(address, told).status_code == 302
    page = custodian.get("/documents/").content.decode()
    assert "Taken out" in page
    assert "Added &lt;b&gt;by mistake" in page
    assert "Add reviews" not in page  # a custodian adds none
    assert custodian.post("/documents/", {}).status_code == 403
    assert client_of(people.ann).get(f"/case/{case.pk}/").status_code == 403
    assert case.title not in words(client_of(people.ann).get("/cases/"))
    name = case.document.name
    (again,) = [each for each in upload(administrator, (name, (worked_study.SAMPLE / name).read_bytes()))
                .content.decode().split("<li>") if name in each]  # fmt: skip
    assert "take it back in the list below" in again
    which = re.search(r'name="which" value="(\w+)"><label for="back-', page)[1]  # type: ignore[index]
    back = {"which": which, "reason": "It is one."}
    assert client_of(people.ben).post("/documents/take-back/", back).status_code == 403
    assert administrator.post("/documents/take-back/", back).status_code == 302
    assert client_of(people.ann).get(f"/case/{case.pk}/").status_code == 200
    log = client_of(people.dan).get("/log/").content.decode()
    assert "took a document out of the study" in log
    assert "took a document back into the study" in log


def test_cases_are_shown_by_the_page_filtered_and_kept(owner: Any, people: Any, case: Any, client_of: Any) -> None:
    from caselore.store.models import Case

    Case.objects.bulk_create(
        Case(document_id=case.document_id, start=n, end=n + 1, title=f"Case {n:03}", year=2001) for n in range(1, 121)
    )
    client = client_of(people.ann)
    page = client.get("/cases/?order=title&year=2001&page=3").content.decode()
    assert "101 to 120 of 120" in page
    assert "Case 120" in page
    assert "Case 100" not in page
    assert "120 of 120" in client.get("/cases/?order=title&year=2001&page=99").content.decode()
    client.post("/cases/keep/", {"name": "Of 2001", "year": "2001", "order": "title"})
    assert "year=2001" in client.get("/cases/").content.decode()
    assert "Of 2001" not in client_of(people.ben).get("/cases/").content.decode()
    assert client.get("/cases/?year=x&state=none&order=evil&page=-1").status_code == 200


def settled(client: Any, case: Any, **data: Any) -> Any:
    return client.post(f"/settle/{case.pk}/settle/", data)


def test_a_field_is_settled_with_a_reason_and_taken_back(people: Any, case: Any, client_of: Any) -> None:
    from caselore.store import queries
    from caselore.store.models import Adjudication

    worked_study.differ(people.ann, people.ben, case)
    client = client_of(people.cyn)
    page = client.get(f"/settle/{case.pk}/").content.decode()
    assert "general practice" in page
    assert "No difference" in page
    refused = settled(client, case, field="outcome", choice="present:death", reason=" ")
    assert refused.status_code == 400
    assert "State the reason" in words(refused)
    assert settled(client, case, field="outcome", reason="r").status_code == 400
    assert settled(client, case, field="outcome", choice="other", other="", reason="r").status_code == 400
    assert settled(client, case, field="outcome", choice="present:no_such", reason="r").status_code == 400
    done = settled(client, case, field="outcome", choice="present:death", reason="It says so.", seen="0")
    assert done.headers["Location"].endswith("#f-agencies")
    row = Adjudication.objects.get()
    assert (row.code, row.holds, len(row.passes)) == ("death", True, 2)
    assert row.evidence[0]["quote"]
    both = {"code-0": "yes|present:health_gp", "code-1": "yes|not_mentioned:"}
    excluded = settled(client, case, field="agencies", **both, reason="r")
    assert excluded.status_code == 400
    assert "exclude each other" in words(excluded)
    assert Adjudication.objects.count() == 1
    stale = settled(client, case, field="outcome", choice="present:serious_harm", reason="r", seen="0")
    assert stale.status_code == 409
    assert "this is taken back" not in client.get(f"/settle/{case.pk}/").content.decode()
    settled(client, case, field="agencies", **{"code-0": "no|present:health_gp"}, reason="Only planned.")
    assert queries.to_adjudicate(people.cyn) == []
    back = client.post(f"/settle/{case.pk}/take-back/", {"adjudication": row.pk, "reason": "A slip."})
    assert back.status_code == 302
    assert queries.to_adjudicate(people.cyn)[0].settled == ("agencies",)


def test_a_document_of_one_case_is_called_by_its_title(people: Any, owner: Any, client_of: Any) -> None:
    cases = worked_study.add_documents(owner, ("lcspr-saltwyke-child-t.txt", "listing-repository-2017-2020.txt"))
    one = next(case for case in cases if case.document.name == "lcspr-saltwyke-child-t.txt")
    assert one.document.title == ""
    client = client_of(people.dan)
    assert words(client.get("/documents/")).count(one.title) >= 1
    found = words(client.get("/documents/", {"words": one.title[:20]}))
    assert one.title in found
    assert "listing-repository" not in found


def test_one_is_no_plural(study: Any) -> None:
    from caselore.store.books import field_of
    from caselore.workbench.rows import label_of

    assert label_of(field_of("children"), "1") == "1 child"
    assert label_of(field_of("children"), "2") == "2 children"


def test_who_was_silent_is_not_said_to_agree(study: Any) -> None:
    from caselore.workbench.sides import alone

    assert alone({"ann": ("police",), "ben": ()}) == "ann"
    assert alone({"ann": ("police",), "ben": ("police",)}) == ""


def test_agreement_is_told_of_the_passes_that_one_may_see(people: Any, case: Any, client_of: Any) -> None:
    from caselore.store.actions import planning

    for coder in (people.ann, people.ben):
        planning.assign(people.cyn, case, coder)
    worked_study.differ(people.ann, people.ben, case)
    page = words(client_of(people.cyn).get("/agreement/"))
    assert "People among themselves" in page
    assert "1 case read by two people or more; 1 case by a person and a machine." in page
    figures = client_of(people.cyn).get("/agreement/figures.csv?field=agencies").content.decode()
    assert "human-human,ann ben,agencies,health_gp,1" in figures
    listed = client_of(people.cyn).get("/agreement/differences/?people=1").content.decode()
    assert f"/case/{case.pk}/?passage=" in listed
    assert "ann" in client_of(people.cyn).get("/agreement/disagreements.csv").content.decode()
    planning.assign(people.cyn, case, people.cyn)  # who owes a pass sees nobody's
    blind = client_of(people.cyn).get("/agreement/differences/?people=1").content.decode()
    assert f"/case/{case.pk}/?passage=" not in blind


def test_a_plan_is_shown_before_it_is_made(people: Any, case: Any, client_of: Any) -> None:
    from caselore.store.models import Assignment, DoubleCodingPlan

    client = client_of(people.fay)
    told = {"coders": [people.ann.pk, people.ben.pk], "share": "100", "strata": ["year"], "coefficient": "alpha",
            "half_width": "0.2", "alike": "0.7", "prevalence": "30", "seed": "1", "token": "t1"}  # fmt: skip
    shown = words(client.post("/plan/double/", told))
    assert "1 of 1 case would be drawn" in shown
    assert "correlate by 0.70" in shown
    assert not Assignment.objects.exists()
    for _ in range(2):  # a resend makes no second plan
        assert client.post("/plan/double/", told | {"make": "1"}).status_code == 302
    assert DoubleCodingPlan.objects.count() == 1
    assert Assignment.objects.count() == 2
    one = client.post("/plan/double/", told | {"coders": [people.ann.pk]})
    assert one.status_code == 400
    assert "at least two coders" in words(one)
    assert client.post("/plan/double/", told | {"share": "0", "token": "t2"}).status_code == 400


def test_cases_are_given_and_taken_back_and_layers_set(people: Any, case: Any, client_of: Any) -> None:
    from caselore.store.models import Assignment, Case

    client = client_of(people.fay)
    empty = client.post("/plan/give/", {"coder": people.ann.pk})
    assert empty.status_code == 400
    assert "Tick the cases" in words(empty)
    client.post("/plan/give/", {"coder": people.ann.pk, "case": [case.pk], "blind_first": "yes", "due": "2030-01-02"})
    given = Assignment.objects.get()
    assert (given.coder_id, given.blind_first, str(given.due)) == (people.ann.pk, True, "2030-01-02")
    assert "Every case is given" in words(client.post("/plan/give/", {"coder": people.ben.pk, "next": "3"}))
    client.post(f"/plan/give/{given.pk}/take-back/")
    assert Assignment.objects.get().withdrawn
    bare = client.post("/plan/layers/", {"case": [case.pk], "target": "structured_summary", "reason": ""})
    assert bare.status_code == 400
    client.post("/plan/layers/", {"case": [case.pk], "target": "structured_summary", "reason": "An index case."})
    found = Case.objects.get()
    assert (found.target_layer, found.layer_reason) == ("structured_summary", "An index case.")


def test_a_sub_sample_says_why_each_case_was_picked(people: Any, case: Any, client_of: Any) -> None:
    client = client_of(people.fay)
    told = {"name": "Depth", "layer": "full_coding", "seed": "1"}
    assert "at least one row" in words(client.post("/plan/sample/", told))
    assert "no number" in words(client.post("/plan/sample/", told | {"target-layer-front_sheet": "-1"}))
    made = client.post("/plan/sample/", told | {"target-layer-front_sheet": "1"}, follow=True)
    assert "fills layer front_sheet (1 short)" in words(made)


def test_plans_and_releases_say_what_was_taken_out_since(people: Any, owner: Any, case: Any, client_of: Any) -> None:
    from caselore.store.actions import planning, withdrawing

    worked_study.add_documents(owner, worked_study.FILES[2:3])
    plan = planning.plan_double_coding(owner, coders=[people.ann, people.ben], share=1.0)
    sample = planning.pick_subsample(owner, "Depth", targets={"layer": {"front_sheet": 9}})
    client = client_of(people.fay)
    addresses = (f"/plan/double/{plan.pk}/", f"/plan/sample/{sample.pk}/")
    n = len(plan.cases)
    assert client_of(people.dan).post("/release/", {"name": "first", "smallest": "5"}).status_code == 302
    for address in addresses:
        assert f'<th scope="row">{case.title}</th>' in client.get(address).content.decode()
    withdrawing.withdraw_document(owner, case.document_id, reason="It was added by mistake.")
    for address in addresses:
        page = client.get(address).content.decode()
        assert case.title not in page
        assert page.count('<th scope="row">') == n - 1
        assert "taken out of the study since" in page
    page = client_of(people.dan).get("/release/").content.decode()
    assert "1 taken out since" in page
    assert "make a new one, and tell who has the old one" in page
    assert client_of(people.dan).post("/release/", {"name": "second", "smallest": "5"}).status_code == 302
    page = client_of(people.dan).get("/release/").content.decode()
    assert "1 taken out since" in page
    assert "make a new one" not in page
    log = client.get("/log/").content.decode()
    assert "second" in log
    assert ": It was added by mistake." in log
    assert case.title not in log
    assert "a case taken out of the study" in log


def test_a_person_comes_in_by_a_link_that_opens_once(people: Any, client_of: Any) -> None:
    from caselore.store.models import Coder

    client = client_of(people.fay)
    page = client.post("/people/", {"name": "gus", "roles": ["coder"], "way": "link"}).content.decode()
    path = re.search(r'value="http://testserver(/welcome/[^"]+)"', page)[1]  # type: ignore[index]
    guest = client_of()
    weak = guest.post(path, {"new_password1": "short", "new_password2": "short"})
    assert weak.status_code == 400
    typed = {"new_password1": django_ready.PASSWORD, "new_password2": django_ready.PASSWORD}
    assert guest.post(path, typed).headers["Location"] == "/"
    assert "gus" in guest.get("/").content.decode()
    assert client_of().get(path).status_code == 404
    gus = Coder.objects.get(name="gus")
    assert gus.roles == ["coder"]
    client.post(f"/people/{gus.pk}/password/", {"way": "link"})
    assert guest.get("/").status_code == 302  # the new link ended the session and the password
    assert client_of().post("/sign-in/", {"name": "gus", "password": django_ready.PASSWORD}).status_code == 403


def test_a_new_password_is_an_event_that_holds_no_secret(people: Any, client_of: Any, owner: Any) -> None:
    from caselore.store.models import Event
    from caselore.store.proof import prove
    from caselore.workbench.accounts import make_account

    client = client_of(people.fay)
    typed = {"way": "typed", "password": "another calm password 8"}
    assert client.post(f"/people/{people.ann.pk}/password/", typed).status_code == 200
    page = client.post(f"/people/{people.ann.pk}/password/", {"way": "link"}).content.decode()
    make_account("ann", "a third calm password 9", roles=("coder",))
    rows = list(Event.objects.filter(verb="reset_password").order_by("sequence"))
    assert [(each.actor, each.subject) for each in rows] == [(who, people.ann.pk) for who in
                                                            (people.fay.pk, people.fay.pk, owner.pk)]  # fmt: skip
    people.ann.user.refresh_from_db()
    link = re.search(r'value="http://testserver/welcome/([^"]+)"', page)[1]  # type: ignore[index]
    for secret in ("calm password", people.ann.user.password, *link.strip("/").split("/")):
        assert not any(secret in each.payload for each in rows if len(secret) > 4)
    assert "gave a person a new password" in client.get("/log/").content.decode()
    assert prove().holds


def test_forms_of_people_refuse_beside_the_field(people: Any, client_of: Any, owner: Any) -> None:
    from caselore.store.actions.people import set_roles
    from caselore.store.models import Coder

    client = client_of(people.fay)
    for data, says in (
        ({"name": "ann", "way": "link"}, "already"),
        ({"name": "rules@1.0", "way": "typed", "password": "short"}, "too short"),
        ({"name": "", "way": "link"}, "required"),
    ):
        answer = client.post("/people/", data)
        assert answer.status_code == 400
        assert says in words(answer)
    set_roles(owner, owner, ["coder"])
    last = client.post(f"/people/{people.fay.pk}/roles/", {"roles": ["coder"]})
    assert last.status_code == 400
    assert "only administrator" in words(last)
    assert "only administrator" in words(client.post(f"/people/{people.fay.pk}/active/", {"active": "0"}))
    client.post(f"/people/{people.ben.pk}/active/", {"active": "0"})
    assert not Coder.objects.get(pk=people.ben.pk).active
    assert client.get("/people/0123456789abcdef012345/").status_code == 404


def test_the_log_is_read_filtered_proved_and_taken_along(people: Any, case: Any, client_of: Any) -> None:
    from caselore.store.models import Event

    worked_study.read_by(people.ann, case, {"outcome": ["death"]})
    client = client_of(people.dan)
    page = client.get(f"/log/?who={people.ann.pk}").content.decode()
    assert "submitted a pass" in page
    assert "added a document" not in page.split("<tbody>")[1]
    assert "proved" in words(client.post("/log/prove/", follow=True))
    lines = b"".join(client.get("/log/log.jsonl").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert [json.loads(line)["sequence"] for line in lines] == list(range(1, Event.objects.count() + 1))
    assert client.get("/log/?before=2").content.decode().count("<time ") == 1


def test_a_release_is_checked_made_once_and_opens_cases_to_trainers(
    people: Any, case: Any, client_of: Any, study: Any
) -> None:
    from caselore.store.models import Case

    client = client_of(people.dan)
    checked = client.post("/release/check/")
    assert "closed vocabulary" in words(checked)
    assert not list(study.releases.iterdir())
    for name in ("../out", "a/b", ".hidden", "", "x" * 80):
        assert client.post("/release/", {"name": name, "smallest": "5"}).status_code == 400
    assert client.post("/release/", {"name": "2026-01", "smallest": "5"}).status_code == 302
    assert Case.objects.get().released == "2026-01"
    again = client.post("/release/", {"name": "2026-01", "smallest": "5"})
    assert "already" in words(again)
    answer = client.get("/release/2026-01.zip")
    held = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert "2026-01/manifest.json" in held.namelist()
    assert client.get("/release/....zip").status_code == 404
    assert case.title in client_of(people.eve).get("/released/").content.decode()
