"""What two people and the proposers say of a case comes out of a study as answers, for the statistics of agreement."""

from __future__ import annotations

from caselore import records
from caselore.agreement.summary import summary
from caselore.documents.reader import read
from caselore.store import queries
from caselore.store.actions import coding, passes, proposing, texts
from caselore.store.actions.planning import assign, set_layer
from caselore.store.books import codebook
from caselore.store.models import Case, Coding, Pass
from caselore.store.queries.codings import codings
from caselore.store.reading import evidence_record


def _coded(coder, case, *, code: str, steps: int) -> Pass:
    reading = passes.open_pass(coder, case)
    start = case.document.text.index("domestic abuse")
    coding.add(coder, reading, "risk_indicators", code, evidence=[(start, start + 14, "domestic abuse")])
    for proposed in Coding.objects.filter(case=case, origin="proposed", field="agencies"):
        coding.reject(coder, reading, proposed)
    taken = [
        {"decision_type": kind, "agency": "police", "reason": "The text says so."} for kind in ("arrest_or_charge",)
    ]
    passes.set_sequence(coder, reading, taken * steps)
    return passes.submit_pass(coder, reading)


def test_people_and_machines_of_a_study(owner, person, case) -> None:
    ann, ben = person("ann"), person("ben")
    for coder in (ann, ben):
        assign(owner, case, coder)
    _coded(ann, case, code="domestic_abuse", steps=1)
    unfinished = codings()
    assert "ben" not in {each.coder for each in unfinished.readings}
    _coded(ben, case, code="substance_use", steps=0)
    found = codings()
    assert {"ann", "ben"} <= {each.coder for each in found.readings if not each.machine}
    assert any(each.machine for each in found.readings)
    assert found.titles == {case.pk: case.title}
    mine = next(each for each in found.answers if each.coder == "ann" and each.field == "risk_indicators")
    assert [each.quote for each in mine.evidence] == ["domestic abuse"]
    told = summary(found.answers, codebook(), readings=found.readings)
    people = [each for each in told.disagreements if each.people]
    assert {(each.field, each.code) for each in people if each.field == "risk_indicators"} == {
        ("risk_indicators", "domestic_abuse"),
        ("risk_indicators", "substance_use"),
    }
    agencies = {each.group: each for each in told.fields if each.field == "agencies"}
    assert "human-human" not in agencies, "both rejected every proposed agency: what nobody gives is no question"
    beside = [each.coefficient("percent agreement").value for each in agencies.values()]
    assert beside
    assert set(beside) == {0.0}


def test_an_empty_study_says_so(study, owner) -> None:
    assert summary(codings().answers, codebook(), readings=codings().readings).notes == ("Nobody has coded anything.",)


def test_a_machine_that_only_adds_to_others_is_not_held_to_its_silence(owner, document) -> None:
    for town, second in (("Netherby", ("outcome", "death")), ("Overby", ("incident_context", "family"))):
        kept = texts.add_document(owner, read(document(town)))
        row = Case.objects.get(document=kept.document)
        case = records.Case(row.title, kept.document.name, kept.document.sha256, row.start, row.end)
        quoted = (evidence_record(kept.document, row.start, row.start + 7, kept.document.text[row.start :][:7]),)
        said = {
            name: records.Proposal(case, (records.Code(*code, 0.8, name, quoted),))
            for name, code in (("one@1", ("outcome", "serious_harm")), ("two@1", second))
        }
        proposing.store_proposals(owner, row, said)
        reading = passes.open_pass(owner, row)
        coding.add(owner, reading, "outcome", "serious_harm", reason="It says so.")
        passes.submit_pass(owner, reading)
    told = summary(codings().answers, codebook(), readings=codings().readings)
    counted = {each.group: each.cases for each in told.fields if each.field == "outcome"}
    assert counted == {"human-machine (one@1)": 2, "human-machine (two@1)": 1}


def _two_cases(owner, document, coders) -> list[Case]:
    for town in ("Netherby", "Overby"):
        texts.add_document(owner, read(document(town)))
    cases = list(Case.objects.order_by("pk"))
    for case in cases:
        for coder in coders:
            assign(owner, case, coder)
    return cases


def _says(coder, case, *codes: tuple[str, str], steps: int = 0) -> None:
    reading = passes.open_pass(coder, case)
    for field, code in codes:
        coding.add(coder, reading, field, code, reason="The text says so.")
    taken = {"decision_type": "arrest_or_charge", "agency": "police", "reason": "The text says so."}
    passes.set_sequence(coder, reading, [taken] * steps)
    passes.submit_pass(coder, reading)


def test_who_gives_a_code_elsewhere_and_none_here_has_found_none(owner, person, document) -> None:
    ann, ben, jo = person("ann"), person("ben"), person("jo", "adjudicator")
    one, two = _two_cases(owner, document, (ann, ben))
    abuse = ("risk_indicators", "domestic_abuse")
    _says(ann, one, abuse, steps=1)
    _says(ben, one, abuse)
    _says(ann, two, abuse, ("outcome", "death"), ("agencies", "police"), steps=1)
    _says(ben, two)
    found = codings()
    told = summary(found.answers, codebook(), readings=found.readings)
    assert {each.field: each.coefficient("percent agreement").value for each in told.fields} == {"risk_indicators": 0.5}
    assert [(each.case, each.field, each.code) for each in told.disagreements] == [(two.pk, *abuse)]
    settle = [(each.case, each.fields) for each in queries.to_adjudicate(jo)]
    assert settle == [(two.pk, ("risk_indicators",))], "Ben tells outcomes, agencies and decisions nowhere"


def test_who_tells_decisions_elsewhere_and_none_here_has_found_none(owner, person, document) -> None:
    ann, ben, jo = person("ann"), person("ben"), person("jo", "adjudicator")
    one, two = _two_cases(owner, document, (ann, ben))
    for case, steps in ((one, 1), (two, 0)):
        _says(ann, case, steps=1)
        _says(ben, case, steps=steps)
    found = codings()
    told = summary(found.answers, codebook(), readings=found.readings)
    assert [(each.case, each.field) for each in told.disagreements] == [(two.pk, "decision_type")]
    assert [(each.case, each.fields) for each in queries.to_adjudicate(jo)] == [(two.pk, ("decision_type",))]
    set_layer(owner, two, "front_sheet", target="front_sheet", reason="Little of it is told.")
    assert queries.to_adjudicate(jo) == [], "a case that is read less far does not ask what others do"
    assert [each for each in codings().readings if each.answers("decision_type") and each.case == two.pk] == [
        each for each in codings().readings if (each.coder, each.case) == ("ann", two.pk)
    ]
