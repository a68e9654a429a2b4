"""Plans, the register, searches, queues, and what goes out for agreement and release."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta

import pytest

from caselore.documents.reader import read
from caselore.errors import NotAllowed, StoreError
from caselore.release.folder import write_release
from caselore.store import queries
from caselore.store.actions import adjudication, coding, keeping, passes, planning, proposing, register, texts
from caselore.store.alike import similar_cases
from caselore.store.books import codebook
from caselore.store.models import Assignment, Case, Coding, Document, Event, Passage, Place, Recommendation
from caselore.store.proof import prove
from caselore.store.search import facets, marked, search


@pytest.fixture
def cases(owner, document):
    """Four cases: two boards, two years."""
    for town, extra in (
        ("Netherby", ""),
        ("Overby", ""),
        ("Thornley", "The school excluded a sibling. "),
        ("Wick", ""),
    ):
        path = document(town, extra)
        if town in ("Thornley", "Wick"):
            path.write_text(path.read_text("utf-8").replace("2017", "2019"), "utf-8")
        texts.add_document(owner, read(path))
    found = list(Case.objects.order_by("pk"))
    for case in found:
        proposing.propose(owner, case)
    return found


def decide(coder, case, *codes: str) -> None:
    reading = passes.open_pass(coder, case)
    for code in codes:
        coding.add(coder, reading, "agencies", code, evidence=[(0, 20)])
    passes.submit_pass(coder, reading)


def test_a_document_is_kept_once_and_whole(owner, document) -> None:
    path = document("Netherby", "Odd\x00 letters. ")
    first, second = texts.add_path(owner, path)[0], texts.add_path(owner, path)[0]
    assert (first.new, second.new) == (True, False)
    kept = Document.objects.get()
    assert "\x00" not in kept.text
    assert all(kept.text[p.start : p.end] == p.text for p in Passage.objects.all())
    assert texts.add_path(owner, path.with_name("none.txt"))[0].problem
    assert prove().holds


def test_proposers_are_asked_once_and_are_declared_coders(owner, case) -> None:
    before = Coding.objects.count()
    assert proposing.propose(owner, case) == []
    assert Coding.objects.count() == before
    names = set(Coding.objects.values_list("reading__coder__name", flat=True))
    assert names
    assert all("@" in name for name in names)


@pytest.mark.parametrize("strata", [(), ("year",), ("year", "source_type")])
def test_a_plan_draws_the_share_in_every_stratum_and_can_be_repeated(owner, cases, person, strata) -> None:
    ann, ben = person("ann"), person("ben")
    plan = planning.plan_double_coding(owner, coders=[ann, ben], share=0.5, strata=strata, seed=3)
    assert plan.cases == list(planning.draw(share=0.5, strata=strata, seed=3).cases)
    assert Assignment.objects.count() == 4
    if strata:
        assert Counter(Case.objects.get(pk=pk).year for pk in plan.cases) == {2017: 1, 2019: 1}
    assert prove().holds


def test_a_wanted_interval_draws_as_many_as_the_study_of_agreement_says(owner, cases) -> None:
    from caselore.agreement.plan import units_needed

    wide, narrow = planning.Wanted(0.5, "percent"), planning.Wanted(0.05, "percent")
    assert units_needed("percent", width=0.1).units > len(cases)
    drawn = planning.draw(share=0.1, wanted=narrow)
    assert len(drawn.cases) == drawn.needs == Case.objects.count()
    assert "percent" in drawn.says
    assert planning.draw(share=0.5, wanted=wide).needs <= Case.objects.count()
    with pytest.raises(StoreError, match="width"):
        planning.draw(share=0.5, wanted=planning.Wanted(5))


def test_a_plan_says_in_the_log_what_it_rests_on(owner, cases, person) -> None:
    plan = planning.plan_double_coding(owner, coders=[person("ann"), person("ben")], wanted=planning.Wanted(0.3))
    event = Event.objects.get(subject=plan.pk)
    assert "correlate by 0.70" in event.payload
    assert plan.wanted == 0.3


def test_who_plans_sets_the_layer_of_a_case_that_he_may_not_read(owner, cases, person) -> None:
    admin = person("ada", "administrator")
    case = planning.set_layer(admin, Case.objects.first(), "front_sheet", target="full_coding", reason="An index case")
    assert case.target_layer == "full_coding"
    with pytest.raises(NotAllowed):
        planning.set_layer(person("tom", "trainer"), case, "full_coding")


def test_a_subsample_meets_its_margins_and_says_why(owner, cases) -> None:
    sample = planning.pick_subsample(owner, "Depth", targets={"year": {"2017": 1, "2019": 2}})
    years = Counter(Case.objects.get(pk=each["case"]).year for each in sample.picks)
    assert years == {2017: 1, 2019: 2}
    assert all("short" in each["reason"] for each in sample.picks)
    assert Case.objects.filter(layer_reason__startswith="Depth").count() == 3
    assert prove().holds


def test_the_register(owner, cases, person) -> None:
    made = Recommendation.objects.order_by("pk").first()
    register.confirm(owner, made)
    register.respond(owner, made, "accepted_in_part", words="With the partners.")
    register.set_owner(owner, made, "Director")
    register.set_due(owner, made, "2026-01-31")
    attached = register.attach(owner, made, "../../etc/plan\n.pdf", b"%PDF")
    assert attached.name == "plan.pdf"
    assert register.attachment_path(attached).read_bytes() == b"%PDF"
    assert [row.pk for row in queries.overdue(owner, today=date(2026, 2, 1))] == [made.pk]
    assert not queries.overdue(owner, today=date(2026, 1, 31)).exists()
    register.set_progress(owner, made, "done")
    assert not queries.overdue(owner, today=date(2027, 1, 1)).exists()
    for wrong in (lambda: register.set_due(owner, made, "soon"), lambda: register.respond(owner, made, "maybe")):
        with pytest.raises(StoreError):
            wrong()
    addressee = next(row.addressees[0] for row in Recommendation.objects.all() if row.addressees)
    found = queries.register(owner, filters={"addressee": addressee})
    assert found.exists()
    assert all(addressee in row.addressees for row in found)
    assert queries.made_before(owner, made).reviews == 4
    with pytest.raises(NotAllowed):
        queries.register(person("tess", "trainer"))
    register.dismiss(owner, made)
    assert made.pk not in {row.pk for row in queries.register(owner)}
    assert prove().holds


def test_search_over_words_and_codes(owner, cases) -> None:
    every = search(owner, "disguised compliance")
    assert every.total == 4
    assert ("Disguised", True) in every.rows[0].parts
    assert (
        "".join(part for part, _ in every.rows[0].parts)
        == Passage.objects.get(document__name=every.rows[0].document, number=every.rows[0].passage).text
    )
    assert search(owner, "assess", filters={"year": 2019}).total >= 2
    assert search(owner, "referrals").total == search(owner, "referral").total > 0  # stems
    assert search(owner, "excluded sibling").rows[0].document == "Thornley.txt"
    assert search(owner, '"sibling excluded"').total == 0
    assert search(owner, "baby", filters={"area": "Wick"}).cases == 1
    coded = Coding.objects.filter(field="agencies", origin="proposed").first()
    found = search(owner, "", filters={"code": f"agencies:{coded.code}", "year": "2017"})
    assert {row.year for row in found.rows} == {2017}
    assert search(owner, "", filters={"code": "agencies:nobody"}).total == 0
    for odd in ("' OR 1=1 --", '"', "*", "NEAR(", "a:b", "&|!()", "\\", "é"):
        search(owner, odd)
    assert dict(facets(owner)["year"]) == {"2017": 2, "2019": 2}
    assert dict(facets(owner, filters={"year": 2017})["year"]) == {"2017": 2}
    assert len(similar_cases(owner, cases[0])) == 3
    assert similar_cases(owner, cases[0])[0].likeness > 0.9


def test_marking_covers_the_text() -> None:
    assert marked("Assessing fathers", ["assessed"]) == (("Assessing", True), (" fathers", False))
    assert marked("", ["x"]) == ()


def test_queue_progress_and_place(owner, cases, person) -> None:
    ann = person("ann")
    planning.assign(owner, cases[2], ann, due="2026-03-01")
    assert queries.next_case(ann) == cases[2].pk
    assert queries.queue(ann).rows[0].case == cases[2].pk
    assert queries.queue(ann, filters={"mine": True}).total == 1
    assert queries.queue(ann, filters={"year": 2017}).total == 2
    decide(ann, cases[2], "police")
    assert queries.next_case(ann) is None
    assert queries.next_case(owner) in {case.pk for case in cases}
    told = queries.progress(owner)
    assert (told.documents, told.cases, told.submitted, told.proposed) == (4, 4, 1, 4)
    assert queries.pace(ann).days[-1][1:] == (1, 1)
    with pytest.raises(NotAllowed):
        queries.pace(ann, owner)
    keeping.keep_place(ann, cases[0], passage=3, scroll=0.5, field="agencies")
    keeping.keep_place(ann, cases[0], passage=4)
    assert Place.objects.get().passage == 4
    keeping.count_exposure(ann, cases[0], read=[0, 1, 2], graphic=[2], seconds=5)
    keeping.count_exposure(ann, cases[0], read=[1, 2, 3, 99_999], graphic=[2], seconds=5)
    keeping.count_exposure(ann, cases[1], read=[1], graphic=[1])
    assert [(each.passages, each.graphic, each.seconds) for each in keeping.exposure_of(ann)] == [(5, 2, 10)]
    yesterday = keeping.exposure_of(ann)[0]
    type(yesterday).objects.update(day=yesterday.day - timedelta(days=1))
    keeping.count_exposure(ann, cases[0], read=[1])
    assert [(each.passages, len(each.seen)) for each in keeping.exposure_of(ann)] == [(1, 1), (5, 0)]
    assert keeping.exposure_of(owner) == []
    mine = keeping.save_search(ann, "fathers", words="father")
    with pytest.raises(NotAllowed):
        keeping.drop_search(owner, mine)


def test_what_goes_out_says_how_far_it_has_come(owner, cases, person, tmp_path) -> None:
    ann, ben, jo = person("ann"), person("ben"), person("jo", "adjudicator")
    case = cases[0]
    planning.assign(owner, case, ben)
    first = passes.open_pass(ann, case)
    proposed = Coding.objects.filter(case=case, origin="proposed", field="risk_indicators").order_by("pk").first()
    coding.reject(ann, first, proposed)
    coding.add(ann, first, "agencies", "police", evidence=[(0, 20)])
    coding.add(ann, first, "agencies", "foster_care", evidence=[(0, 20)])
    coding.add(ann, first, "outcome", "other", evidence=[(0, 20)])
    passes.submit_pass(ann, first)
    decide(ben, case, "police")
    told = queries.proposal_of(case)
    codes = {(code.field, code.code): code for code in told.codes}
    assert codes["agencies", "police"].status == "validated"
    assert codes["agencies", "foster_care"].status == "proposed"
    assert ("risk_indicators", proposed.code) not in codes
    assert [code.code for code in told.codes if code.field == "outcome"] == ["other"]
    assert codes["agencies", "police"].coder.startswith("coder-")
    adjudication.adjudicate(jo, case, "agencies", code="foster_care", holds=False, reason="Only planned.")
    adjudication.adjudicate(jo, case, "outcome", code="death", reason="It says so.", evidence=[(0, 20)])
    settled = {(code.field, code.code): code.status for code in queries.proposal_of(case).codes}
    assert ("agencies", "foster_care") not in settled
    assert settled["outcome", "death"] == "adjudicated"
    assert ("outcome", "other") not in settled
    out = write_release(
        tmp_path / "rel", queries.release_cases(), codebook=codebook(), draft=False, persons=queries.persons().values()
    )
    fields = [made["fields"] for made in json.loads((out.path / "layer.json").read_text("utf-8"))["cases"]]
    assert Counter(made["outcome"]["status"] for made in fields) == {"adjudicated": 1, "proposed": 3}
    (settled,) = (made for made in fields if made["outcome"]["status"] == "adjudicated")
    assert {code["code"]: code["status"] for code in settled["agencies"]["codes"]}["police"] == "validated"
    assert '"ann"' not in (out.path / "layer.json").read_text("utf-8")
